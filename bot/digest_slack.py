"""Digest in Slack: the week's figures as Block Kit blocks, inside Block Kit's limits; no personal data."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.digest import Digest, OpenTicket
from bot.digest_page import concerns, due_words, headline, missed, open_words, quality, sentence, tiles, title
from bot.digest_words import Words

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,20}")
_SECTION = 3000  # characters, docs.slack.dev/reference/block-kit/blocks/section-block

Block = dict[str, Any]


def blocks(digest: Digest, words: Words) -> tuple[str, list[Block]]:
    """The message: text for notifications, blocks for the eye."""
    drawn: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": title(digest, words)[:150], "emoji": False}},
        _context(f"{words.period(digest.week)} · {words('as_of', day=words.day(digest.today))}"),
        _section(f"*{sentence(digest, words)}*"),
        *([_context(missed(digest, words))] if digest.missed else []),
    ]
    if digest.is_empty:
        return headline(digest, words), drawn
    drawn += [_figures(digest, words), _section(_attention(digest, words)), *_oldest(digest, words), {"type": "divider"}]
    if digest.by_intent:
        drawn.append(_section(_drawing(words("sections.by_intent"), _bars(digest, words))))
    drawn += [_section(_drawing(words("sections.trend"), _trend(digest, words))), _context(_small_print(digest, words))]
    return headline(digest, words), drawn


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION]}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _figures(digest: Digest, words: Words) -> Block:
    shown = [
        f"*{name[:1].upper()}{name[1:]}*\n{':warning: ' if alarm else ''}{words.number(number)}{f' ({note})' if note else ''}"
        for name, number, note, alarm in tiles(digest, words)
    ]
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in shown]}


def _attention(digest: Digest, words: Words) -> str:
    lines = [f"• *{concern.title}: {words.number(concern.number)}*  {_escape(str(concern))}" for concern in concerns(digest, words)]
    return f"*{words('sections.attention')}*\n" + ("\n".join(lines) or words("calm"))


def _oldest(digest: Digest, words: Words) -> Iterable[Block]:
    lines = [
        f"• *{_escape(ticket.reference)}* {open_words(ticket, words)}, {due_words(ticket, words)}, {_handler(ticket, words)}"
        for ticket in digest.oldest
    ]
    return [_section(f"*{words('sections.oldest')}*\n" + "\n".join(lines))] if lines else []


def _handler(ticket: OpenTicket, words: Words) -> str:
    if ticket.handler is None:
        return words("nobody")
    return f"<@{ticket.handler}>" if _SLACK_ID.fullmatch(ticket.handler) else _escape(ticket.handler[:80])


def _bars(digest: Digest, words: Words) -> list[str]:
    most = max(5, *(count.number for count in digest.by_intent))  # few requests make short bars
    return [
        f"{words.intent(count.name)[:26]:<26}{count.number:>6}  {'█' * _scaled(count.number, most, 16, 1)}"
        for count in digest.by_intent[:20]
    ]  # fmt: skip


def _trend(digest: Digest, words: Words) -> list[str]:
    rows = {name: [getattr(week, name) for week in digest.trend] for name in ("received", "closed", "open")}
    most = {"received": max(*rows["received"], *rows["closed"], 5), "open": max(*rows["open"], 5)}
    most["closed"] = most["received"]
    steps = {name: "".join(_step(number, most[name]) for number in row) for name, row in rows.items()}
    drawn = [f"{words(f'columns.{name}'):<10}{steps[name]}  {row[-1]:>5}" for name, row in rows.items()]
    first, last = digest.trend[0].week, digest.trend[-1].week
    return [*drawn, f"{words('columns.week'):<10}{first.number:02} – {last.number:02}"]


def _step(number: int, most: int) -> str:
    return " ▁▂▃▄▅▆▇█"[_scaled(number, most, 8, 1)]


def _scaled(number: int, most: int, size: int, least: int) -> int:
    """The length of a bar: `size` for the greatest number, at least `least` for anything that is not nothing."""
    return max(least, round(size * number / most)) if number > 0 else 0


def _drawing(heading: str, lines: Sequence[str]) -> str:
    return f"*{heading}*\n```\n" + _escape("\n".join(lines)) + "\n```"


def _small_print(digest: Digest, words: Words) -> str:
    return " · ".join(f"{line.label}: {line.value}" for line in quality(digest, words))


def _escape(text: str) -> str:
    """Slack's three control characters as entities, so that nothing in a name fires a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
