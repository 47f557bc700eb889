"""Forms of the card's menu about the ticket itself: hand over, note, merge with another; and the buttons of unclear tickets."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import Refused
from bot.slack.access import Access
from bot.slack.blocks import READ_AS, Block, intent_name, mrkdwn, plain
from bot.slack.entered import entered
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.modals import form, label

_NOTE = 3_000
_OPTION = 75  # characters that an option takes
_STRANGER = "That colleague is not at the privacy desk and could not open the ticket. Invite them to the desk channel first."

Opener = Callable[[Back, WebClient, Event, str, str], None]


def _open(draw: Callable[[Mapping[str, Any]], Block], back: Back, client: WebClient, body: Event, reference: str, user: str) -> None:
    open_view(client, body, lambda: draw(back.show("standing", user, reference=reference)))


def _open_note(back: Back, client: WebClient, body: Event, reference: str, user: str) -> None:
    """Closed tickets take notes, too."""

    def drawn() -> Block:
        back.show("kept", user, reference=reference)
        return note(reference)

    open_view(client, body, drawn)


def hand_over(facts: Mapping[str, Any]) -> Block:
    """Whom to give it to; who has it now travels along, so that two people don't overrule each other unawares."""
    people: Block = {"type": "users_select", "action_id": "handler", "placeholder": label("Choose a colleague")}
    back = {"text": label("Nobody: give it back to the desk"), "value": "back"}
    now = f"<@{facts['handler']}> has it now." if facts["handler"] else "Nobody has it now."
    return form("hand_over", f"{facts['reference']} {facts['handler'] or ''}", "Hand over", [
        {"type": "section", "text": mrkdwn(f"{now} The colleague is told in a direct message.")},
        {"type": "input", "block_id": "handler", "optional": True, "label": label("Colleague"), "element": people},
        {"type": "input", "block_id": "back", "optional": True, "label": label("Or"),
         "element": {"type": "checkboxes", "action_id": "back", "options": [back]}},
    ])  # fmt: skip


def note(reference: str) -> Block:
    """A text for colleagues."""
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": _NOTE}
    hint = "Kept encrypted with the ticket and shown by View. It is in no letter; the requester may ask for it (Art 15 GDPR)."
    return form("note", reference, "Save", [
        {"type": "input", "block_id": "text", "label": label("For your colleagues"), "hint": label(hint), "element": field},
    ])  # fmt: skip


def merge(reference: str, found: Mapping[str, Any] | None = None) -> Block:
    """Which ticket this one is a duplicate of; `found`: what is to be said of the one that was chosen."""
    field = {"type": "external_select", "action_id": "into", "min_query_length": 0, "placeholder": label("PRV-…: type a part of it")}
    same = {"text": label("It is one person, and answers may go to the other ticket"), "value": "same"}
    told = (f"*{reference}* closes as a duplicate, without a letter. Its requests, messages and replies go on in the other ticket, "
            "whose clock starts at the earlier receipt of the two. It can't be undone.")  # fmt: skip
    return form("merge", reference, "Merge", [
        {"type": "section", "text": mrkdwn(told)},
        {"type": "input", "block_id": "into", "dispatch_action": True, "label": label("The other ticket, which stays"), "element": field},
        *_found(found),
        {"type": "input", "block_id": "same_person", "optional": True, "label": label("Where the requesters differ"),
         "hint": label("Else an answer would tell one person about another."),
         "element": {"type": "checkboxes", "action_id": "same_person", "options": [same]}},
    ])  # fmt: skip


def _found(found: Mapping[str, Any] | None) -> list[Block]:
    if found is None:
        return []
    if "refused" in found:
        return [{"type": "context", "elements": [plain(f"⚠ {found['refused']}")]}]
    received = f"Received on {found['received_at']:%d %b %Y} at the latest."
    if not found["differ"]:
        return [{"type": "context", "elements": [plain(f"The same requester. {received}")]}]
    here, there = (who or "unknown" for who in found["requesters"])
    who = f": {here} here, {there} there" if any(found["requesters"]) else ""
    return [{"type": "section", "text": plain(f"⚠ The requesters differ{who}. Answers will go to the one there, and to nobody else.")}]


