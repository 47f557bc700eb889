"""Forms that move the clocks: ask who it is or what is meant, extend, set the true receipt."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack.access import Access
from bot.slack.blocks import Block
from bot.slack.desk_forms import FORMS
from bot.slack.entered import Entered
from bot.slack.manners import Back, Event, open_view, submit
from bot.slack.modals import form, label
from bot.slack.moments import moment, moment_fields
from bot.slack.people import People
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


def choose(back: Back, client: WebClient, body: Event, verb: str, reference: str, user: str, people: People) -> None:
    """A choice of the card's menu: done at once, or a form opens."""
    if verb in _RECEIVED:
        back.act(verb, reference, user)
    elif verb in FORMS:
        FORMS[verb](back, client, body, reference, user, people)
    elif verb == "suppress":
        open_view(client, body, suppression_form(reference))
    elif verb == "receipt":
        open_view(client, body, lambda: _receipt(back.show("receipt", user, reference=reference)))
    else:
        open_view(client, body, _letter(verb, reference))


def register_clock_forms(app: App, back: Back, access: Access) -> None:
    """Hang the forms' listeners into Bolt's app."""

    @app.view("ask_id")
    def on_ask_id(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        _ask(ack, body, view, client, "id", known=Entered(view).text("known"))

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
        user, entered = body["user"]["id"], Entered(view)
        reference, _, zone = view["private_metadata"].partition(" ")
        submit(ack, client, user, access, "at", lambda: back.act("set_receipt", reference, user, received_at=moment(entered, zone)))

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


def _receipt(facts: Mapping[str, Any]) -> Block:
    hint = "When it first reached the company on an official channel; the clocks start there. The old value stays in the journal."
    fields = moment_fields(facts["zone"], hint, facts["received_at"])
    return form("receipt", f"{facts['reference']} {facts['zone']}", "Save", fields, title="Receipt")


def _entered(view: Mapping[str, Any]) -> tuple[str, bool]:
    entered = Entered(view)
    return entered.text("words"), bool(entered.ticked("letter"))


def _reference(view: Mapping[str, Any]) -> str:
    return str(view["private_metadata"])
