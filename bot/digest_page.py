"""Digest page: the week's figures as a mail, HTML and plain text, in one language or several; for managers, no personal data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.digest import Digest, OpenTicket, Share
from bot.digest_charts import Chart
from bot.digest_words import Words, words_of

_FOLDER = Path(__file__).with_name("letters") / "staff"
_NAMED = 6  # references in one line; beyond that the number says enough
_TILES = ("received", "closed", "open", "overdue", "due_7", "due_14")


Pictures = Mapping[str, Sequence[tuple[Chart, str]]]
"""By language, each chart and the address of its image."""


@dataclass(frozen=True)
class Page:
    """The digest as a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Shown:
    """A picture's place in a page: where it comes from, what it says in words, how wide it is in pixels."""

    source: str
    alt: str
    width: int


@dataclass(frozen=True)
class Line:
    """One figure of the small print: what it is, how much, and out of what; `counted`: the note holds figures of its own."""

    label: str
    value: str
    note: str = ""
    counted: bool = False


@dataclass(frozen=True)
class Concern:
    """One thing that needs attention: how many tickets, and which; `named` pairs the first references with a few words on each."""

    title: str
    number: int
    named: tuple[tuple[str, str], ...]
    more: str
    is_late: bool = False

    def __str__(self) -> str:
        return ", ".join([*(f"{reference} ({words})" for reference, words in self.named), *([self.more] if self.more else [])])


def render(digest: Digest, organisation: str, languages: Sequence[str] = ("en",), pictures: Pictures | None = None) -> Page:
    """The mail, one account for each language, one below the other.

    Without `pictures` the page still says all of it. No links, no scripts, readable without its style blocks.
    """
    accounts = [_account(digest, words_of(language), (pictures or {}).get(language, ())) for language in languages]
    facts = {"digest": digest, "organisation": " ".join(organisation.split()), "accounts": accounts}
    page = _templates()
    html = page.get_template("digest.html.j2").render(facts).lstrip()
    return Page(headline(digest, words_of(languages[0])), page.get_template("digest.txt.j2").render(facts), html)


def _account(digest: Digest, words: Words, pictures: Sequence[tuple[Chart, str]]) -> Mapping[str, Any]:
    """All that one language's part of the page shows, in its words."""
    return {
        "words": words, "title": title(digest, words), "sentence": sentence(digest, words), "tiles": tiles(digest, words),
        "missed": missed(digest, words), "concerns": concerns(digest, words), "quality": quality(digest, words),
        "by_due": [(words(f"buckets.{count.name}"), count.number) for count in digest.by_due],
        "by_intent": [(words.intent(count.name), count.number) for count in digest.by_intent],
        "by_regime": [(words.regime(count.name), count.number) for count in digest.by_regime],
        "by_language": [(words.tongue(count.name), count.number) for count in digest.by_language],
        "oldest": [(ticket, open_words(ticket, words), due_words(ticket, words)) for ticket in digest.oldest],
        "pictures": {chart.name: Shown(source, chart.alt, chart.width) for chart, source in pictures},
    }  # fmt: skip


def headline(digest: Digest, words: Words) -> str:
    """The mail's subject and Slack's notification: the week and its main figures, what is late first."""
    names = ["overdue", "open", "received", "closed"] if digest.overdue else ["open", "received", "closed"]
    figures = words("quiet") if digest.is_empty else _figures(digest, words, names)
    week = f"{digest.week} ({words('so_far')})" if digest.is_so_far else str(digest.week)
    return words("subject", week=week, figures=figures)


def sentence(digest: Digest, words: Words) -> str:
    """The week in one line: `14 received, 13 open, 1 overdue`."""
    return words("empty") if digest.is_empty else _figures(digest, words, ["received", "open", "overdue"])


def title(digest: Digest, words: Words) -> str:
    """`Privacy desk, week 47`, with `(so far)` while the week runs."""
    named = words("title", number=str(digest.week.number))
    return f"{named} ({words('so_far')})" if digest.is_so_far else named


