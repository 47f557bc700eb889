"""Listeners: each acknowledges at once, then lets the app act; whoever may not, or tries an illegal step, is told privately why."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.posting import read_post
from bot.slack import modals
from bot.slack.access import ACT, CLOSE, VIEW, Access
from bot.slack.answers import ANSWERS
from bot.slack.blocks import listing
from bot.slack.change_form import change
from bot.slack.clock_forms import choose, register_clock_forms
from bot.slack.desk_forms import register_desk_forms
from bot.slack.entered import Entered
from bot.slack.errands import ERRANDS, POSTS
from bot.slack.home import register_home, show_home
from bot.slack.intent_boxes import RIGHTS, intents_ticked
from bot.slack.manners import Back, Event, open_view, privately, submit, taken
from bot.slack.new_ticket_forms import register_new_ticket_forms
from bot.slack.people import People
from bot.slack.repeats import Repeats
from bot.slack.reply_forms import register_reply_forms
from bot.slack.sender_forms import agent_list, register_sender_forms
from bot.slack.suppression_forms import register_suppression_forms

_SIMPLE = ("claim", "reopen", "answer_anyway", "confirm_sender")


COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("list", "all open tickets"),
    "mine": ("mine", "the tickets you have"),
    "due": ("due N", "what is due within N days (7 without a number)"),
    "overdue": ("overdue", "what is late"),
    "unassigned": ("unassigned", "what nobody has taken"),
    "agents": ("agents", "who asks for others, and their open tickets"),
    "held": ("held", "mail that could not be read, with the reason"),
    "show": ("show REF", "one ticket"),
    "search": ("search TEXT", "tickets by the requester's whole mail address, or by part of a reference"),
    "new": ("new", "open a ticket for a request that came by phone, letter or in person"),
    "digest": ("digest [2026-W47]", "the figures of the last full week, or of that one"),
}


def register(app: App, back: Back, access: Access, intake_channel: str | None) -> None:
    """Hang every listener into Bolt's app."""
    app.middleware(Repeats().answer_once)
    _register_buttons(app, back, access)
    _register_forms(app, back, access)
    register_clock_forms(app, back, access)
    register_sender_forms(app, back, access)
    register_reply_forms(app, back, access)
    register_desk_forms(app, back, access)
    register_new_ticket_forms(app, back, access)
    register_suppression_forms(app, back, access)
    _register_command(app, back, access)
    register_home(app, back, access)

    @app.middleware
    def remember_name(body: Event, next: Callable[[], None]) -> None:  # noqa: A002 (Bolt's name)
        next()
        user = body.get("user")
        if isinstance(user, dict) and user.get("id"):
            ERRANDS.run(lambda: back.meet(str(user["id"]), str(user.get("name") or user.get("username") or "")))

    @app.event("message")
    def on_message(event: Event, ack: Ack) -> None:
        ack()
        if event.get("channel") == intake_channel and read_post(event) is not None:
            POSTS.run(lambda: back.take_in_slack(event))
        elif ts := deleted(event):  # nobody is named who did it; the app knows whether it was a card
            POSTS.run(lambda: back.act("post_card_anew", f"{event['channel']}:{ts}", ""))


def deleted(event: Mapping[str, Any]) -> str:
    """The time stamp of the message that is gone; empty where none is. What has a thread leaves a tombstone and counts as changed."""
    if event.get("subtype") == "message_changed" and event["message"].get("subtype") == "tombstone":
        return str(event["message"]["ts"])
    return str(event.get("deleted_ts") or "") if event.get("subtype") == "message_deleted" else ""


