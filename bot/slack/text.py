"""Text: words as Slack takes them. What comes from outside is shown as it is, and never interpreted."""

from datetime import UTC, date, datetime
from typing import Any

Block = dict[str, Any]
STATUS = {"open": "Open", "in_progress": "In progress", "waiting": "Waiting for the requester", "closed": "Closed"}
_FIELD = 300  # far below Block Kit's 2,000: a card is read at a glance


def escape(text: str) -> str:
    """Slack's three control characters as entities, so that no mention, link or channel call ever fires."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def intent_name(value: str) -> str:
    """`breach_report` -> `Breach report`."""
    return value.replace("_", " ").capitalize()


def plain(text: str, limit: int = _FIELD) -> Block:
    """Text from outside: shown as it is, never interpreted."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return {"type": "plain_text", "text": shown if shown.strip() else "–", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Our own words."""
    return {"type": "mrkdwn", "text": text}


def due_words(value: str | None, at: str | None = None) -> str:
    """`22 Dec 2026`; where the clock ends within a day, `at`, as Slack's own date token that everyone reads in their zone."""
    if value is None:
        return "no statutory date"
    if at is not None:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return f"<!date^{int(moment.timestamp())}^{{date_short}} {{time}}|{moment:%d %b %Y %H:%M} UTC>"
    return f"{date.fromisoformat(value):%d %b %Y}"
