"""Forms of the card's menu about the ticket itself: hand over, note, merge with another; and the buttons of unclear tickets."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import Refused
from bot.slack.access import Access
from bot.slack.blocks import READ_AS, Block, escape, intent_name, mrkdwn, plain
from bot.slack.entered import Entered
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.modals import form, label
from bot.slack.people import People

_NOTE = 3_000
_OPTION = 75  # characters that an option takes
_OPTIONS = 100  # that a menu takes
_NOBODY = {"text": label("Nobody: give it back to the desk"), "value": "nobody"}
_STRANGER = "That colleague is not at the privacy desk and could not open the ticket. Invite them to the desk channel first."

Opener = Callable[[Back, WebClient, Event, str, str, People], None]


def _open_hand_over(back: Back, client: WebClient, body: Event, reference: str, user: str, people: People) -> None:
    def drawn() -> Block:
        facts = back.show("standing", user, reference=reference)
        return hand_over(facts, people.at_the_desk(client, back.show("names", user)))

    open_view(client, body, drawn)


def _open_merge(back: Back, client: WebClient, body: Event, reference: str, user: str, _people: People) -> None:
    def drawn() -> Block:
        back.show("standing", user, reference=reference)
        return merge(reference, back.show("merge_candidates", user, reference=reference, typed=""))

    open_view(client, body, drawn)


def _open_note(back: Back, client: WebClient, body: Event, reference: str, user: str, _people: People) -> None:
    """Closed tickets take notes, too."""

    def drawn() -> Block:
        back.show("kept", user, reference=reference)
        return note(reference)

    open_view(client, body, drawn)


def hand_over(facts: Mapping[str, Any], people: Sequence[tuple[str, str]]) -> Block:
    """Whom to give it to; who has it now travels along, so that two people don't overrule each other unawares."""
    options = [{"text": plain(name, _OPTION), "value": user} for name, user in people if user != facts["handler"]][: _OPTIONS - 1]
    menu: Block = {"type": "static_select", "action_id": "handler", "placeholder": label("Choose"), "options": [*options, _NOBODY]}
    now = f"<@{escape(facts['handler'])}> has it now." if facts["handler"] else "Nobody has it now."
    return form("hand_over", f"{facts['reference']} {facts['handler'] or ''}", "Hand over", [
        {"type": "section", "text": mrkdwn(f"{now} The colleague is told in a direct message.")},
        {"type": "input", "block_id": "handler", "label": label("To"), "element": menu},
    ])  # fmt: skip


def note(reference: str) -> Block:
    """A text for colleagues."""
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": _NOTE}
    hint = "Kept encrypted with the ticket and shown by View. It is in no letter; the requester may ask for it (Art 15 GDPR)."
    return form("note", reference, "Save", [
        {"type": "input", "block_id": "text", "label": label("For your colleagues"), "hint": label(hint), "element": field},
    ])  # fmt: skip


def merge(reference: str, found: Sequence[Mapping[str, Any]]) -> Block:
    """Which ticket this one is a duplicate of; `found`: the likeliest."""
    field = {"type": "plain_text_input", "action_id": "into", "max_length": 40, "placeholder": label("PRV-2026-00042")}
    menu = {"type": "static_select", "action_id": "candidate", "options": [_option(one) for one in found], "placeholder": label("Choose")}
    other = label("The other ticket, which stays")
    chosen: Block = {"type": "input", "block_id": "candidate", "optional": True, "label": other, "element": menu}
    same = {"text": label("It is one person, and answers may go to the other ticket"), "value": "same"}
    told = (f"*{reference}* closes as a duplicate, without a letter. Its requests, messages and replies go on in the other ticket, "
            "whose clock starts at the earlier receipt of the two. It can't be undone.")  # fmt: skip
    return form("merge", reference, "Merge", [
        {"type": "section", "text": mrkdwn(told)},
        *([chosen] if found else []),
        {"type": "input", "block_id": "into", "optional": True, "element": field,
         "label": label("Or another one, by its reference") if found else other},
        {"type": "input", "block_id": "same_person", "optional": True, "label": label("Where the requesters differ"),
         "hint": label("Else an answer would tell one person about another."),
         "element": {"type": "checkboxes", "action_id": "same_person", "options": [same]}},
    ])  # fmt: skip


FORMS: Mapping[str, Opener] = {
    "hand_over": _open_hand_over,
    "note": _open_note,
    "merge": _open_merge,
}
"""What opens a form, by the verb of the menu's choice."""


def register_desk_forms(app: App, back: Back, access: Access) -> None:
    """Hang the forms' listeners into Bolt's app."""
    _register_handing_over(app, back, access)
    _register_merging(app, back, access)

    @app.view("note")
    def on_note(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        user, text = body["user"]["id"], Entered(view).text("text")
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
        chosen, user = Entered(view).chosen("handler"), body["user"]["id"]
        reference, _, seen = view["private_metadata"].partition(" ")
        handler = "" if chosen == _NOBODY["value"] else chosen

        def step() -> None:
            if not chosen:
                raise Refused("Choose a colleague, or nobody.")
            if handler and (handler == context.bot_user_id or not access.may(client, handler)):
                raise Refused(_STRANGER)
            back.act("hand_over", reference, user, handler=handler, seen=seen or None)

        submit(ack, client, user, access, "handler", step)


def _register_merging(app: App, back: Back, access: Access) -> None:
    @app.view("merge")
    def on_merge(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        entered, user = Entered(view), body["user"]["id"]
        chosen, written = entered.chosen("candidate"), entered.text("into").strip()
        same = bool(entered.ticked("same_person"))

        def step() -> None:
            if chosen and written and chosen != written.upper():
                raise Refused("Choose one or write one, not two.", "into")
            back.act("merge", view["private_metadata"], user, into=written or chosen, same_person=same)

        submit(ack, client, user, access, "into", step)


def _option(found: Mapping[str, Any]) -> Block:
    asked = ", ".join(intent_name(intent) for intent in found["intents"])
    due = found["due_on"]
    words = " · ".join(filter(None, (found["reference"], "same sender" if found["same"] else "", asked, f"due {due:%d %b}" if due else "")))
    return {"text": label(words if len(words) <= _OPTION else words[: _OPTION - 1] + "…"), "value": found["reference"]}