def _register_buttons(app: App, back: Back, access: Access) -> None:
    people = People(access)

    def guarded(body: Event, client: WebClient, step: Callable[[str, str], None], verb: str = ACT) -> None:
        user, reference = body["user"]["id"], body["actions"][0]["value"]

        def pressed() -> None:
            try:
                step(reference, user)
            finally:  # also a refusal says that the home tab is out of date
                if body.get("view", {}).get("type") == "home":
                    ERRANDS.run(lambda: show_home(client, back, user))

        privately(client, body, user, access, pressed, verb)

    def simple(verb: str) -> Callable[[Ack, Event, WebClient], None]:
        # Bolt fills arguments by their names, so the verb comes by closure
        def on_simple(ack: Ack, body: Event, client: WebClient) -> None:
            ack()
            guarded(body, client, lambda reference, user: back.act(verb, reference, user))

        return on_simple

    for verb in _SIMPLE:
        app.action(verb)(simple(verb))

    @app.action("view")
    def on_view(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        guarded(body, client, lambda reference, user: open_view(client, body, lambda: _view(back, reference, user)), VIEW)

    @app.action("more")
    def on_more(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        verb, _, reference = str(body["actions"][0]["selected_option"]["value"]).partition(":")
        user = body["user"]["id"]
        privately(client, body, user, access, lambda: choose(back, client, body, verb, reference, user, people))

    @app.action("close")
    def on_close(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        guarded(body, client, lambda reference, user: open_view(client, body, lambda: _close(back, reference, user)), CLOSE)

    @app.action("change")
    def on_change(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        guarded(body, client, lambda reference, user: open_view(client, body, lambda: _change(back, reference, user)))


def _register_forms(app: App, back: Back, access: Access) -> None:
    @app.view("close")
    def on_closed(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        entered, user = Entered(view), body["user"]["id"]
        outcomes = {int(block.removeprefix("request-")): entered.chosen(block) for block in view["state"]["values"] if "request-" in block}
        chosen = {number: outcome for number, outcome in outcomes.items() if outcome}
        letter, reasons = bool(entered.ticked("letter")), entered.text("reasons")
        closing = partial(back.act, "close", view["private_metadata"], user, outcomes=chosen, reasons=reasons, letter=letter)
        submit(ack, client, user, access, "reasons", closing, CLOSE)

    @app.view("change")
    def on_changed(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        entered, user = Entered(view), body["user"]["id"]
        intents, regime = intents_ticked(entered), entered.chosen("regime")
        reference, _, seen = view["private_metadata"].partition(" ")
        submit(ack, client, user, access, RIGHTS,
                lambda: back.act("reclassify", reference, user, intents=intents, regime=regime, seen=int(seen or 0)))  # fmt: skip


def _register_command(app: App, back: Back, access: Access) -> None:
    @app.command("/privacy")
    def on_command(ack: Ack, body: Event, client: WebClient, respond: Respond) -> None:
        ack()
        user = body["user_id"]
        word, _, argument = str(body.get("text") or "help").strip().partition(" ")
        word = word.lower()

        def answer() -> None:
            step = partial(_answer, back, client, body, respond, word, argument.strip(), user)
            if words := taken(client, access, user, ACT, step):
                _say(respond, words)

        ERRANDS.run(answer)


def help_text(*, known: bool = True) -> str:
    """Built from the table of commands."""
    first = "*What you can ask for:*" if known else "There is no such command. *What you can ask for:*"
    return "\n".join([first, *(f"`/privacy {usage}` – {words}" for usage, words in COMMANDS.values())])


def _answer(back: Back, client: WebClient, body: Event, respond: Respond, word: str, argument: str, user: str) -> None:
    if word in ANSWERS:
        ANSWERS[word](back, client, body, respond, argument, user)
    elif word in COMMANDS:
        _list(back, respond, word, argument, user)
    else:
        _say(respond, help_text(known=word == "help"))


def _list(back: Back, respond: Respond, word: str, argument: str, user: str) -> None:
    tickets = back.tickets(word, user, argument)
    title = COMMANDS[word][1]
    show, what = (agent_list, "agents") if word == "agents" else (listing, "tickets")
    respond(text=f"{len(tickets)} {what}", blocks=show(f"{title[:1].upper()}{title[1:]}", tickets), response_type="ephemeral")


def _say(respond: Respond, words: str) -> None:
    respond(text=words, response_type="ephemeral")


def _view(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    facts = back.look(reference, user)
    if facts["merged_into"]:  # what was said there goes on in the other ticket
        facts = back.look(facts["merged_into"], user)
    return modals.view(facts["reference"], facts["messages"])


def _close(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    back.show("standing", user, reference=reference)
    facts = back.look(reference, user)
    return modals.close(reference, facts["open"])


def _change(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    back.show("standing", user, reference=reference)
    facts = back.look(reference, user)
    asked, law = [request["intent"] for request in facts["open"]], facts["proposed"] or facts["regime"]
    return change(reference, asked, law, changes=facts["changes"])
