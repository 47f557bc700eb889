"""Listeners: each acknowledges at once, then lets the app act; whoever may not, or tries an illegal step, is told privately why."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk import Refused
from bot.posting import read_post
from bot.slack import modals
from bot.slack.access import Access
from bot.slack.blocks import home, listing
from bot.slack.clock_forms import choose, register_clock_forms
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.sender_forms import agent_list, register_sender_forms

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
}


def register(app: App, back: Back, access: Access, intake_channel: str | None) -> None:
    """Hang every listener into Bolt's app."""
    _register_buttons(app, back, access)
    _register_forms(app, back, access)
    register_clock_forms(app, back, access)
    register_sender_forms(app, back, access)
    _register_command(app, back, access)
    _register_home(app, back, access)

    @app.middleware
    def remember_name(body: Event, next: Callable[[], None]) -> None:  # noqa: A002 (Bolt's name)
        next()
        user = body.get("user")
        if isinstance(user, dict) and user.get("id"):
            back.meet(str(user["id"]), str(user.get("name") or user.get("username") or ""))

    @app.event("message")
    def on_message(event: Event, ack: Ack) -> None:
        ack()
        if event.get("channel") == intake_channel and read_post(event) is not None:
            back.take_in_slack(event)


def _register_buttons(app: App, back: Back, access: Access) -> None:
    def guarded(body: Event, client: WebClient, step: Callable[[str, str], None]) -> None:
        user, reference = body["user"]["id"], body["actions"][0]["value"]
        privately(client, body, user, access, lambda: step(reference, user))

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
        guarded(body, client, lambda reference, user: open_view(client, body, _view(back, reference, user)))

    @app.action("more")
    def on_more(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        verb, _, reference = str(body["actions"][0]["selected_option"]["value"]).partition(":")
        user = body["user"]["id"]
        privately(client, body, user, access, lambda: choose(back, client, body, verb, reference, user))

    @app.action("close")
    def on_close(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        guarded(body, client, lambda reference, user: open_view(client, body, _close(back, reference, user)))

    @app.action("change")
    def on_change(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        guarded(body, client, lambda reference, user: open_view(client, body, _change(back, reference, user)))


def _register_forms(app: App, back: Back, access: Access) -> None:
    @app.view("close")
    def on_closed(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        state, user = view["state"]["values"], body["user"]["id"]
        outcomes = {int(block.removeprefix("request-")): _selected(part["outcome"]) for block, part in state.items() if "outcome" in part}
        chosen = {number: outcome for number, outcome in outcomes.items() if outcome}
        letter = bool(state["letter"]["send"].get("selected_options"))
        reasons = state["reasons"]["text"].get("value") or ""
        submit(ack, client, user, access, "reasons",
                lambda: back.act("close", view["private_metadata"], user, outcomes=chosen, reasons=reasons, letter=letter))  # fmt: skip

    @app.view("change")
    def on_changed(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        state, user = view["state"]["values"], body["user"]["id"]
        intents = [option["value"] for option in state["intents"]["intents"].get("selected_options") or ()]
        regime = _selected(state["regime"]["regime"])
        submit(ack, client, user, access, "intents",
                lambda: back.act("reclassify", view["private_metadata"], user, intents=intents, regime=regime))  # fmt: skip


def _register_command(app: App, back: Back, access: Access) -> None:
    @app.command("/privacy")
    def on_command(ack: Ack, body: Event, client: WebClient, respond: Respond) -> None:
        ack()
        user = body["user_id"]
        word, _, argument = str(body.get("text") or "help").strip().partition(" ")
        if not access.may(client, user):
            respond(text=access.no, response_type="ephemeral")
        elif word not in COMMANDS:
            respond(text=help_text(), response_type="ephemeral")
        else:
            _list(back, respond, word, argument.strip(), user)


def _register_home(app: App, back: Back, access: Access) -> None:
    @app.event("app_home_opened")
    def on_home(event: Event, client: WebClient) -> None:
        user = event["user"]
        if event.get("tab", "home") == "home" and access.may(client, user):
            lists = [back.tickets(which, user, "") for which in ("mine", "unassigned", "overdue")]
            client.views_publish(user_id=user, view=home(*lists))


def help_text() -> str:
    """Built from the table of commands."""
    return "\n".join(["*What you can ask for:*", *(f"`/privacy {usage}` – {words}" for usage, words in COMMANDS.values())])


def _list(back: Back, respond: Respond, word: str, argument: str, user: str) -> None:
    try:
        tickets = back.tickets(word, user, argument)
    except Refused as refusal:
        respond(text=str(refusal), response_type="ephemeral")
        return
    show, what = (agent_list, "agents") if word == "agents" else (listing, "tickets")
    respond(text=f"{len(tickets)} {what}", blocks=show(COMMANDS[word][1].capitalize(), tickets), response_type="ephemeral")


def _view(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    return modals.view(reference, back.look(reference, user)["messages"])


def _close(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    facts = back.look(reference, user)
    if not facts["open"]:
        raise Refused(f"{reference} is closed already.")
    return modals.close(reference, facts["open"])


def _change(back: Back, reference: str, user: str) -> Mapping[str, Any]:
    facts = back.look(reference, user)
    return modals.change(reference, [request["intent"] for request in facts["open"]], facts["proposed"] or facts["regime"])


def _selected(element: Mapping[str, Any]) -> str:
    return str((element.get("selected_option") or {}).get("value", ""))
