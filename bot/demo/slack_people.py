"""Colleagues at their Slack client: they write, press, choose, command and submit, and the app hears of it."""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.demo.slack_controls import NoSuchControl, check_filled, check_there, chosen, clicked, find_button, find_menu, state
from bot.demo.slack_files import described, upload
from bot.demo.slack_methods import Context
from bot.demo.slack_reach import Reaching
from bot.demo.slack_rules import check_suggestions
from bot.demo.slack_shapes import Json
from bot.demo.slack_socket import Delivery, SocketHub
from bot.demo.slack_views import apply_response, close_view, stack_of
from bot.demo.slack_wire import answer_beside
from bot.demo.slack_workspace import APP_ID, TEAM_DOMAIN, TEAM_ID, AnswerPlace, Channel, User, Workspace


class People:
    """What people can do. Unknown ids raise KeyError or ApiError, impossible clicks NoSuchControl or ImpossibleInput."""

    context: Context
    hub: SocketHub

    @property
    def workspace(self) -> Workspace:
        """The state behind it all."""
        return self.context.workspace

    def say(self, channel: str, user: str, text: str, thread_ts: str | None = None, **extra: Any) -> Delivery:
        """Write a message; its time stamp is the delivery's `ts`. `extra` are further fields of the message."""
        with self.workspace.changed:
            place = self._place_of(channel, user)
            thread = {"thread_ts": thread_ts} if thread_ts else {}
            message = {"user": user, "text": text, "client_msg_id": self.workspace.identifier("c"), **thread, **extra}
            return self.context.stream.post(place, message)[1]

    def edit(self, channel: str, user: str, ts: str, text: str) -> Delivery:
        """Change one's own message; emits `message_changed`."""
        with self.workspace.changed:
            message = self._own_message(channel, user, ts)
            changes = {"text": text, "edited": {"user": user, "ts": self.workspace.next_ts()}}
            return self.context.stream.amend(self.workspace.channel(channel), message, changes)

    def delete(self, channel: str, user: str, ts: str) -> Delivery:
        """Delete one's own message; emits `message_deleted`."""
        with self.workspace.changed:
            return self.context.stream.remove(self.workspace.channel(channel), self._own_message(channel, user, ts))

    def clear_away(self, channel: str, user: str, ts: str) -> Delivery:
        """Delete anybody's message, as an admin of the workspace may; emits `message_deleted`."""
        with self.workspace.changed:
            place = self._place_of(channel, user)
            return self.context.stream.remove(place, self.workspace.message(channel, ts))

    def press(self, user: str, channel: str, ts: str, action_id: str, value: str | None = None, block_id: str | None = None) -> Delivery:
        """Press a button of a message; NoSuchControl when it shows none like that."""
        with self._reaching_app():
            message = self.workspace.shown(channel, ts)
            control = find_button(message.get("blocks", ()), action_id, value, block_id)
            return self._act_on_message(user, channel, message, clicked(control, self.workspace.next_ts()))

    def select(self, user: str, channel: str, ts: str, action_id: str, value: Any, block_id: str | None = None) -> Delivery:
        """Choose in a menu or picker of a message: an option's value, a list of them, a user id, a date."""
        with self._reaching_app():
            message = self.workspace.shown(channel, ts)
            control = find_menu(message.get("blocks", ()), action_id, block_id)
            return self._act_on_message(user, channel, message, chosen(control, value, self.workspace.next_ts()))

    def press_in_view(self, user: str, view: Json, action_id: str, value: str | None = None, block_id: str | None = None) -> Delivery:
        """Press a button of an open modal or home tab (an item of `views_of`, or `home_of`)."""
        with self._reaching_app():
            shown = self._open_view(user, view)
            return self._act_on_view(
                user, shown, clicked(find_button(shown["blocks"], action_id, value, block_id), self.workspace.next_ts())
            )

    def select_in_view(self, user: str, view: Json, action_id: str, value: Any, block_id: str | None = None) -> Delivery:
        """Choose in a menu of an open modal or home tab."""
        with self._reaching_app():
            shown = self._open_view(user, view)
            control = find_menu(shown["blocks"], action_id, block_id)
            if control[0]["type"] == "input" and not control[0].get("dispatch_action"):
                raise NoSuchControl(f"the app does not hear of a choice in {action_id}: use enter")
            return self._act_on_view(user, shown, chosen(control, value, self.workspace.next_ts()))

    def enter(self, user: str, view: Json, values: Mapping[str, Any]) -> Json:
        """Fill in fields of the visible modal without submitting: the app hears nothing yet. `values` by action_id; returns the view."""
        with self.workspace.changed:
            shown = self._open_view(user, view)
            check_there(shown["blocks"], values)
            shown["state"] = state(shown["blocks"], values, shown["state"])
            return dict(shown)

    def upload(self, channel: str, user: str, name: str, content: bytes, thread_ts: str | None = None,
               media_type: str = "application/octet-stream") -> Delivery:  # fmt: skip
        """Share a file of one's own in a channel or thread; its id is in the delivery's event."""
        with self.workspace.changed:
            file = described(upload(self.workspace, user, name, content, media_type), self.context.base_url)
            return self.say(channel, user, "", thread_ts, subtype="file_share", upload=True, files=[file])

    def delete_file(self, user: str, file_id: str) -> None:
        """Delete a file of one's own: its messages keep a tombstone."""
        with self.workspace.changed:
            file = self.workspace.files[file_id]
            if file.user != user:
                raise LookupError(f"not a file of {user}")
            file.deleted, file.content = True, None

    def suggest(self, user: str, view: Json, action_id: str, typed: str = "") -> Delivery:
        """Type into a menu of an open view whose options the app provides; they are the `options` of the acknowledgement.

        Source: docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
        """
        with self._reaching_app():
            shown = self._open_view(user, view)
            block, element = find_menu(shown["blocks"], action_id, None)
            asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
            container = {"type": "view", "view_id": shown["id"]}
            delivery = self._interaction(user, {"type": "block_suggestion", "container": container, "view": shown, **asked})
            del delivery.payload["trigger_id"]  # nothing can be opened with a keystroke
            delivery.on_ack = check_suggestions
            return self.hub.deliver(delivery)

    def command(self, user: str, channel: str, command: str, text: str = "") -> Delivery:
        """Type a slash command; an acknowledgement with text is shown in the channel."""
        with self._reaching_app():
            place = self._place_of(channel, user)
            answer_place = AnswerPlace(channel, user)
            delivery = Delivery(
                "slash_commands",
                {
                    "team_id": TEAM_ID,
                    "team_domain": TEAM_DOMAIN,
                    "channel_id": channel,
                    "channel_name": "directmessage" if place.is_direct else place.name,
                    "user_id": user,
                    "user_name": self._username(user),
                    "command": command,
                    "text": text,
                    "api_app_id": APP_ID,
                    "is_enterprise_install": "false",
                    "response_url": self._response_url(answer_place),
                    "trigger_id": self.workspace.issue_trigger(user),
                },
            )
            delivery.on_ack = lambda ack: self._show_answer(answer_place, ack)
            return self.hub.deliver(delivery)

    def open_home(self, user: str) -> Delivery:
        """Look at the app's home tab; emits `app_home_opened`."""
        with self.workspace.changed:
            channel = self.workspace.direct(user)
            home = self.workspace.homes.get(user)
            event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
            shown = {"view": home} if home else {}
            return self.context.stream.tell({**event, **shown, "event_ts": self.workspace.next_ts()})

    def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Delivery:
        """Use a shortcut: from a message's menu with `channel` and `ts`, else the global one."""
        with self._reaching_app():
            if channel is None or ts is None:
                return self._interact(user, {"type": "shortcut", "callback_id": callback_id, "action_ts": self.workspace.next_ts()})
            message = self.workspace.message(channel, ts)
            payload = {"type": "message_action", "callback_id": callback_id, "message_ts": ts, "message": message}
            place = AnswerPlace(channel, user, ts)
            return self._interact(user, {**payload, **self._channel_part(channel), "response_url": self._response_url(place)})

    def submit(self, user: str, view: Json, values: Mapping[str, Any] | None = None) -> Delivery:
        """Press Submit in the visible modal; `values` by action_id, fields not named keep what they show at first.

        The acknowledgement's response_action is carried out. Raises ImpossibleInput for an empty required field.
        """
        with self._reaching_app():
            shown = self._open_view(user, view)
            if not shown["submit"]:
                raise NoSuchControl("this view has no submit button")
            check_filled(shown["blocks"], values or {}, shown["state"])
            shown["state"] = state(shown["blocks"], values or {}, shown["state"])
            delivery = self._interaction(user, {"type": "view_submission", "view": shown, "response_urls": []})
            delivery.on_ack = lambda ack: apply_response(self.workspace, user, shown, ack)
            return self.hub.deliver(delivery)

    def close_view(self, user: str, view: Json, *, everything: bool = False) -> Delivery:
        """Close the visible view, or the whole modal; the app hears of it only when the view has notify_on_close."""
        with self._reaching_app():
            shown = self._open_view(user, view)
            close_view(self.workspace, user, shown, everything=everything or shown["clear_on_close"])
            delivery = self._interaction(user, {"type": "view_closed", "view": shown, "is_cleared": everything})
            return self.hub.deliver(delivery) if shown["notify_on_close"] else delivery

    def repeat(self, delivery: Delivery, reason: str = "timeout") -> Delivery:
        """Deliver an event once more, as Slack does when it heard no acknowledgement: same event_id, new envelope, retry_attempt + 1."""
        again = Delivery(delivery.type, delivery.payload, retry_attempt=delivery.retry_attempt + 1, retry_reason=reason)
        return self.hub.deliver(again)

    def _reaching_app(self) -> Reaching:
        return Reaching(self.workspace, self.hub)

    def _place_of(self, channel: str, user: str) -> Channel:
        place, person = self.workspace.channel(channel), self._person(user)
        if person.id not in place.members:
            raise LookupError(f"{user} is not a member of {channel}")
        return place

    def _person(self, user: str) -> User:
        return self.workspace.users[user]

    def _username(self, user: str) -> str:
        return self._person(user).name.lower().replace(" ", ".")

    def _own_message(self, channel: str, user: str, ts: str) -> Json:
        message = self.workspace.message(channel, ts)
        if message.get("user") != user:
            raise LookupError(f"not a message of {user}")
        return message

    def _open_view(self, user: str, view: Json) -> Json:
        """The view as it stands now: the visible one of the modal, or the home tab."""
        visible = stack_of(self.workspace, user)[-1:]
        home = self.workspace.homes.get(user)
        for shown in [*visible, *([home] if home else [])]:
            if shown["id"] == view["id"]:
                return shown
        raise NoSuchControl(f"{user} does not see this view")

    def _act_on_message(self, user: str, channel: str, message: Json, action: Json) -> Delivery:
        ephemeral = message in self.workspace.ephemerals
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": ephemeral}
        place = AnswerPlace(channel, user, message["ts"])
        told = {} if ephemeral else {"message": {name: value for name, value in message.items() if name != "metadata"}}
        entered = state(message["blocks"], {})
        return self._interact(
            user,
            {
                "type": "block_actions",
                "container": container,
                **self._channel_part(channel),
                **told,
                "state": _with_action(entered, action),
                "response_url": self._response_url(place),
                "actions": [action],
            },
        )

    def _act_on_view(self, user: str, view: Json, action: Json) -> Delivery:
        view["state"] = _with_action(state(view["blocks"], {}, view["state"]), action)
        container = {"type": "view", "view_id": view["id"]}
        return self._interact(user, {"type": "block_actions", "container": container, "view": view, "actions": [action]})

    def _interact(self, user: str, payload: Json) -> Delivery:
        return self.hub.deliver(self._interaction(user, payload))

    def _interaction(self, user: str, payload: Json) -> Delivery:
        person = {"id": user, "username": self._username(user), "name": self._username(user), "team_id": TEAM_ID}
        common = {"team": {"id": TEAM_ID, "domain": TEAM_DOMAIN}, "user": person, "api_app_id": APP_ID, "enterprise": None}
        trigger = {"trigger_id": self.workspace.issue_trigger(user), "is_enterprise_install": False}
        return Delivery("interactive", {**payload, **common, **trigger})

    def _channel_part(self, channel: str) -> Json:
        place = self.workspace.channel(channel)
        return {"channel": {"id": channel, "name": "directmessage" if place.is_direct else place.name}}

    def _response_url(self, place: AnswerPlace) -> str:
        name = secrets.token_hex(8)
        self.workspace.answer_places[name] = place
        return f"{self.context.base_url}/response/{name}"

    def _show_answer(self, place: AnswerPlace, ack: Json) -> None:
        if ack.get("text") or ack.get("blocks"):
            answer_beside(self.context, place, ack)


def _with_action(entered: Json, action: Json) -> Json:
    """The state of a message or view after this action."""
    held = entered["values"].get(action["block_id"], {})
    if action["action_id"] in held:
        held[action["action_id"]] = {name: value for name, value in action.items() if name.startswith(("type", "selected", "value"))}
    return entered
