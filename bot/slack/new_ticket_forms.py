"""The form that opens a ticket by hand, from `/privacy new` or from any Slack message by the shortcut "Open privacy ticket"."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.by_hand import SOURCES, Slip
from bot.clocks import regimes
from bot.parsing import parse_slack
from bot.slack.access import Access
from bot.slack.blocks import Block, mrkdwn
from bot.slack.entered import Entered
from bot.slack.intent_boxes import RIGHTS, intent_boxes, intents_ticked
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.modals import label
from bot.slack.moments import moment, moment_fields

SHORTCUT = "open_ticket"
_FORM = "new_ticket"
_LONGEST = 3_000  # characters that a field takes
_FIRST = "When it first reached the company, at whichever colleague; the clock starts there."
_CUT = "\n[the rest stands in Slack]"


def register_new_ticket_forms(app: App, back: Back, access: Access) -> None:
    """Hang the shortcut's and the form's listeners into Bolt's app."""

    @app.shortcut(SHORTCUT)
    def on_shortcut(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        user = body["user"]["id"]
        # a refusal goes to the person directly: in that channel the bot may be a stranger
        privately(client, {**body, "channel": {}}, user, access, lambda: _open_for(back, client, body, user))

    @app.view(_FORM)
    def on_filled_in(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        user = body["user"]["id"]
        submit(ack, client, user, access, RIGHTS, lambda: back.act("open_by_hand", "", user, slip=_slip(view)))


def open_empty(back: Back, client: WebClient, body: Event, user: str) -> None:
    """`/privacy new`."""
    open_view(client, body, lambda: new_ticket(back.show("blank", user, channel="", ts=""), {"place": {}}))


def _open_for(back: Back, client: WebClient, body: Event, user: str) -> None:
    message, channel = body["message"], body["channel"]["id"]
    ts = str(body.get("message_ts") or message["ts"])
    received_at = datetime.fromtimestamp(float(ts), UTC)
    read = parse_slack({**message, "channel": channel, "ts": ts}, received_at)
    text = read.body if len(read.body) <= _LONGEST else read.body[: _LONGEST - len(_CUT)] + _CUT
    place = {"channel": channel, "ts": ts, "thread": message.get("thread_ts") or "", "has_files": bool(message.get("files"))}
    known = {"place": place, "source": "slack", "text": text, "address": read.sender.address, "at": received_at}
    open_view(client, body, lambda: new_ticket(back.show("blank", user, channel=channel, ts=ts), known))


def new_ticket(offered: Mapping[str, Any], known: Mapping[str, Any]) -> Block:
    """Everything that a mail would have told by itself. `known`: what is filled in already."""
    sources = [_option(words, name) for name, words in SOURCES.items()]
    laws = [_option(name, name) for name in regimes()][:100]
    tongues = [_option(_language(code), code) for code in offered["languages"]][:100]
    send = _option("Send the acknowledgement to the mail address", "send")
    source = next((option for option in sources if option["value"] == known.get("source")), sources[0])
    kept = json.dumps({**known["place"], "zone": offered["zone"]})
    return {
        "type": "modal", "callback_id": _FORM, "private_metadata": kept, "title": label("New ticket"),
        "submit": label("Open ticket"), "close": label("Cancel"),
        "blocks": [
            {"type": "context", "elements": [mrkdwn("For a request that did not come to the mailbox.")]},
            _input("source", "How it came", {"type": "static_select", "options": sources, "initial_option": source}),
            *moment_fields(offered["zone"], _FIRST, known.get("at")),
            *intent_boxes(),
            _input("text", "What was said or written", {"type": "plain_text_input", "multiline": True, "max_length": _LONGEST,
                                                        **_filled("initial_value", known.get("text"))}, optional=not known.get("text")),
            _input("name", "Requester's name", {"type": "plain_text_input", "max_length": 200}, optional=True),
            _input("address", "Requester's mail address", {"type": "plain_text_input", "max_length": 320,
                                                           **_filled("initial_value", known.get("address"))}, optional=True),
            _input("letter", "Letter", {"type": "checkboxes", "options": [send]}, optional=True),
            _input("language", "Language of the letters", _select(tongues, offered["language"])),
            _input("regime", "Law", _select(laws, offered["regime"])),
        ],
    }  # fmt: skip


def _input(name: str, title: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    drawn: Block = {"type": "input", "block_id": name, "label": label(title), "element": {**element, "action_id": name}}
    return {**drawn, **({"hint": label(hint)} if hint else {}), **({"optional": True} if optional else {})}


def _select(options: list[Block], chosen: str) -> Block:
    first = next((option for option in options if option["value"] == chosen), options[0])
    return {"type": "static_select", "options": options, "initial_option": first}


def _filled(field: str, value: Any) -> Block:
    return {field: value} if value else {}


def _option(words: str, value: str) -> Block:
    return {"text": label(words), "value": value}


def _language(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


def _slip(view: Mapping[str, Any]) -> Slip:
    entered, place = Entered(view), json.loads(view["private_metadata"])
    zone = place.pop("zone")
    return Slip(
        form=str(view["id"]), source=entered.chosen("source"), intents=intents_ticked(entered), regime=entered.chosen("regime"),
        language=entered.chosen("language"), received_at=moment(entered, zone), name=entered.text("name"), address=entered.text("address"),
        text=entered.text("text"), acknowledge=bool(entered.ticked("letter")), **place,
    )  # fmt: skip
