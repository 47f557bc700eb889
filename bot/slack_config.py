"""Slack's part of the config: where the desk is, who may act there, and how Slack reaches the bot."""

import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import field_validator, model_validator

from bot.notation import ApiAddress, Host, Port, Section, Size, SlackId, size
from intents.catalog import Intent

_CALLS = (Intent.BREACH_REPORT.value, Intent.AUTHORITY.value)


class CircleConfig(Section):
    """People by their ids (U...), and groups of people (S...) as Slack has them: `@legal`."""

    users: tuple[SlackId, ...] = ()
    groups: tuple[SlackId, ...] = ()

    @field_validator("users")
    @classmethod
    def _are_people(cls, users: tuple[str, ...]) -> tuple[str, ...]:
        if any(not user.startswith(("U", "W")) for user in users):
            raise ValueError("write people's ids, such as [U0123456789] (in Slack: a profile's menu, Copy member ID)")
        return users

    @field_validator("groups")
    @classmethod
    def _are_groups(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        if any(not group.startswith("S") for group in groups):
            raise ValueError("write the ids of user groups, such as [S0123456789]")
        return groups

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.users and not self.groups:
            raise ValueError("name at least one of users or groups; left out, the members of desk_channel may")
        return self


class OnlyConfig(Section):
    """What fewer people may do than the rest: each of them must belong to the desk as well."""

    view: CircleConfig | None = None
    reply: CircleConfig | None = None
    close: CircleConfig | None = None

    @property
    def circles(self) -> Mapping[str, CircleConfig]:
        """Those that are set, by what they may do."""
        return {name: circle for name in OnlyConfig.model_fields if (circle := getattr(self, name)) is not None}


class SlackHttpConfig(Section):
    """Where Slack's requests arrive, behind a web server that speaks TLS; `path` is what stands in the app's Request URL."""

    host: Host = "127.0.0.1"
    port: Port = 3000
    path: str = "/slack/events"

    @field_validator("path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        if not re.fullmatch(r"/[A-Za-z0-9/_.-]*", path):
            raise ValueError("write a path as /slack/events")
        return path


class SlackConfig(Section):
    """The desk where staff work. Without this section the bot runs mail-only."""

    desk_channel: SlackId
    intake_channel: SlackId | None = None
    show: Literal["reference", "masked", "full"] = "masked"
    who_may: CircleConfig | None = None
    only: OnlyConfig = OnlyConfig()
    here_for: tuple[str, ...] = ()
    mode: Literal["socket", "http"] = "socket"
    http: SlackHttpConfig = SlackHttpConfig()
    api_url: ApiAddress = "https://slack.com/api/"
    largest_reply: Size = size("20MB")

    @field_validator("here_for")
    @classmethod
    def _worth_a_call(cls, intents: tuple[str, ...]) -> tuple[str, ...]:
        """@here rings for everybody who is at work: only for what has hours, not weeks."""
        if any(intent not in _CALLS for intent in intents):
            raise ValueError(f"allowed are {' and '.join(_CALLS)}")
        return intents
