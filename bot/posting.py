"""Posting: what an event of the intake channel tells: a new post, another version of one, or that one is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

EARLIER = "earlier"
"""The kind of a message that holds what a post said before it was edited."""

OVERLAP_SECONDS = 600.0
"""What came while the mark was set is looked at once more; so much may Slack's clock differ from ours."""

_WRITTEN = frozenset((None, "file_share", "thread_broadcast", "me_message"))
_TOMBSTONE = "tombstone"


class Told(StrEnum):
    """What happened to a post."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it stands now, or stood before it was deleted."""

    told: Told
    event: Mapping[str, Any] = field(repr=False)
    """The message, with its `channel` and `ts`."""
    at: str
    """Slack's time stamp of what happened; a later edit has a later one."""

    @property
    def user(self) -> str:
        """Who wrote it; empty where Slack does not say."""
        return str(self.event.get("user") or "")


def moment(ts: object) -> datetime:
    """A time stamp of Slack's as the UTC instant it stands for."""
    return datetime.fromtimestamp(float(str(ts)), UTC)


def mark_name(channel: str) -> str:
    """Of the mark that says up to which time stamp the channel was read."""
    return f"slack-intake:{channel}"


def read_post(event: Mapping[str, Any]) -> Post | None:
    """What a `message` event tells (docs.slack.dev/reference/events/message), or None: of a bot, a join, an unfurled link."""
    subtype, channel = event.get("subtype"), str(event.get("channel") or "")
    if subtype == "message_deleted":
        before = event.get("previous_message") or {}
        return Post(Told.DELETED, {**before, "channel": channel, "ts": str(event["deleted_ts"])}, str(event["ts"]))
    if subtype == "message_changed":
        return _changed(event, channel)
    return Post(Told.NEW, event, str(event["ts"])) if is_a_persons(event) else None


def is_a_persons(message: Mapping[str, Any]) -> bool:
    """Neither a bot's (ours included) nor a join, edit or delete."""
    return message.get("subtype") in _WRITTEN and not message.get("bot_id") and bool(message.get("user"))


def is_gone(message: Mapping[str, Any]) -> bool:
    """What stays of a deleted post that was answered."""
    return message.get("subtype") == _TOMBSTONE


def _changed(event: Mapping[str, Any], channel: str) -> Post | None:
    """Slack tells of unfurled links and new replies in the same way as of edits; only those carry `edited`."""
    message = event.get("message") or {}
    if is_gone(message):
        before = event.get("previous_message") or {}
        return Post(Told.DELETED, {**before, "channel": channel, "ts": str(message["ts"])}, str(event["ts"]))
    edited = str((message.get("edited") or {}).get("ts") or "")
    return Post(Told.EDITED, {**message, "channel": channel}, edited) if edited and is_a_persons(message) else None
