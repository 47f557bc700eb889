"""Dossier page: a ticket's summary for an authority as one HTML page that loads nothing from outside."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.page_words import day, intent_name, language_name

_FOLDER = Path(__file__).with_name("letters") / "staff"


def draw(facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], messages: Sequence[Mapping[str, Any]]) -> str:
    """The page; `facts` are those of ticket.json."""
    return _templates().get_template("dossier.html.j2").render(ticket=facts, lines=lines, messages=messages).lstrip()


def words_of(code: str | None) -> str:
    """`request_closed` -> `Request closed`; nothing -> a dash."""
    return code.replace("_", " ").capitalize() if code else "–"


def moment(value: str | None) -> str:
    """`23 November 2026, 10:00` from ISO 8601, in the zone it is written in."""
    if not value:
        return "–"
    at = datetime.fromisoformat(value)
    return f"{day(at.date())}, {at:%H:%M}"


def on_day(value: str | None) -> str:
    """`23 November 2026` from ISO 8601."""
    return day(date.fromisoformat(value)) if value else "–"


def detail_of(detail: Mapping[str, Any] | None) -> str:
    """`intent: access, outcome: fulfilled`."""
    if detail is None:
        return "can't be read"
    return ", ".join(f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in detail.items())


@cache
def _templates() -> Environment:
    page = Environment(loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    page.filters.update({word.__name__: word for word in (words_of, moment, on_day, detail_of, intent_name, language_name)})
    return page
