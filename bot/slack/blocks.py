"""Block Kit: what a card, a list and the home tab look like; pure functions of plain facts. Text from outside is never mrkdwn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent

Block = dict[str, Any]
READ_AS = "read_as:"
"""What the action of a button begins with that says what an unclear ticket asks for; the intent follows."""

_FIELD = 300  # far below Block Kit's 2,000: a card is read at a glance
_SUREST = 0.99  # nothing a machine reads is certain
_LISTED = 20
_REQUESTS = 10
_WARNINGS = 10  # elements that a context block takes
_UNREAD = ("held: ", "unreadable: ", "too large")
_STATUS = {"open": "Open", "in_progress": "In progress", "waiting": "Waiting for the requester", "closed": "Closed"}


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


def escape(text: str) -> str:
    """Slack's three control characters as entities, so that no mention, link or channel call ever fires."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def intent_name(value: str) -> str:
    """`breach_report` -> `Breach report`."""
    return value.replace("_", " ").capitalize()


def plain(text: str, limit: int = _FIELD) -> Block:
    """Text from outside: shown as it is, never interpreted."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return {"type": "plain_text", "text": shown if shown.strip() else "–", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Our own words."""
    return {"type": "mrkdwn", "text": text}


def card(facts: Mapping[str, Any], zone: ZoneInfo) -> Block:
    """The message that shows one ticket: `text` for notifications, `blocks` for the eye."""
    asked = " + ".join(intent_name(request["intent"]) for request in facts["requests"]) or "Nothing yet"
    title = f"{sign(facts)} {facts['reference']} · {asked}"
    blocks: list[Block] = [
        {"type": "header", "text": plain(title, 150)},
        {"type": "section", "fields": _fields(facts, zone)},
        *_request_lines(facts),
        *_vouched(facts),
        *_proved(facts, zone),
        *_warnings(facts),
        {"type": "actions", "block_id": "ticket", "elements": _buttons(facts)},
    ]
    return {"text": f"{facts['reference']}: {asked}, {_STATUS[facts['status']].lower()}", "blocks": blocks}


def sign(facts: Mapping[str, Any]) -> str:
    """Urgency as a sign: the shape says it too, not the colour alone."""
    if facts["status"] == "closed":
        return "✅"
    if facts["unclear"] or any("held" in warning for warning in facts["warnings"]):
        return "❓"
    urgent = any(request["intent"] in (Intent.BREACH_REPORT, Intent.AUTHORITY) for request in facts["requests"])
    if urgent:
        return "🚨"
    return "❗" if any("asked again" in warning for warning in facts["warnings"]) else "📨"


def due_words(value: str | None, at: str | None = None) -> str:
    """`22 Dec 2026`; where the clock ends within a day, `at`, as Slack's own date token that everyone reads in their zone."""
    if value is None:
        return "no statutory date"
    if at is not None:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return f"<!date^{int(moment.timestamp())}^{{date_short}} {{time}}|{moment:%d %b %Y %H:%M} UTC>"
    return f"{date.fromisoformat(value):%d %b %Y}"


def listing(title: str, tickets: Sequence[Mapping[str, Any]]) -> list[Block]:
    """A list of tickets, the most urgent first, each with a button that shows it."""
    blocks: list[Block] = [{"type": "section", "text": mrkdwn(f"*{title}* ({len(tickets)})")}]
    for facts in tickets[:_LISTED]:
        asked = ", ".join(intent_name(request["intent"]) for request in facts["requests"])
        due = min((request["due_on"] for request in facts["requests"] if request["due_on"]), default=None)
        handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "nobody yet"
        text = f"{sign(facts)} *{facts['reference']}* {asked}\nDue {due_words(due)} · {handler} · {_STATUS[facts['status']]}"
        text += "".join(f" · {escape(warning)}" for warning in facts["warnings"] if warning.startswith(_UNREAD))
        blocks.append({"type": "section", "text": mrkdwn(text), "accessory": _button("View", "view", facts["reference"])})
    if len(tickets) > _LISTED:
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {len(tickets) - _LISTED} more")]})
    return blocks


