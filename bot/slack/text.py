"""Text: words as Slack takes them. What comes from outside is shown as it is, and never interpreted."""

import re
from datetime import UTC, date, datetime
from typing import Any

from babel import Locale

Block = dict[str, Any]
STATUS = {"open": "Open", "in_progress": "In progress", "waiting": "Waiting for the requester", "closed": "Closed"}
SOON_DAYS = 7
"""From so many days before the end on, a card counts the days; before that it may count weeks."""

_FIELD = 300  # far below Block Kit's 2,000: a card is read at a glance
_MOST_WEEKS = 8
# What turns, hides or breaks text (UAX 9 embeddings, overrides and isolates; zero width; tags; control characters). Marks of direction
# and joiners stay: Hebrew, Arabic, Persian and many an emoji can't be written without them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_INERT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_EMOJI = re.compile(r":(?=[\w+'-]{1,100}:)")


def visible(text: str) -> str:
    """Without what turns the reading direction or hides in the text; line ends stay."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n"))


def one_line(text: str) -> str:
    """The same in one line, as names and subjects are shown."""
    return " ".join(visible(text).split())


def escape(text: str) -> str:
    """Text from outside amid our own marked-up words: no mention, link, channel call, bold, code or emoji ever fires from it.

    Slack's three control characters become entities (docs.slack.dev/messaging/formatting-message-text); the others have no escape,
    so their likenesses stand for them.
    """
    return _EMOJI.sub("\uff1a", one_line(text)).translate(_INERT)


def intent_name(value: str) -> str:
    """`breach_report` -> `Breach report`."""
    return value.replace("_", " ").capitalize()


def language_name(code: str) -> str:
    """`de` -> `German`; an unknown one as it is."""
    return str(Locale("en").languages.get(code, code)) if code != "und" else "unknown language"


def plain(text: str, limit: int = _FIELD) -> Block:
    """Text from outside: shown as it is, never interpreted."""
    clean = visible(text)
    shown = clean if len(clean) <= limit else clean[: limit - 1] + "…"
    return {"type": "plain_text", "text": shown if shown.strip() else "–", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Our own words."""
    return {"type": "mrkdwn", "text": text}


def due_words(value: str | None, at: str | None = None, form: str = "%d %b %Y") -> str:
    """`22 Dec 2026`; where the clock ends within a day, `at`, as Slack's own date token that everyone reads in their zone."""
    if value is None:
        return "no statutory date"
    if at is not None:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return f"<!date^{int(moment.timestamp())}^{{date_short}} {{time}}|{moment:%d %b %Y %H:%M} UTC>"
    return f"{date.fromisoformat(value):{form}}"


def left_words(days: int, *, exact: bool = True) -> str:
    """How long there is: `2 days late`, `due today`, `3 days left`; far away, unless `exact`, in weeks, which turn seldom."""
    if days < 0:
        return f"{_many(-days, 'day')} late"
    if days <= 1:
        return ("ends today", "ends tomorrow")[days]
    if days <= SOON_DAYS or exact:
        return f"{days} days left"
    weeks = days // 7
    return f"more than {_MOST_WEEKS} weeks left" if weeks >= _MOST_WEEKS else f"{_many(weeks, 'week')} left"


def _many(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {word}s"
