"""Digest page: the week's figures as a mail (HTML and plain text) and as Slack blocks; English, for managers, no personal data."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.digest import Count, Digest, OpenTicket, Share, Week
from intents.catalog import Intent

_FOLDER = Path(__file__).with_name("letters") / "staff"
_NAMED = 6  # references in one line; beyond that the number says enough
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,20}")
_SLACK_SECTION = 3000  # characters, docs.slack.dev/reference/block-kit/blocks/section-block
EMPTY = "A quiet week: nothing received, nothing closed, nothing open."
CALM = "Nothing overdue, nothing due within 7 days, every open ticket has a handler."

Block = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """The digest as a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Line:
    """One figure of the small print: what it is, how much, and out of what."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Concern:
    """One thing that needs attention: how many tickets, and which; `named` pairs the first references with a few words on each."""

    title: str
    number: int
    named: tuple[tuple[str, str], ...]
    is_late: bool = False

    @property
    def more(self) -> int:
        """How many are counted and not named."""
        return self.number - len(self.named)

    def __str__(self) -> str:
        named = [f"{reference} ({words})" for reference, words in self.named]
        return ", ".join([*named, f"and {self.more} more"] if self.more else named)


def render(digest: Digest, organisation: str) -> Page:
    """The mail. The HTML stands alone: no images, no links, no scripts, readable without its style blocks."""
    facts = {
        "digest": digest,
        "organisation": " ".join(organisation.split()),
        "concerns": concerns(digest),
        "quality": quality(digest),
        "before": digest.trend[-2],
    }
    page = _templates()
    text = page.get_template("digest.txt.j2").render(facts)
    return Page(subject=headline(digest), text=text, html=page.get_template("digest.html.j2").render(facts).lstrip())


def blocks(digest: Digest) -> tuple[str, list[Block]]:
    """The Slack message: text for notifications, Block Kit blocks for the eye, inside Block Kit's limits."""
    title = f"Privacy desk, week {digest.week.number}"
    drawn: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
        _context(f"{period(digest.week)} · what is open, as of {day(digest.today)}"),
    ]
    if digest.is_empty:
        return headline(digest), [*drawn, _section(EMPTY)]
    drawn += [_figures(digest), _section(_attention(digest)), *_oldest(digest), {"type": "divider"}]
    if digest.by_intent:
        drawn.append(_section(_drawing("Received by intent", _bars(digest.by_intent))))
    drawn += [_section(_drawing("Twelve weeks", _trend(digest))), _context(_small_print(digest))]
    return headline(digest), drawn


def headline(digest: Digest) -> str:
    """The mail's subject and Slack's notification: the week and its main figures, what is late first."""
    if digest.is_empty:
        return f"Privacy desk {digest.week}: a quiet week"
    late = [f"{len(digest.overdue)} overdue"] if digest.overdue else []
    return f"Privacy desk {digest.week}: " + ", ".join(
        [*late, f"{digest.open} open", f"{digest.received} received", f"{digest.closed} closed"]
    )


def concerns(digest: Digest) -> list[Concern]:
    """What needs attention, the worst first; empty when nothing does."""
    found = [
        Concern("Overdue", len(digest.overdue), _named(digest.overdue, due_words), is_late=True),
        Concern("Due within 7 days", len(digest.due_in_7_days), _named(digest.due_in_7_days, due_words)),
        Concern("Without a handler", len(digest.unassigned), _named(digest.unassigned, open_words)),
    ]
    return [concern for concern in found if concern.number]


def quality(digest: Digest) -> list[Line]:
    """How the work went: the small print of mail and message alike."""
    return [
        Line("Answered on time", str(digest.on_time), _of(digest.on_time, "requests closed with a due date")),
        Line("Days to close, median", _days(digest.median_days), "half of what was closed took no longer"),
        Line("Days to close, 9 of 10", _days(digest.p90_days), "nine of ten took no longer"),
        Line("Due within 14 days", str(len(digest.due_in_14_days)), "those within 7 days included"),
        Line("Waiting for the requester", str(digest.waiting), "of the open tickets"),
        Line("Extended", str(digest.extensions), "open tickets whose period was lengthened"),
        Line("Unclear at first", str(digest.unclear), _of(digest.unclear, "tickets received")),
        Line("Corrected by a person", str(digest.corrected), _of(digest.corrected, "tickets received")),
        Line("Mail held", str(digest.mail.held), "kept for a person to look at"),
        Line("Noise", str(digest.mail.noise), "mail that asks for nothing"),
        Line("Automatic mail", str(digest.mail.suppressed), "left without an answer"),
    ]


