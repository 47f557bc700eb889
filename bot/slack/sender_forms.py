"""Who asks, in Slack: the form that corrects the sender of what a colleague passed on, and the list of agents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack.access import Access
from bot.slack.blocks import Block, mrkdwn, plain
from bot.slack.entered import Entered
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.modals import form, label
from bot.slack.moments import moment, moment_fields

_AGENTS = 20


def register_sender_forms(app: App, back: Back, access: Access) -> None:
    """Hang the form's listeners into Bolt's app."""

    @app.action("correct_sender")
    def on_correct(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        user, reference = body["user"]["id"], body["actions"][0]["value"]
        privately(client, body, user, access, lambda: open_view(client, body, lambda: _opened(back, reference, user)))

    @app.view("correct_sender")
    def on_corrected(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        entered, user = Entered(view), body["user"]["id"]
        reference, _, zone = view["private_metadata"].partition(" ")

        def step() -> None:
            back.act("correct_sender", reference, user, address=entered.text("address"), received_at=moment(entered, zone))

        submit(ack, client, user, access, "address", step)


def agent_list(title: str, agents: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Who asks for others, each with the tickets they have open."""
    blocks: list[Block] = [{"type": "section", "text": mrkdwn(f"*{title}* ({len(agents)})")}]
    for agent in agents[:_AGENTS]:
        more = f" and {agent['count'] - len(agent['references'])} more" if agent["count"] > len(agent["references"]) else ""
        blocks.append({"type": "section", "text": plain(f"{agent['agent']}: {agent['count']} open")})
        blocks.append({"type": "context", "elements": [mrkdwn(", ".join(agent["references"]) + more)]})
    if len(agents) > _AGENTS:
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {len(agents) - _AGENTS} more")]})
    return blocks


def _opened(back: Back, reference: str, user: str) -> Block:
    return _sender(back.look(reference, user), back.show("receipt", user, reference=reference)["zone"])


def _sender(facts: Mapping[str, Any], zone: str) -> Block:
    """Filled in with what the forward shows."""
    field: Block = {"type": "plain_text_input", "action_id": "address", "max_length": 320}
    if facts["requester"]:
        field["initial_value"] = facts["requester"]
    first = "When it first reached the company, at whichever colleague; the clocks start there."
    sent = "Saving confirms the sender: the acknowledgement goes to this address."
    return form("correct_sender", f"{facts['reference']} {zone}", "Save", [
        {"type": "input", "block_id": "address", "label": label("The requester's mail address"), "hint": label(sent), "element": field},
        *moment_fields(zone, first, datetime.fromisoformat(facts["received_at"])),
    ])  # fmt: skip
