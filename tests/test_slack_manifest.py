"""slack-manifest.yaml says what the bot does: its commands, events, shortcuts and scopes, none missing and none too many."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.slack.access import Access
from bot.slack.listeners import register
from tests.test_slack_connection import Back

ROOT = Path(__file__).parent.parent
MANIFEST = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text("utf-8"))
SCOPES = {  # docs.slack.dev/reference/methods: what each method of the Web API asks for; a channel's kind decides between two
    "auth_test": set(), "apps_connections_open": set(), "views_open": set(), "views_update": set(), "views_push": set(),
    "views_publish": set(), "chat_postMessage": {"chat:write"}, "chat_update": {"chat:write"}, "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"}, "chat_getPermalink": set(),
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_members": {"channels:read", "groups:read"}, "conversations_info": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"}, "usergroups_users_list": {"usergroups:read"}, "users_info": {"users:read"},
    "files_info": {"files:read"}, "files_upload_v2": {"files:write"}, "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"}, "reactions_add": {"reactions:write"},
}  # fmt: skip
EVENTS = {"message": {"message.channels", "message.groups"}, "app_home_opened": {"app_home_opened"}}
CALL = re.compile(r"client\.((?:auth|apps|views|chat|conversations|usergroups|users|files|reactions)_\w+)\(")
OF_OTHER_HANDS = {"files:read", "files:write"}


class Recorder(App):
    """Bolt's app, which notes what listeners are hung in for."""

    def __init__(self) -> None:
        who = AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-x")
        super().__init__(authorize=lambda: who, signing_secret="x")
        self.noted: dict[str, set[str]] = {"command": set(), "event": set(), "shortcut": set()}

    def command(self, command: Any, *arguments: Any, **named: Any) -> Callable[..., Any]:
        self.noted["command"].add(str(command))
        return super().command(command, *arguments, **named)

    def event(self, event: Any, *arguments: Any, **named: Any) -> Callable[..., Any]:
        self.noted["event"].add(str(event))
        return super().event(event, *arguments, **named)

    def shortcut(self, constraints: Any, *arguments: Any, **named: Any) -> Callable[..., Any]:
        self.noted["shortcut"].add(str(constraints))
        return super().shortcut(constraints, *arguments, **named)

    def message_shortcut(self, callback_id: Any, *arguments: Any, **named: Any) -> Callable[..., Any]:
        self.noted["shortcut"].add(str(callback_id))
        return super().message_shortcut(callback_id, *arguments, **named)


@pytest.fixture(scope="module")
def noted() -> dict[str, set[str]]:
    app = Recorder()
    register(app, Back(), Access("C0DESK", lambda: 0.0), "C0INTAKE")
    return app.noted


def test_the_commands_are_those_that_are_answered(noted: dict[str, set[str]]) -> None:
    assert {one["command"] for one in MANIFEST["features"]["slash_commands"]} == noted["command"]


def test_the_events_are_those_that_are_heard(noted: dict[str, set[str]]) -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set().union(*(EVENTS[name] for name in noted["event"]))


def test_each_shortcut_that_is_answered_is_offered(noted: dict[str, set[str]]) -> None:
    assert noted["shortcut"] <= {one["callback_id"] for one in MANIFEST["features"]["shortcuts"]}


def test_the_scopes_are_those_of_the_methods_called() -> None:
    called = {name for path in (ROOT / "bot").rglob("*.py") if "demo" not in path.parts for name in CALL.findall(path.read_text("utf-8"))}
    assert called >= {"chat_postMessage", "views_open", "conversations_members"}
    needed = set().union(*(SCOPES[name] for name in called)) | {"commands"}
    granted = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert needed <= granted, "Slack would refuse a call"
    assert granted - needed <= OF_OTHER_HANDS, "nobody needs these"


def test_the_home_tab_and_socket_mode_are_on() -> None:
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_it_keeps_slacks_limits() -> None:
    """docs.slack.dev/reference/app-manifest: characters of names and descriptions."""
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in MANIFEST["features"]["shortcuts"])
    assert all(len(one["usage_hint"]) <= 1_000 for one in MANIFEST["features"]["slash_commands"])
