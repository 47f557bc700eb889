"""Digest charts: what the week's pictures show, as plain figures for whoever draws them, and what they say in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.digest import Digest
from bot.digest_words import Words

WIDTH = 280
"""Of each picture, in the pixels of a page (drawn at twice that): two stand side by side on a desk, one fits a phone."""
_ROW = 26
_MOST_ROWS = 15

Drawing = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One picture. `drawing` is plain data (see bot/charts.py); `alt` says the same in words; `width` is in pixels of a page."""

    name: str
    language: str
    alt: str
    width: int
    drawing: Drawing


@dataclass(frozen=True)
class Picture:
    """A chart that was drawn."""

    chart: Chart
    png: bytes

    @property
    def content_id(self) -> str:
        """By which the page of a mail names it (RFC 2392), without brackets; the same picture has the same one."""
        return f"{self.chart.name}.{sha256(self.png).hexdigest()[:24]}@digest.privacybot"


def charts(digest: Digest, words: Words) -> list[Chart]:
    """The pictures of a mail: open by due date, received by intent, twelve weeks; none of what there is nothing of."""
    if digest.is_empty:
        return []
    drawn = [_due(digest, words), _intents(digest, words), _trend(digest, words)]
    return [Chart(name, words.language, alt, WIDTH, drawing) for name, alt, drawing in drawn if drawing]


def overview(digest: Digest, words: Words) -> list[Chart]:
    """All of them in one picture on a light card, for Slack, which shows a file on whatever ground it likes."""
    parts = charts(digest, words)
    if not parts:
        return []
    titles = {"due": "sections.by_due", "trend": "sections.trend", "intent": "sections.by_intent"}
    panels = [{**chart.drawing, "title": words(titles[chart.name])} for chart in parts]
    drawing = {"kind": "card", "panels": panels, "width": WIDTH}
    return [Chart("overview", words.language, " ".join(chart.alt for chart in parts), WIDTH, drawing)]


def _due(digest: Digest, words: Words) -> tuple[str, str, Drawing]:
    counts = [(words(f"buckets.{count.name}"), count.number) for count in digest.by_due]
    late = [0] if digest.overdue else []
    return "due", _in_words(words("sections.by_due"), counts, words), _bars(counts, late) if digest.open else {}


def _intents(digest: Digest, words: Words) -> tuple[str, str, Drawing]:
    counts = [(words.intent(count.name), count.number) for count in digest.by_intent[:_MOST_ROWS]]
    return "intent", _in_words(words("sections.by_intent"), counts, words), _bars(counts, []) if counts else {}


def _bars(counts: Sequence[tuple[str, int]], late: list[int]) -> Drawing:
    return {"kind": "bars", "width": WIDTH, "height": _ROW * len(counts) + 4, "rows": [list(row) for row in counts], "late": late}


def _in_words(title: str, counts: Sequence[tuple[str, int]], words: Words) -> str:
    return words("alt.bars", title=title, list=", ".join(f"{name} {words.number(number)}" for name, number in counts))


def _trend(digest: Digest, words: Words) -> tuple[str, str, Drawing]:
    first, last = digest.trend[0], digest.trend[-1]
    alt = words(
        "alt.trend", week=str(last.week.number), received=last.received, closed=last.closed, open=last.open, first=str(first.week.number),
        first_received=first.received, first_closed=first.closed, first_open=first.open,
    )  # fmt: skip
    drawing = {
        "kind": "trend", "width": WIDTH, "height": 268, "weeks": [str(each.week.number) for each in digest.trend],
        **{name: [getattr(each, name) for each in digest.trend] for name in ("received", "closed", "open")},
        "labels": {name: words(f"tiles.{name}") for name in ("received", "closed", "open")},
    }  # fmt: skip
    return "trend", alt, drawing