FORMS: Mapping[str, Opener] = {
    "hand_over": partial(_open, hand_over),
    "note": _open_note,
    "merge": partial(_open, lambda facts: merge(facts["reference"])),
}
"""What opens a form, by the verb of the menu's choice."""


def register_desk_forms(app: App, back: Back, access: Access) -> None:
    """Hang the forms' listeners into Bolt's app."""
    _register_handing_over(app, back, access)
    _register_merging(app, back, access)

    @app.view("note")
    def on_note(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        user, text = body["user"]["id"], entered(view)["text"]["text"].get("value") or ""
        submit(ack, client, user, access, "text", lambda: back.act("note", view["private_metadata"], user, text=text))

    @app.action(re.compile(f"^{READ_AS}"))
    def on_read_as(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        user, pressed = body["user"]["id"], body["actions"][0]
        intent = pressed["action_id"].removeprefix(READ_AS)
        privately(client, body, user, access, lambda: back.act("read_as", pressed["value"], user, intent=intent))


def _register_handing_over(app: App, back: Back, access: Access) -> None:
    @app.view("hand_over")
    def on_hand_over(ack: Ack, body: Event, view: Event, client: WebClient, context: BoltContext) -> None:
        state, user = entered(view), body["user"]["id"]
        reference, _, seen = view["private_metadata"].partition(" ")
        handler = state["handler"]["handler"].get("selected_user") or ""
        to_desk = bool(state["back"]["back"].get("selected_options"))

        def step() -> None:
            if bool(handler) == to_desk:
                raise Refused("Choose a colleague, or tick that nobody has it.")
            if handler and (handler == context.bot_user_id or not access.may(client, handler)):
                raise Refused(_STRANGER)
            back.act("hand_over", reference, user, handler=handler, seen=seen or None)

        submit(ack, client, user, access, "handler", step)


def _register_merging(app: App, back: Back, access: Access) -> None:
    @app.options("into")
    def on_typing(ack: Ack, body: Event, client: WebClient) -> None:
        user, reference = body["user"]["id"], body["view"]["private_metadata"]
        known = access.may(client, user)
        found = back.show("merge_candidates", user, reference=reference, typed=str(body.get("value") or "")) if known else ()
        ack(options=[_option(one) for one in found])

    @app.action("into")
    def on_chosen(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        view, user = body["view"], body["user"]["id"]
        reference, into = view["private_metadata"], str(body["actions"][0]["selected_option"]["value"])

        def shown() -> None:
            client.views_update(view_id=view["id"], hash=view["hash"], view=merge(reference, _about(back, reference, into, user)))

        privately(client, body, user, access, shown)

    @app.view("merge")
    def on_merge(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        state, user = entered(view), body["user"]["id"]
        into = str((state["into"]["into"].get("selected_option") or {}).get("value", ""))
        same = bool(state["same_person"]["same_person"].get("selected_options"))
        submit(ack, client, user, access, "into", lambda: back.act("merge", view["private_metadata"], user, into=into, same_person=same))


def _about(back: Back, reference: str, into: str, user: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = back.show("merge", user, reference=reference, into=into)
    except Refused as refusal:
        return {"refused": str(refusal)}
    return found


def _option(found: Mapping[str, Any]) -> Block:
    asked = ", ".join(intent_name(intent) for intent in found["intents"])
    due = found["due_on"]
    words = " · ".join(filter(None, (found["reference"], "same sender" if found["same"] else "", asked, f"due {due:%d %b}" if due else "")))
    return {"text": label(words if len(words) <= _OPTION else words[: _OPTION - 1] + "…"), "value": found["reference"]}

