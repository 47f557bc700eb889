"""Manners: how every listener deals with people: acknowledge, ask whether they may, act, and say privately why not."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.desk import Refused
from bot.slack.access import Access

Event = dict[str, Any]


class Back(Protocol):
    """What the app does for the listeners."""

    def act(self, verb: str, reference: str, user: str, **arguments: Any) -> None:
        """Do one thing to a ticket. Raises Refused."""

    def look(self, reference: str, user: str) -> Mapping[str, Any]:
        """A ticket's facts, open requests and messages; the reading is journalled. Raises Refused."""

    def show(self, what: str, user: str, **arguments: Any) -> Any:
        """Answer a question that changes no ticket: one of verbs.LOOKS. Raises Refused."""

    def tickets(self, which: str, user: str, argument: str) -> Sequence[Mapping[str, Any]]:
        """The facts of many tickets: mine, due, overdue, unassigned, list; or those of agents. Raises Refused."""

    def meet(self, user: str, name: str) -> None:
        """Remember what a colleague is called, for the digest."""

    def take_in_slack(self, event: Mapping[str, Any]) -> object:
        """File a message of the intake channel."""


def privately(client: WebClient, body: Event, user: str, access: Access, step: Callable[[], None]) -> None:
    """Take the step, or tell this one person why not."""
    channel = (body.get("channel") or {}).get("id") or user
    if not access.may(client, user):
        _whisper(client, channel, user, access.no)
        return
    try:
        step()
    except Refused as refusal:
        _whisper(client, channel, user, str(refusal))


def _whisper(client: WebClient, channel: str, user: str, text: str) -> None:
    if channel == user:
        client.chat_postMessage(channel=user, text=text)
    else:
        client.chat_postEphemeral(channel=channel, user=user, text=text)


def submit(ack: Ack, client: WebClient, user: str, access: Access, block: str, step: Callable[[], None]) -> None:
    """A form is acknowledged with its result: an error stands at the field, and the form stays open."""
    if not access.may(client, user):
        ack(response_action="errors", errors={block: access.no})
        return
    try:
        step()
    except Refused as refusal:
        ack(response_action="errors", errors={refusal.field or block: str(refusal)})
    else:
        ack()


def open_view(client: WebClient, body: Event, view: Mapping[str, Any]) -> None:
    """Open a modal; Slack gives three seconds for that."""
    client.views_open(trigger_id=body["trigger_id"], view=dict(view))
