"""Access: who may act at the desk: the members of the desk channel."""

import threading
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.courier import NETWORK

_FRESH_SECONDS = 60.0


class Access:
    """Asks Slack for the members of the desk channel, at most once a minute. When Slack does not say, nobody may."""

    no = "This is for the members of the privacy desk."

    def __init__(self, desk_channel: str, seconds: Callable[[], float]) -> None:
        """`seconds`: a monotonic clock."""
        self._channel, self._seconds = desk_channel, seconds
        self._members: frozenset[str] = frozenset()
        self._asked_at: float | None = None
        self._lock = threading.Lock()

    def may(self, client: WebClient, user: str) -> bool:
        """True for a member. A stranger is looked up anew, so that a colleague who just joined is not turned away."""
        with self._lock:
            stale = self._asked_at is None or self._seconds() - self._asked_at > _FRESH_SECONDS
            if stale or user not in self._members:
                self._refresh(client)
            return user in self._members

    def _refresh(self, client: WebClient) -> None:
        members: set[str] = set()
        cursor = ""
        try:
            while True:
                page = client.conversations_members(channel=self._channel, limit=500, cursor=cursor)
                members.update(page["members"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
                if not cursor:
                    break
        except (SlackApiError, *NETWORK):
            self._members = frozenset()
            return
        self._members, self._asked_at = frozenset(members), self._seconds()
