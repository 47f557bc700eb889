"""Topics: what policies speak of and people ask about, found by their words in 26 languages; so a question finds a text in another one."""

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files

import yaml

OTHERS = "others"


def folded(text: str) -> str:
    """Without letter case and accents: people leave them out, and words change them as they are bent."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def topics_in(text: str, language: str) -> Counter[str]:
    """How often each topic is touched in `text`; `language` is ISO 639-1; for one that the table does not know all are looked through."""
    seen = folded(text)
    found = {topic: len(_pattern(topic, language).findall(seen)) for topic in _table()}
    return Counter({topic: times for topic, times in found.items() if times})


def topics() -> tuple[str, ...]:
    """All topics, in the order of the table."""
    return tuple(_table())


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(files("bot.policy").joinpath("topics.yaml").read_text("utf-8"))
    return table


@cache
def _pattern(topic: str, language: str) -> re.Pattern[str]:
    by_language = _table()[topic]
    if language in by_language:
        entries = by_language[language] + by_language.get(OTHERS, [])
    else:
        entries = [entry for listed in by_language.values() for entry in listed]
    return re.compile("|".join(dict.fromkeys(_phrase(str(entry)) for entry in entries)))


def _phrase(entry: str) -> str:
    words = [folded(word) for word in entry.split()]
    return r"\b" + r"\w*\W+".join(re.escape(word[:-1]) + r"\b" if word.endswith("=") else re.escape(word) for word in words)
