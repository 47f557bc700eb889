"""The tables of words.yaml, and how their phrases are found in a text."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = yaml.safe_load(files("bot.asking").joinpath("words.yaml").read_text("utf-8"))
    return tables


@cache
def terms(name: str) -> tuple[str, ...]:
    """All entries of a table, of every language, lower-case."""
    table = _tables()[name]
    lists = table.values() if isinstance(table, dict) else [table]
    return tuple(dict.fromkeys(str(entry).casefold() for entries in lists for entry in entries))


@cache
def phrases(name: str) -> re.Pattern[str]:
    """One pattern for the entries of a table, as whole words; `*` at the end of a word stands for any ending."""
    each = (re.escape(entry).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") + r"(?!\w)" for entry in terms(name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})")


def says(name: str, text: str) -> bool:
    """One of the table's phrases stands in `text`, in any letter case."""
    return bool(phrases(name).search(text.casefold().replace("’", "'")))
