"""Block Kit: what a card, a list and the home tab look like; pure functions of plain facts. Text from outside is never mrkdwn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.slack.card import face, sign
from bot.slack.text import STATUS, Block, due_words, escape, intent_name, mrkdwn, plain
from bot.trust import UNAUTHENTICATED

READ_AS = "read_as:"
"""What the action of a button begins with that says what an unclear ticket asks for; the intent follows."""
__all__ = ["MENU", "READ_AS", "Block", "Choice", "card", "due_words", "escape", "intent_name", "listing", "mrkdwn", "plain", "sign"]
_LISTED = 20
_UNREAD = ("held: ", "unreadable: ", "too large")


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the card's menu; `verb` names what it does or the form it opens (clock_forms.choose)."""

    words: str
    verb: str
    applies: Callable[[Mapping[str, Any]], bool] = lambda _: True
    when_closed: bool = False


# A question stays open until a person confirms the answer, whatever the ticket's status.
MENU: tuple[tuple[str, tuple[Choice, ...]], ...] = (
    ("Ask the requester", (
        Choice("Ask who it is…", "ask_id", lambda facts: not facts["id_asked"]),
        Choice("Identity confirmed", "id_received", lambda facts: bool(facts["id_asked"])),
        Choice("Ask what is meant…", "ask_clarification", lambda facts: not facts["clarification_asked"]),
        Choice("Clarification received", "clarification_received", lambda facts: bool(facts["clarification_asked"])),
    )),
    ("Ticket", (
        Choice("Hand over…", "hand_over"),
        Choice("Note…", "note", when_closed=True),
        Choice("Merge…", "merge"),
    )),
    ("Time", (
        Choice("Extend the period…", "extend"),
        Choice("Set the true receipt…", "receipt"),
    )),
    ("Advertising", (
        Choice("No more advertising by…", "suppress"),
    )),
)  # fmt: skip


def card(facts: Mapping[str, Any], zone: ZoneInfo) -> Block:
    """The message that shows one ticket: `text` for notifications, `blocks` for the eye."""
    return face(facts, zone, _buttons(facts))


def listing(title: str, tickets: Sequence[Mapping[str, Any]]) -> list[Block]:
    """A list of tickets, the most urgent first, each with a button that shows it."""
    blocks: list[Block] = [{"type": "section", "text": mrkdwn(f"*{title}* ({len(tickets)})")}]
    for facts in tickets[:_LISTED]:
        asked = ", ".join(intent_name(request["intent"]) for request in facts["requests"])
        due = min((request["due_on"] for request in facts["requests"] if request["due_on"]), default=None)
        handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "nobody yet"
        text = f"{sign(facts)} *{facts['reference']}* {asked}\nDue {due_words(due)} · {handler} · {STATUS[facts['status']]}"
        text += "".join(f" · {escape(warning)}" for warning in facts["warnings"] if warning.startswith(_UNREAD))
        blocks.append({"type": "section", "text": mrkdwn(text), "accessory": _button("View", "view", facts["reference"])})
    if len(tickets) > _LISTED:
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {len(tickets) - _LISTED} more")]})
    return blocks




def _buttons(facts: Mapping[str, Any]) -> list[Block]:
    reference = facts["reference"]
    if facts.get("merged_into"):
        return [_button(f"View {facts['merged_into']}", "view", facts["merged_into"])]
    if facts["status"] == "closed":
        return [_button("View", "view", reference), _button("Reopen", "reopen", reference), *_more(facts)]
    buttons = [] if facts["handler"] else [_button("Claim", "claim", reference, style="primary")]
    doubted = [_button("Answer anyway", "answer_anyway", reference)] if UNAUTHENTICATED in facts["warnings"] else []
    if facts.get("sender_waits"):
        buttons += [_button("Confirm sender", "confirm_sender", reference), _button("Correct sender", "correct_sender", reference)]
    return [
        *buttons,
        *doubted,
        _button("View", "view", reference),
        *([_button("Reply", "reply", reference)] if facts.get("reachable") else []),
        *_what_is_asked(facts),
        _button("Close", "close", reference),
        *_more(facts),
    ]


def _what_is_asked(facts: Mapping[str, Any]) -> list[Block]:
    """Where nobody can tell, the likeliest are one press away (a card that waited while the bot was upgraded knows none)."""
    likely = facts.get("likely", ()) if facts["unclear"] else ()
    guesses = [_button(intent_name(intent), f"{READ_AS}{intent}", facts["reference"]) for intent in likely]
    return [*guesses, _button("Something else…" if guesses else "Change", "change", facts["reference"])]


def _more(facts: Mapping[str, Any]) -> list[Block]:
    """All that is done less often, in one list, as not every client draws groups. A choice acts at once or opens a form."""
    closed = facts["status"] == "closed"
    options = [
        {"text": {"type": "plain_text", "text": choice.words}, "value": f"{choice.verb}:{facts['reference']}"}
        for _, choices in MENU for choice in choices if choice.applies(facts) and (choice.when_closed or not closed)
    ]  # fmt: skip
    menu = {"type": "static_select", "action_id": "more", "placeholder": {"type": "plain_text", "text": "More…"}, "options": options}
    return [menu] if options else []


def _button(label: str, action: str, reference: str, **style: str) -> Block:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action, "value": reference, **style}
