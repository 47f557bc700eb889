"""What a Slack workspace remembers: people, channels, messages with their threads, views, files, and who may open a modal."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import count

from bot.demo.slack_rules import ApiError
from bot.demo.slack_shapes import Json

APP_ID = "A0PRIVACY"
BOT_ID = "B0PRIVACY"
BOT_USER = "U0PRIVACYBOT"
TEAM_ID = "T0LOOPBACK"
TEAM_DOMAIN = "loopback"
TRIGGER_SECONDS = 3.0
"""How long a trigger_id can open a view (docs.slack.dev/interactivity/handling-user-interaction)."""

Clock = Callable[[], float]
"""Seconds since the epoch, UTC."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the workspace."""

    id: str
    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(slots=True)
class Channel:
    """A channel or, with an id that starts with D, a direct conversation with the bot."""

    id: str
    name: str
    members: list[str]
    messages: list[Json] = field(default_factory=list, repr=False)

    @property
    def is_direct(self) -> bool:
        """Whether it is a conversation of two."""
        return self.id.startswith("D")


@dataclass(slots=True)
class UploadedFile:
    """A file in a channel, or on its way there."""

    id: str
    name: str = field(repr=False)
    length: int
    content: bytes | None = field(default=None, repr=False)
    shared: bool = False
    media_type: str = "application/octet-stream"
    user: str = ""
    deleted: bool = False


@dataclass(slots=True)
class Trigger:
    """The permission to open one view, given with an interaction."""

    user: str
    issued_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where what is sent to a response_url belongs: next to, or instead of, the message `ts`."""

    channel: str
    user: str
    ts: str | None = None


def moment(ts: str) -> Decimal:
    """A message's time stamp as a number of seconds; ApiError `invalid_arguments` when it is none."""
    try:
        return Decimal(ts)
    except (InvalidOperation, TypeError, ValueError):
        raise ApiError("invalid_arguments", ("invalid time stamp",)) from None


class Workspace:
    """The state, guarded by `changed`: hold it to read or write, it is notified at each change."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.changed = threading.Condition()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, list[str]] = {}
        self.modals: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.ephemerals: list[Json] = []
        self.files: dict[str, UploadedFile] = {}
        self.triggers: dict[str, Trigger] = {}
        self.answer_places: dict[str, AnswerPlace] = {}
        self._numbers = count(1)
        self._last_ts = Decimal(0)

    def number(self) -> int:
        """A number not given before, for identifiers."""
        return next(self._numbers)

    def identifier(self, prefix: str) -> str:
        """An identifier in Slack's style, unique in this workspace."""
        return f"{prefix}{self.number():08d}"

    def next_ts(self) -> str:
        """A time stamp later than all before, even while the clock stands still."""
        now = Decimal(f"{self.clock():.6f}")
        self._last_ts = max(now, self._last_ts + Decimal("0.000001"))
        return f"{self._last_ts:.6f}"

    def add_user(self, user_id: str, name: str, email: str) -> User:
        """Let a person in."""
        with self.changed:
            self.users[user_id] = User(user_id, name, email)
            return self.users[user_id]

    def add_channel(self, channel_id: str, name: str, members: Iterable[str] = (), *, bot_is_member: bool = True) -> Channel:
        """Open a channel; the bot is invited unless `bot_is_member` is false."""
        with self.changed:
            everyone = [*members, *([BOT_USER] if bot_is_member else [])]
            self.channels[channel_id] = Channel(channel_id, name.removeprefix("#"), everyone)
            return self.channels[channel_id]

    def add_group(self, group_id: str, members: Iterable[str]) -> None:
        """Make a user group, such as `@legal`."""
        with self.changed:
            self.groups[group_id] = list(members)

    def direct(self, user_id: str) -> Channel:
        """The conversation between the bot and a person, opened at first use; ApiError `user_not_found`."""
        if user_id not in self.users:
            raise ApiError("user_not_found")
        channel_id = f"D{user_id[1:]}"
        return self.channels.get(channel_id) or self.add_channel(channel_id, user_id, [user_id])

    def channel(self, channel_id: str) -> Channel:
        """A channel by its id; ApiError `channel_not_found`."""
        if channel_id not in self.channels:
            raise ApiError("channel_not_found")
        return self.channels[channel_id]

    def joined_channel(self, channel_id: str) -> Channel:
        """A channel the bot is a member of; ApiError `channel_not_found`, `not_in_channel`."""
        channel = self.channel(channel_id)
        if BOT_USER not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def message(self, channel_id: str, ts: str) -> Json:
        """The stored message itself; ApiError `message_not_found`."""
        for message in self.channel(channel_id).messages:
            if message["ts"] == ts:
                return message
        raise ApiError("message_not_found")

    def shown(self, channel_id: str, ts: str) -> Json:
        """A message as a person sees it, ephemeral ones included; ApiError `message_not_found`."""
        for message in self.ephemerals:
            if (message["channel"], message["ts"]) == (channel_id, ts):
                return message
        return self.message(channel_id, ts)

    def thread(self, channel_id: str, ts: str) -> list[Json]:
        """A message and the replies to it, oldest first."""
        return [message for message in self.channel(channel_id).messages if ts in (message["ts"], message.get("thread_ts"))]

    def store(self, channel: Channel, message: Json) -> Json:
        """Append a message, giving it its time stamp and Slack's common fields."""
        with self.changed:
            stored = {"type": "message", "ts": self.next_ts(), "team": TEAM_ID, **message}
            if "blocks" in stored:
                stored["blocks"] = self.with_identifiers(stored["blocks"])
            channel.messages.append(stored)
            self.changed.notify_all()
            return stored

    def whisper(self, channel_id: str, user: str, message: Json) -> Json:
        """Show a message to one person only."""
        with self.changed:
            shown = {"ts": self.next_ts(), **message, "channel": channel_id, "user": user}
            shown["blocks"] = self.with_identifiers(message.get("blocks") or [])
            self.ephemerals.append(shown)
            self.changed.notify_all()
            return shown

    def with_identifiers(self, blocks: Iterable[Json]) -> list[Json]:
        """The blocks with a block_id each and an action_id for every interactive element, as Slack fills them in."""
        return [self._identified(block) for block in blocks]

    def _identified(self, block: Json) -> Json:
        filled = {**block, "block_id": block.get("block_id") or self.identifier("b")}
        for name in ("accessory", "element"):
            if name in filled:
                filled[name] = self._actionable(filled[name])
        if filled["type"] == "actions":
            filled["elements"] = [self._actionable(element) for element in filled["elements"]]
        return filled

    def _actionable(self, element: Json) -> Json:
        return element if element["type"] == "image" else {**element, "action_id": element.get("action_id") or self.identifier("a")}

    def issue_trigger(self, user: str) -> str:
        """A trigger_id for an interaction of this person."""
        with self.changed:
            trigger_id = f"{self.number()}.{TEAM_ID}.{self.number():032x}"
            self.triggers[trigger_id] = Trigger(user, self.clock())
            return trigger_id

    def redeem_trigger(self, trigger_id: str) -> str:
        """The person a trigger_id belongs to, once; ApiError `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.clock() - trigger.issued_at > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.user