def day(value: date) -> str:
    """`23 November 2026`, whatever the locale of the process."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """`23 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"


def period(week: Week) -> str:
    """`16–22 November 2026`, naming month and year twice only where they differ."""
    first, last = week.first, week.last
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    return f"{first.day}–{day(last)}" if first.month == last.month else f"{first.day} {first:%B} – {day(last)}"


def intent_name(intent: str) -> str:
    """`automated_decision` -> `Automated decision`."""
    return "Opt-out of sale" if intent == Intent.OPT_OUT_SALE else intent.replace("_", " ").capitalize()


def regime_name(regime: str) -> str:
    """`eu_gdpr` -> `EU GDPR`."""
    return regime.replace("_", " ").upper()


def language_name(code: str) -> str:
    """`de` -> `German`; a code nobody knows stays as it is."""
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code or "unknown"


def due_words(ticket: OpenTicket) -> str:
    """How far the due date is: `4 days late`, `due today`, `due in 5 days`, or that there is none."""
    if ticket.days_left is None:
        return "no due date"
    if ticket.days_left < 0:
        return f"{plural(-ticket.days_left, 'day')} late"
    return {0: "due today", 1: "due tomorrow"}.get(ticket.days_left, f"due in {ticket.days_left} days")


def open_words(ticket: OpenTicket) -> str:
    """`open 12 days`, or `open since today`."""
    return f"open {plural(ticket.days_open, 'day')}" if ticket.days_open else "open since today"


def plural(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def scaled(number: int, most: int, size: int, least: int = 2) -> int:
    """The length of a bar: `size` for the greatest number, at least `least` for anything that is not nothing."""
    return max(least, round(size * number / most)) if number else 0


@cache
def _templates() -> Environment:
    page = Environment(
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
    )  # fmt: skip
    words = (day, short_day, period, intent_name, regime_name, language_name, due_words, open_words, scaled)
    page.filters.update({word.__name__: word for word in words})
    page.globals.update(empty=EMPTY, calm=CALM)
    return page


def _named(tickets: Sequence[OpenTicket], words: Callable[[OpenTicket], str]) -> tuple[tuple[str, str], ...]:
    return tuple((ticket.reference, words(ticket)) for ticket in tickets[:_NAMED])


def _of(share: Share, noun: str) -> str:
    return f"{share.part} of {share.whole} {noun}" if share.whole else f"no {noun}"


def _days(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SLACK_SECTION]}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _figures(digest: Digest) -> Block:
    before = digest.trend[-2]
    late = f":warning: {len(digest.overdue)}" if digest.overdue else "0"
    figures = {
        "Open": str(digest.open),
        "Overdue": late,
        "Due within 7 days": str(len(digest.due_in_7_days)),
        "Due within 14 days": str(len(digest.due_in_14_days)),
        "Received": f"{digest.received} (week before: {before.received})",
        "Closed": f"{digest.closed} (week before: {before.closed})",
    }
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*{label}*\n{figure}"} for label, figure in figures.items()]}


def _attention(digest: Digest) -> str:
    lines = [f"• *{concern.number} {concern.title.lower()}*: {_escape(str(concern))}" for concern in concerns(digest)]
    return "*Needs attention*\n" + ("\n".join(lines) or CALM)


def _oldest(digest: Digest) -> Iterable[Block]:
    lines = [f"• *{_escape(ticket.reference)}* {open_words(ticket)}, {due_words(ticket)}, {_handler(ticket)}" for ticket in digest.oldest]
    return [_section("*Open longest*\n" + "\n".join(lines))] if lines else []


def _handler(ticket: OpenTicket) -> str:
    if ticket.handler is None:
        return "nobody yet"
    return f"<@{ticket.handler}>" if _SLACK_ID.fullmatch(ticket.handler) else _escape(ticket.handler[:80])


def _bars(counts: Sequence[Count]) -> list[str]:
    most = max(5, *(count.number for count in counts))  # few requests make short bars
    return [f"{intent_name(count.name)[:24]:<20}{count.number:>5}  {'█' * scaled(count.number, most, 20)}" for count in counts[:20]]


def _trend(digest: Digest) -> list[str]:
    received, closed = [week.received for week in digest.trend], [week.closed for week in digest.trend]
    most = max(*received, *closed, 5)
    first, last = digest.trend[0].week, digest.trend[-1].week
    rows = (("Received", received), ("Closed", closed))
    drawn = [f"{name:<9}{''.join(_step(number, most) for number in row)}  {sum(row)}" for name, row in rows]
    return [*drawn, f"W{first.number:02} to W{last.number:02}"]


def _step(number: int, most: int) -> str:
    return " ▁▂▃▄▅▆▇█"[scaled(number, most, 8, least=1)]


def _drawing(title: str, lines: Iterable[str]) -> str:
    return f"*{title}*\n```\n" + _escape("\n".join(lines)) + "\n```"


def _small_print(digest: Digest) -> str:
    return " · ".join(f"{line.label}: {line.value}" for line in quality(digest))


def _escape(text: str) -> str:
    """Slack's three control characters as entities, so that nothing in a name fires a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
