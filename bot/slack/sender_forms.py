"""Who asks, in Slack: the form that corrects the sender of what a colleague passed on, and the list of agents."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack.access import Access
from bot.slack.blocks import Block, mrkdwn, plain
from bot.slack.entered import entered
from bot.slack.manners import Back, Event, open_view, privately, submit
from bot.slack.modals import form, label

_AGENTS = 20


def register_sender_forms(app: App, back: Back, access: Access) -> None:
    """Hang the form's listeners into Bolt's app."""

    @app.action("correct_sender")
    def on_correct(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        user, reference = body["user"]["id"], body["actions"][0]["value"]
        privately(client, body, user, access, lambda: open_view(client, body, lambda: _sender(back.look(reference, user))))

    @app.view("correct_sender")
    def on_corrected(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        state, user = entered(view), body["user"]["id"]
        address = state["address"]["address"].get("value") or ""
        chosen = datetime.fromtimestamp(int(state["at"]["at"]["selected_date_time"]), UTC)
        submit(ack, client, user, access, "address",
                lambda: back.act("correct_sender", view["private_metadata"], user, address=address, received_at=chosen))  # fmt: skip


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


def _sender(facts: Mapping[str, Any]) -> Block:
    """Filled in with what the forward shows."""
    received_at = int(datetime.fromisoformat(facts["received_at"]).timestamp())
    field: Block = {"type": "plain_text_input", "action_id": "address", "max_length": 320}
    if facts["requester"]:
        field["initial_value"] = facts["requester"]
    picker = {"type": "datetimepicker", "action_id": "at", "initial_date_time": received_at}
    first = "When it first reached the company, at whichever colleague; the clocks start there."
    sent = "Saving confirms the sender: the acknowledgement goes to this address."
    return form("correct_sender", facts["reference"], "Save", [
        {"type": "input", "block_id": "address", "label": label("The requester's mail address"), "hint": label(sent), "element": field},
        {"type": "input", "block_id": "at", "label": label("Received on"), "hint": label(first), "element": picker},
    ])  # fmt: skip
