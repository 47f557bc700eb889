"""People: the desk's colleagues by name, as a menu offers them."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.access import Access
from bot.slack.courier import NETWORK

_MOST_ASKED = 60  # of one opening; Slack allows about 100 a minute


class People:
    """Remembers for the life of the process what Slack said of whom."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._names: dict[str, str] = {}
        self._machines: set[str] = set()

    def at_the_desk(self, client: WebClient, met: Mapping[str, str]) -> list[tuple[str, str]]:
        """Names and ids, by name. `met`: the names of those who pressed something once, for where Slack tells none (scope users:read)."""
        there = self._access.people(client)
        self._ask(client, there - self._names.keys() - self._machines)
        named = [(self._names.get(user) or met.get(user) or user, user) for user in there - self._machines]
        return sorted(named, key=lambda one: (one[0].casefold(), one[1]))

    def _ask(self, client: WebClient, users: frozenset[str]) -> None:
        try:
            if users and not self._machines:
                self._machines.add(str(client.auth_test()["user_id"]))
            for user in sorted(users - self._machines)[:_MOST_ASKED]:
                self._note(user, client.users_info(user=user)["user"])
        except (SlackApiError, *NETWORK):
            return  # a name is a help, its lack no reason to refuse

    def _note(self, user: str, found: Mapping[str, Any]) -> None:
        if found.get("is_bot"):
            self._machines.add(user)
        profile = found.get("profile") or {}
        self._names[user] = str(profile.get("real_name") or found.get("real_name") or found.get("name") or user)
