"""Forms that move the clocks: ask who it is or what is meant, extend, set the true receipt."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack.access import Access
from bot.slack.blocks import Block
from bot.slack.desk_forms import FORMS
from bot.slack.entered import entered
from bot.slack.manners import Back, Event, open_view, submit
from bot.slack.modals import form, label
from bot.slack.suppression_forms import suppression_form

_RECEIVED = ("id_received", "clarification_received")
_WORDS = {
    "ask_id": ("Question, in the requester's language",
               "Only on reasonable doubt who it is (Art 12(6) GDPR). Left empty, the letter asks to answer from a known address. "
               "Never ask for a copy of an identity card by routine."),
    "ask_clarification": ("Question, in the requester's language",
                          "Answering is voluntary; without an answer the whole request is answered."),
    "extend": ("Reasons, in the requester's language", "They stand in the letter; without it no period is longer (Art 12(3) GDPR)."),
}  # fmt: skip

_KNOWN = (
    "From your own files, never from the message. The letter then goes there, and an answer from there that passes DMARC is recorded as "
    "proof of control of that address. Left empty, it goes to the requester."
)


def choose(back: Back, client: WebClient, body: Event, verb: str, reference: str, user: str) -> None:
    """A choice of the card's menu: done at once, or a form opens."""
    if verb in _RECEIVED:
        back.act(verb, reference, user)
    elif verb in FORMS:
        FORMS[verb](back, client, body, reference, user)
    elif verb == "suppress":
        open_view(client, body, suppression_form(reference))
    else:
        open_view(client, body, _receipt(reference) if verb == "receipt" else _letter(verb, reference))


def register_clock_forms(app: App, back: Back, access: Access) -> None:
    """Hang the forms' listeners into Bolt's app."""

    @app.view("ask_id")
    def on_ask_id(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        known = entered(view).get("known", {}).get("known", {}).get("value") or ""
        _ask(ack, body, view, client, "id", known=known)

    @app.view("ask_clarification")
    def on_ask_clarification(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        _ask(ack, body, view, client, "clarification")

    @app.view("extend")
    def on_extend(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        words, letter = _entered(view)
        user = body["user"]["id"]
        submit(ack, client, user, access, "words", lambda: back.act("extend", _reference(view), user, reasons=words, letter=letter))

    @app.view("receipt")
    def on_receipt(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        chosen = datetime.fromtimestamp(int(entered(view)["at"]["at"]["selected_date_time"]), UTC)
        user = body["user"]["id"]
        submit(ack, client, user, access, "at", lambda: back.act("set_receipt", _reference(view), user, received_at=chosen))

    def _ask(ack: Ack, body: Event, view: Event, client: WebClient, about: str, **more: str) -> None:
        words, letter = _entered(view)
        user, reference = body["user"]["id"], _reference(view)
        submit(ack, client, user, access, "words",
                lambda: back.act("ask", reference, user, about=about, question=words, letter=letter, **more))  # fmt: skip


def _letter(verb: str, reference: str) -> Block:
    title, hint = _WORDS[verb]
    field = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": 3000}
    send = {"text": label("Send the letter"), "value": "send"}
    boxes = {"type": "checkboxes", "action_id": "send", "options": [send], "initial_options": [send]}
    known: Block = {
        "type": "input", "block_id": "known", "optional": True, "label": label("Address the company knows"), "hint": label(_KNOWN),
        "element": {"type": "plain_text_input", "action_id": "known", "max_length": 320},
    }  # fmt: skip
    told = "Untick it when the requester was told another way."
    blocks: list[Block] = [
        {"type": "input", "block_id": "words", "optional": verb == "ask_id", "label": label(title), "hint": label(hint), "element": field},
        *([known] if verb == "ask_id" else []),
        {"type": "input", "block_id": "letter", "optional": True, "label": label("Letter"), "hint": label(told), "element": boxes},
    ]
    return form(verb, reference, "Send", blocks, title="Extend" if verb == "extend" else "Ask about")


def _receipt(reference: str) -> Block:
    hint = "When it first reached the company on an official channel; the clocks start there. The old value stays in the journal."
    picker = {"type": "datetimepicker", "action_id": "at"}
    return form("receipt", reference, "Save", [
        {"type": "input", "block_id": "at", "label": label("Received on"), "hint": label(hint), "element": picker},
    ], title="Receipt")  # fmt: skip


def _entered(view: Mapping[str, Any]) -> tuple[str, bool]:
    state = entered(view)
    return state["words"]["words"].get("value") or "", bool(state["letter"]["send"].get("selected_options"))


def _reference(view: Mapping[str, Any]) -> str:
    return str(view["private_metadata"])