def missed(digest: Digest, words: Words) -> str:
    """That earlier weeks went without a digest; empty where none did."""
    weeks = [str(week) for week in digest.missed]
    shown = weeks if len(weeks) <= _NAMED else [weeks[0], "…", weeks[-1]]
    return words("missed", n=len(weeks), weeks=", ".join(shown)) if weeks else ""


def tiles(digest: Digest, words: Words) -> list[tuple[str, int, str, bool]]:
    """The main figures: name, number, a note, whether it is a matter of alarm."""
    before = digest.trend[-2]
    notes = {"received": words("week_before", n=before.received), "closed": words("week_before", n=before.closed)}
    numbers = _numbers(digest)
    return [(words(f"tiles.{name}"), numbers[name], notes.get(name, ""), name == "overdue" and numbers[name] > 0) for name in _TILES]


def concerns(digest: Digest, words: Words) -> list[Concern]:
    """What needs attention, the worst first; empty when nothing does."""
    late, soon, nobodys = digest.overdue, digest.due_in_7_days, digest.unassigned
    kinds = (("overdue", late, due_words), ("due_7", soon, due_words), ("unassigned", nobodys, open_words))
    return [_concern(words, name, tickets, says) for name, tickets, says in kinds if tickets]


def _concern(words: Words, name: str, tickets: Sequence[OpenTicket], says: Callable[[OpenTicket, Words], str]) -> Concern:
    named = tuple((ticket.reference, says(ticket, words)) for ticket in tickets[:_NAMED])
    more = words("more", n=len(tickets) - _NAMED) if len(tickets) > _NAMED else ""
    return Concern(words(f"concerns.{name}"), len(tickets), named, more, is_late=name == "overdue")


def quality(digest: Digest, words: Words) -> list[Line]:
    """How the work went: the small print of mail and message alike."""
    mail = {name: getattr(digest.mail, name) for name in ("held", "noise", "ignored", "withheld")}
    waiting, note = words.line("quality.waiting")
    return [
        _share(words, "on_time", digest.on_time),
        _plain(words, "median", "–" if digest.median_days is None else words.number(digest.median_days)),
        _plain(words, "p90", "–" if digest.p90_days is None else words.number(digest.p90_days)),
        Line(waiting, words.number(digest.waiting), note.format(paused=words.number(digest.paused)), counted=True),
        _plain(words, "extended", words.number(digest.extensions)),
        _share(words, "unclear", digest.unclear),
        _share(words, "corrected", digest.corrected),
        *(_plain(words, name, words.number(number)) for name, number in mail.items()),
    ]


def due_words(ticket: OpenTicket, words: Words) -> str:
    """How far the due date is: `4 days late`, `due today`, `due in 5 days`, or that there is none."""
    if ticket.days_left is None:
        return words("no_due_date")
    if ticket.days_left < 0:
        return words("late", n=-ticket.days_left)
    near = {0: "due_today", 1: "due_tomorrow"}.get(ticket.days_left)
    return words(near) if near else words("due_in", n=ticket.days_left)


def open_words(ticket: OpenTicket, words: Words) -> str:
    """`open 12 days`, or `open since today`."""
    return words("open_days", n=ticket.days_open) if ticket.days_open else words("open_today")


def _figures(digest: Digest, words: Words, names: Sequence[str]) -> str:
    numbers = _numbers(digest)
    return ", ".join(words(f"headline.{name}", n=numbers[name]) for name in names)


def _numbers(digest: Digest) -> Mapping[str, int]:
    return {
        "received": digest.received, "closed": digest.closed, "open": digest.open, "overdue": len(digest.overdue),
        "due_7": len(digest.due_in_7_days), "due_14": len(digest.due_in_14_days),
    }  # fmt: skip


def _plain(words: Words, name: str, value: str) -> Line:
    return Line(words.line(f"quality.{name}")[0], value, words.line(f"quality.{name}")[1])


def _share(words: Words, name: str, share: Share) -> Line:
    label, note, of_nothing = words.line(f"quality.{name}")
    of = note.format(part=words.number(share.part), whole=words.number(share.whole)) if share.whole else of_nothing
    return Line(label, words.percent(share.percent), of, counted=True)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
    )  # fmt: skip