def _fields(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Block]:
    received = datetime.fromisoformat(facts["received_at"]).astimezone(zone)
    handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "_nobody yet_"
    fields = [
        mrkdwn(f"*Status*\n{_STATUS[facts['status']]}"),
        mrkdwn(f"*Handler*\n{handler}"),
        mrkdwn(f"*Received*\n{received:%d %b %Y, %H:%M} ({facts['source']})"),
        mrkdwn(f"*Law*\n{facts['regime']} · language {facts['language']}"),
    ]
    if "requester" in facts:
        fields.append(plain(f"From: {facts['requester'] or 'unknown'}"))
    if facts.get("subject"):
        fields.append(plain(f"Subject: {facts['subject']}"))
    return fields


def _request_lines(facts: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for request in facts["requests"][:_REQUESTS]:
        sure = f" · {min(request['confidence'], _SUREST):.0%} sure" if request["confidence"] else ""
        blocks.append({"type": "section", "text": mrkdwn(f"*{intent_name(request['intent'])}* – {_end(request)}{sure}")})
        if request.get("evidence"):
            blocks.append({"type": "context", "elements": [plain(f"“{request['evidence']}”")]})
    if (more := len(facts["requests"]) - _REQUESTS) > 0:
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {more} more requests")]})
    return blocks


def _end(request: Mapping[str, Any]) -> str:
    """How a request ended, or when it must."""
    if request["outcome"]:
        return intent_name(request["outcome"])
    if request["due_on"] is None and request.get("look_by"):
        return f"no date runs by law; look at it by *{due_words(request['look_by'])}*"
    return f"due *{due_words(request['due_on'], request['due_at'])}*"


def _vouched(facts: Mapping[str, Any]) -> list[Block]:
    """That our mail server vouches for the sender; of the contrary a warning tells, as long as it stands."""
    told = facts.get("authentication", "")  # a card that waited while the bot was upgraded knows nothing of it
    return [{"type": "context", "elements": [plain(f"✓ {told}")]}] if told not in ("", UNAUTHENTICATED) else []


def _proved(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Block]:
    """That whoever was asked who wrote has the address; what that is worth a person says."""
    if not (at := facts.get("control_proved")):
        return []
    told = f"✓ Control of the address proved (DMARC) on {datetime.fromisoformat(at).astimezone(zone):%d %b %Y}"
    return [{"type": "context", "elements": [plain(told)]}]


def _warnings(facts: Mapping[str, Any]) -> list[Block]:
    warnings = list(facts["warnings"])
    if facts["unclear"]:
        warnings.insert(0, "not sure what is asked: please decide")
    if not warnings:
        return []
    if len(warnings) > _WARNINGS:
        warnings = [*warnings[: _WARNINGS - 1], f"and {len(warnings) - _WARNINGS + 1} more warnings"]
    return [{"type": "context", "elements": [plain(f"⚠ {warning}") for warning in warnings]}]


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
    """All that is done less often, in groups. A choice acts at once or opens a form."""
    closed = facts["status"] == "closed"
    offered = [
        (title, [choice for choice in choices if choice.applies(facts) and (choice.when_closed or not closed)]) for title, choices in MENU
    ]
    groups = [
        {"label": {"type": "plain_text", "text": title}, "options": [
            {"text": {"type": "plain_text", "text": choice.words}, "value": f"{choice.verb}:{facts['reference']}"} for choice in choices
        ]}
        for title, choices in offered if choices
    ]  # fmt: skip
    menu = {"type": "static_select", "action_id": "more", "placeholder": {"type": "plain_text", "text": "More…"}, "option_groups": groups}
    return [menu] if groups else []


def _button(label: str, action: str, reference: str, **style: str) -> Block:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action, "value": reference, **style}
