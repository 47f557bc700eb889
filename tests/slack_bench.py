"""What the tests of the loopback Slack share: a small workspace, an app connected to it, payloads, refusals."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.demo.slack_server import APP_TOKEN, LoopbackSlack

Json = dict[str, Any]
START = 1_790_000_000.0
WAIT = 5.0
"""Seconds after which a handler that was not called counts as never called."""


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@contextmanager
def workspace(clock: Clock) -> Iterator[LoopbackSlack]:
    """Two colleagues in C1 with the bot, and C2 without it."""
    with LoopbackSlack(clock=clock, subscriptions={"message", "app_home_opened", "app_mention"}) as server:
        server.add_user("U1", "Ada Brandt", "ada@brandt.example")
        server.add_user("U2", "Noor Visser", "noor@brandt.example")
        server.add_channel("C1", "privacy", ["U1", "U2"])
        server.add_channel("C2", "elsewhere", ["U1"], bot_is_member=False)
        yield server


@contextmanager
def connected(slack: LoopbackSlack, app: App) -> Iterator[None]:
    """The app in Socket Mode."""
    handler = SocketModeHandler(app, APP_TOKEN, ping_interval=1)
    handler.client.connect()
    slack.wait_connected()
    try:
        yield
    finally:
        slack.part(handler.client)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, value: str = "") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(action_id), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def note_field(**more: Any) -> Json:
    field = {"type": "plain_text_input", "action_id": "note", "max_length": 20}
    return {"type": "input", "block_id": "note_block", "label": plain("Note"), "element": field, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "close_ticket",
        "title": plain("Close"),
        "submit": plain("Close it"),
        "blocks": list(blocks),
        **more,
    }


def menu(*values: str) -> Json:
    options = [{"text": plain(value), "value": value} for value in values]
    return {"type": "static_select", "action_id": "outcome", "placeholder": plain("Outcome"), "options": options}


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[str, list[str]]:
    """The error code and messages of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    answer: Json = caught.value.response.data
    return answer["error"], answer.get("response_metadata", {}).get("messages", [])
