"""Access: who may act at the desk: the members of its channel, or the people and groups that the config names; some acts fewer of them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.courier import NETWORK
from bot.slack_config import CircleConfig

ACT, VIEW, REPLY, CLOSE = "act", "view", "reply", "close"
"""What people may do: anything at the desk; and what the config may leave to fewer: reading the mail, writing to people, closing."""

_WORDS = {VIEW: "read the mail itself", REPLY: "write to the requester", CLOSE: "close a ticket"}
_FRESH_SECONDS = 60.0


class Access:
    """Asks Slack who belongs to a circle, at most once a minute. When Slack does not say, nobody does."""

    no = "This is for the members of the privacy desk."

    def __init__(self, desk_channel: str, seconds: Callable[[], float], who_may: CircleConfig | None = None,
                 only: Mapping[str, CircleConfig] | None = None) -> None:  # fmt: skip
        """`seconds`: a monotonic clock; `who_may`: instead of the channel's members; `only`: who of them may do a verb."""
        self._desk = _circle(seconds, who_may) if who_may else _Circle(seconds, frozenset(), (_of_channel(desk_channel),))
        self._only = {verb: _circle(seconds, circle) for verb, circle in (only or {}).items()}

    def may(self, client: WebClient, user: str, verb: str = ACT) -> bool:
        """True for whoever belongs. A stranger is looked up anew, so that a colleague who just joined is not turned away."""
        narrower = self._only.get(verb)
        return self._desk.holds(client, user) and (narrower is None or narrower.holds(client, user))

    def people(self, client: WebClient) -> frozenset[str]:
        """All who belong to the desk; none where Slack does not say."""
        return self._desk.all(client)

    def refusal(self, verb: str = ACT) -> str:
        """What is said to whoever may not."""
        return f"To {_WORDS[verb]} is for fewer colleagues here: slack.only in the config names them." if verb in self._only else self.no


Source = Callable[[WebClient], set[str]]


@dataclass(slots=True)
class _Circle:
    """People by name, and those that Slack knows of."""

    seconds: Callable[[], float]
    named: frozenset[str]
    sources: tuple[Source, ...]
    _members: frozenset[str] = frozenset()
    _asked_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def holds(self, client: WebClient, user: str) -> bool:
        if user in self.named or not self.sources:
            return user in self.named
        with self._lock:
            stale = self._asked_at is None or self.seconds() - self._asked_at > _FRESH_SECONDS
            if stale or user not in self._members:
                self._refresh(client)
            return user in self._members

    def all(self, client: WebClient) -> frozenset[str]:
        with self._lock:
            if self.sources and (self._asked_at is None or self.seconds() - self._asked_at > _FRESH_SECONDS):
                self._refresh(client)
            return self.named | self._members

    def _refresh(self, client: WebClient) -> None:
        try:
            self._members = frozenset[str]().union(*(source(client) for source in self.sources))
            self._asked_at = self.seconds()
        except (SlackApiError, *NETWORK):
            self._members, self._asked_at = frozenset(), None


def _circle(seconds: Callable[[], float], config: CircleConfig) -> _Circle:
    return _Circle(seconds, frozenset(config.users), tuple(_of_group(group) for group in config.groups))


def _of_group(group: str) -> Source:
    return lambda client: set(client.usergroups_users_list(usergroup=group)["users"])


def _of_channel(channel: str) -> Source:
    def members(client: WebClient) -> set[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            page = client.conversations_members(channel=channel, limit=500, cursor=cursor)
            found.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return found

    return members
