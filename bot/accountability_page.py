"""Accountability page: the register and its figures as one HTML page to read and to print on A4; nothing from outside, no personal data."""

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.accountability import Period, Report
from bot.page_words import day, intent_name, regime_name, short_day

_FOLDER = Path(__file__).with_name("letters") / "staff"
_OUTCOMES = {"partly": "in part", "not_a_request": "no request"}


def draw(report: Report) -> str:
    """The page."""
    return _templates().get_template("report.html.j2").render(report=report, total=report.total).lstrip()


def span(period: Period) -> str:
    """`1 January 2026 – 31 December 2026`."""
    return f"{day(period.first)} – {day(period.last)}"


def brief(value: date | None) -> str:
    """`23 Nov 2026`, or a dash."""
    return short_day(value) if value else "–"


def figure(value: float | None) -> str:
    """`1,200`, `12.5`, or a dash."""
    return "–" if value is None else f"{value:,g}" if isinstance(value, float) else f"{value:,}"


def percent(part: int, whole: int) -> str:
    """`87 %`, or a dash of nothing; 100 only where it is all of it."""
    return f"{100 * part // whole} %" if whole else "–"


def outcome_words(outcome: str | None) -> str:
    """How a request ended."""
    return _OUTCOMES.get(outcome, outcome) if outcome else "open"


@cache
def _templates() -> Environment:
    page = Environment(loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    words = (day, span, brief, figure, percent, outcome_words, intent_name, regime_name)
    page.filters.update({word.__name__: word for word in words})
    return page
