"""Manners: how every listener deals with people: acknowledge, ask whether they may, act, and say privately why not."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from typing import Any, Protocol

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk import Refused
from bot.slack.access import ACT, Access
from bot.slack.courier import code
from bot.slack.errands import ERRANDS
from bot.slack.openings import Opening
from bot.workers import attempt

Event = dict[str, Any]
View = Mapping[str, Any]

DID_NOT_WORK = "That did not work. Please try again; if it fails again, tell whoever looks after the bot."
TOO_LATE = "That took too long: Slack gives a window three seconds to open. Please press again."
NOT_YET = "That takes longer than usual. Nothing is lost: please press again."
NOW_DONE = "What you sent took a while; it is done now."
_PATIENCE_SECONDS = 2.0
"""How long a form may take until it is closed all the same: Slack waits for 3 s, some of them are on the way."""
_LATE = frozenset(("expired_trigger_id", "exchanged_trigger_id"))
_NO_WAY_BESIDE = frozenset(("user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"))

log = logging.getLogger("privacybot.slack")


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


def privately(client: WebClient, body: Event, user: str, access: Access, step: Callable[[], object], verb: str = ACT) -> None:
    """Take the step in the background if they may do `verb`, or tell this one person why not. Returns at once."""
    channel = str((body.get("channel") or {}).get("id") or user)

    def errand() -> None:
        if words := taken(client, access, user, verb, step):
            whisper(client, channel, user, words)

    ERRANDS.run(errand)


def taken(client: WebClient, access: Access, user: str, verb: str, step: Callable[[], object]) -> str:
    """Take the step if they may. Returns what to tell the person; nothing when all went well."""
    return _ended(client, access, user, verb, step)[0]


def _ended(client: WebClient, access: Access, user: str, verb: str, step: Callable[[], object]) -> tuple[str, str]:
    """What to tell the person, and the form's field that a refusal is about, if it names one."""
    if not access.may(client, user, verb):
        return access.refusal(verb), ""
    error = attempt(step)
    return ("" if error is None else words_for(error)), (error.field if isinstance(error, Refused) else "")


def words_for(error: Exception) -> str:
    """What a person is told of an error; only a refusal speaks for itself, of all else the log has the name."""
    if isinstance(error, Refused):
        return str(error)
    name = code(error) if isinstance(error, SlackApiError) else type(error).__name__
    if name in _LATE:
        return TOO_LATE
    if name == "not_found":  # they closed the window that was to be filled
        return ""
    log.error("a Slack listener failed: %s", name)
    return DID_NOT_WORK


def whisper(client: WebClient, channel: str, user: str, text: str) -> None:
    """Tell one person something: beside the message where they pressed, or directly where that can't be."""
    try:
        if channel != user:
            client.chat_postEphemeral(channel=channel, user=user, text=text)
            return
    except SlackApiError as error:
        if code(error) not in _NO_WAY_BESIDE:
            raise
    client.chat_postMessage(channel=user, text=text)


def submit(ack: Ack, client: WebClient, user: str, access: Access, block: str, step: Callable[[], object], verb: str = ACT) -> None:
    """A form is acknowledged with its result: an error stands at the field, and the form stays open.

    Where the result is slow to come, the form is closed in time for Slack and the person is told how it ended.
    """
    ended: list[tuple[str, str]] = []
    errand = ERRANDS.run(lambda: ended.append(_ended(client, access, user, verb, step)))
    if not wait([errand], _PATIENCE_SECONDS).done:
        ack()
        errand.add_done_callback(lambda _: _tell_late(client, user, [words for words, _ in ended]))
        return
    words, field = ended[0] if ended else (DID_NOT_WORK, "")
    if words:
        ack(response_action="errors", errors={field or block: words})
    else:
        ack()


def go_on(ack: Ack, client: WebClient, user: str, access: Access, block: str, step: Callable[[], View], form: View,
          verb: str = ACT) -> None:  # fmt: skip
    """A form is acknowledged with the next one, which takes its place; an error stands at the field.

    Where the next one is slow to come, the form stays as it was filled in: nothing that was written gets lost.
    """
    found: list[View] = []
    ended: list[tuple[str, str]] = []
    errand = ERRANDS.run(lambda: ended.append(_ended(client, access, user, verb, lambda: found.append(step()))))
    done = wait([errand], _PATIENCE_SECONDS).done
    words, field = ended[0] if done and ended else (NOT_YET, "")
    if words:
        shown = {one.get("block_id") for one in form["blocks"]}
        ack(response_action="errors", errors={field if field in shown else block: words})
    else:
        ack(response_action="update", view=dict(found[0]))


def _tell_late(client: WebClient, user: str, said: Sequence[str]) -> None:
    words = f"What you sent was not done: {said[0]}" if said and said[0] else NOW_DONE if said else DID_NOT_WORK
    if (error := attempt(lambda: whisper(client, user, user, words))) is not None:
        log.error("a Slack listener failed: %s", type(error).__name__)


def open_view(client: WebClient, body: Event, view: View | Callable[[], View]) -> None:
    """Open a modal; Slack gives three seconds for that. What has to be looked up first is given as a function."""
    if callable(view):
        Opening(client, body["trigger_id"]).show(view, words_for)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=dict(view))
