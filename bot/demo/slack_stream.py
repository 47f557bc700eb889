"""The event stream: what happens in a channel, told to the app as Slack's Events API tells it."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from bot.demo.slack_shapes import Json
from bot.demo.slack_socket import Delivery
from bot.demo.slack_workspace import APP_ID, BOT_ID, BOT_USER, TEAM_ID, Channel, Workspace


class Carrier(Protocol):
    """Whatever brings envelopes to the app."""

    def deliver(self, delivery: Delivery) -> Delivery:
        """Take an envelope."""


class Stream:
    """Changes the workspace and tells the app about it, where it is a member and has subscribed."""

    def __init__(self, workspace: Workspace, carrier: Carrier, subscriptions: Collection[str]) -> None:
        self.workspace = workspace
        self.carrier = carrier
        self.subscriptions = frozenset(subscriptions)

    def post(self, channel: Channel, message: Json) -> tuple[Json, Delivery]:
        """Store a message and emit it."""
        with self.workspace.changed:
            stored = self.workspace.store(channel, message)
            told = {name: value for name, value in stored.items() if name != "metadata"}
            return stored, self.emit(channel, {**told, **self._parent(channel, stored), "event_ts": stored["ts"]})

    def post_as_bot(self, channel: Channel, message: Json) -> Json:
        """Store a message of the app itself and emit it: Slack tells apps their own messages too."""
        return self.post(channel, {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, **message})[0]

    def amend(self, channel: Channel, message: Json, changes: Mapping[str, Any]) -> Delivery:
        """Change a stored message in place; a change to None takes the field away."""
        with self.workspace.changed:
            before = dict(message)
            kept = {**message, **changes}
            message.clear()
            message.update({name: value for name, value in kept.items() if value is not None})
            return self._hidden(channel, "message_changed", {"message": _bare(message), "previous_message": _bare(before)})

    def remove(self, channel: Channel, message: Json) -> Delivery:
        """Delete a stored message; the start of a thread leaves a tombstone behind, and Slack tells of that as of a change."""
        with self.workspace.changed:
            before = dict(message)
            if len(self.workspace.thread(channel.id, message["ts"])) > 1:
                grave = {"type": "message", "subtype": "tombstone", "ts": message["ts"], "thread_ts": message["ts"], "hidden": True}
                message.clear()
                message.update({**grave, "text": "This message was deleted.", "user": "USLACKBOT"})
                return self._hidden(channel, "message_changed", {"message": _bare(message), "previous_message": _bare(before)})
            channel.messages.remove(message)
            return self._hidden(channel, "message_deleted", {"deleted_ts": before["ts"], "previous_message": _bare(before)})

    def emit(self, channel: Channel, event: Json) -> Delivery:
        """Tell the app about something in a channel."""
        placed = {**event, "channel": channel.id, "channel_type": "im" if channel.is_direct else "channel"}
        mentioned = placed["type"] == "message" and f"<@{BOT_USER}>" in placed.get("text", "")
        delivery = self._tell(placed, BOT_USER in channel.members)
        if mentioned and not channel.is_direct and "subtype" not in placed:
            self._tell({**placed, "type": "app_mention"}, BOT_USER in channel.members)
        return delivery

    def tell(self, event: Json) -> Delivery:
        """Tell the app about something that concerns it."""
        return self._tell(event, True)

    def _tell(self, event: Json, concerns_app: bool) -> Delivery:
        delivery = Delivery("events_api", self._callback(event))
        with self.workspace.changed:
            self.workspace.changed.notify_all()
        return self.carrier.deliver(delivery) if concerns_app and event["type"] in self.subscriptions else delivery

    def _hidden(self, channel: Channel, subtype: str, details: Json) -> Delivery:
        ts = self.workspace.next_ts()
        return self.emit(channel, {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **details})

    def _parent(self, channel: Channel, message: Json) -> Json:
        parents = [one for one in channel.messages if one["ts"] == message.get("thread_ts")]
        return {"parent_user_id": parents[0].get("user")} if parents else {}

    def _callback(self, event: Json) -> Json:
        authorization = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
        return {
            "type": "event_callback",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "event_id": self.workspace.identifier("Ev"),
            "event_time": int(self.workspace.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event['type']}-{TEAM_ID}",
        }


def _bare(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "metadata"}
