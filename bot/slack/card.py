"""The card: one message that shows a ticket, edited in place as long as the ticket lives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.law.mentions import act_of
from bot.slack.text import (
    SOON_DAYS,
    STATUS,
    Block,
    due_words,
    escape,
    intent_name,
    language_name,
    left_words,
    mrkdwn,
    one_line,
    plain,
)
from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent

_SUREST = 0.99  # nothing a machine reads is certain
_REQUESTS = 10
_WARNINGS = 10
_URGENT_DAYS = 3
_CAN_NOT_WAIT = frozenset((Intent.BREACH_REPORT.value, Intent.AUTHORITY.value))
_PERHAPS = "Perhaps a request"
_ENDS = {"partly": "Partly fulfilled"}
_BY = {"mail": "by mail", "slack": "by Slack", "in_person": "in person", "web": "by a web form", "elsewhere": "another way"}
_BY |= {way: f"by {way}" for way in ("phone", "letter")}


def face(facts: Mapping[str, Any], zone: ZoneInfo, buttons: list[Block]) -> Block:
    """The message that shows one ticket with its buttons: `text` for notifications, `blocks` for the eye."""
    asked = _asked(facts)
    blocks: list[Block] = [
        {"type": "header", "text": plain(f"{sign(facts)} {facts['reference']} · {asked}", 150)},
        *_request_lines(facts),
        *_warnings(facts),
        {"type": "section", "fields": _fields(facts, zone)},
        *_vouched(facts),
        *_proved(facts, zone),
        {"type": "actions", "block_id": "ticket", "elements": buttons},
    ]
    return {"text": f"{sign(facts)} {facts['reference']}: {asked}, {_in_short(facts)}", "blocks": blocks}


def sign(facts: Mapping[str, Any]) -> str:
    """Urgency as a sign: the shape says it too, not the colour alone. What is late comes first, then what can't wait."""
    if facts["status"] == "closed":
        return "✅"
    days = _days_left(facts)
    checks = (
        (days is not None and days < 0, "🛑"),
        (any(request["intent"] in _CAN_NOT_WAIT and not request["outcome"] for request in facts["requests"]), "🚨"),
        (days is not None and days <= _URGENT_DAYS, "🔶"),
        (days is not None and days <= SOON_DAYS, "🟡"),
        (facts["unclear"] or any("held" in warning for warning in facts["warnings"]), "❓"),
        (any("asked again" in warning for warning in facts["warnings"]), "❗"),
    )
    return next((shape for applies, shape in checks if applies), "📨")


def _days_left(facts: Mapping[str, Any]) -> int | None:
    """Until the first open request is due. A card that waited while the bot was upgraded does not know."""
    left = (request.get("days_left") for request in facts["requests"] if not request["outcome"])
    return min((days for days in left if days is not None), default=None)


def _asked(facts: Mapping[str, Any]) -> str:
    names = [intent_name(request["intent"]) for request in facts["requests"]]
    if facts["unclear"] and names in ([], [intent_name(Intent.OTHER)]):
        return "Not sure what is asked"
    return " + ".join(names) or "Nothing yet"


def _in_short(facts: Mapping[str, Any]) -> str:
    """For the notification on a telephone."""
    days = _days_left(facts)
    status = STATUS[facts["status"]].lower()
    return status if days is None or facts["status"] == "closed" else f"{status}, {left_words(days, exact=_exact(facts))}"


def _exact(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("exact_days", True))


def _fields(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Block]:
    received = datetime.fromisoformat(facts["received_at"]).astimezone(zone)
    handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "_nobody yet_"
    letters = f" · {facts['messages']} messages" if facts["messages"] > 1 else ""
    fields = [
        mrkdwn(f"*Handler*\n{handler}"),
        mrkdwn(f"*Status*\n{STATUS[facts['status']]}"),
        mrkdwn(f"*Received*\n{received:%d %b %Y, %H:%M} {_BY.get(facts['source'], escape(facts['source']))}{letters}"),
        mrkdwn(f"*Law*\n{act_of(facts['regime']).removeprefix('the ')} · {language_name(facts['language'])}"),
    ]
    if "requester" in facts:
        fields.append(plain(f"From: {one_line(facts['requester']) or 'unknown'}"))
    if facts.get("subject"):
        fields.append(plain(f"Subject: {one_line(facts['subject'])}"))
    return fields


def _request_lines(facts: Mapping[str, Any]) -> list[Block]:
    """Each with its date; below it, where the configuration wants it, the sentence it was read from."""
    blocks: list[Block] = []
    for request in facts["requests"][:_REQUESTS]:
        sure = f" · {min(request['confidence'], _SUREST):.0%} sure" if request["confidence"] and not request["outcome"] else ""
        name = _PERHAPS if facts["unclear"] and request["intent"] == Intent.OTHER else intent_name(request["intent"])
        line = f"*{name}*  ·  {_end(request, exact=_exact(facts))}{sure}"
        if blocks and blocks[-1]["type"] == "section":
            blocks[-1]["text"]["text"] += f"\n{line}"
        else:
            blocks.append({"type": "section", "text": mrkdwn(line)})
        if request.get("evidence"):
            blocks.append({"type": "context", "elements": [plain(f"“{one_line(request['evidence'])}”")]})
    if (more := len(facts["requests"]) - _REQUESTS) > 0:
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {more} more requests")]})
    return blocks


def _end(request: Mapping[str, Any], *, exact: bool) -> str:
    """How a request ended, or when it must."""
    if request["outcome"]:
        return _ENDS.get(request["outcome"], intent_name(request["outcome"]))
    if request["due_on"] is None and request.get("look_by"):
        return f"no date runs by law; look at it by *{due_words(request['look_by'])}*"
    due, days = due_words(request["due_on"], request["due_at"], "%a %d %b %Y"), request.get("days_left")
    if request["due_on"] is None or days is None:
        return f"due *{due}*" if request["due_on"] else due
    left = left_words(days, exact=exact)
    return f"due *{due}*, {f'*{left}*' if days <= SOON_DAYS else left}"


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
    """One below the other: elements of their own would stand side by side."""
    warnings = list(facts["warnings"])
    if facts["unclear"]:
        warnings.insert(0, "not sure what is asked: please decide")
    if not warnings:
        return []
    if len(warnings) > _WARNINGS:
        warnings = [*warnings[: _WARNINGS - 1], f"and {len(warnings) - _WARNINGS + 1} more warnings"]
    lines = "\n".join(plain(f"⚠ {one_line(warning)}")["text"] for warning in warnings)
    return [{"type": "section", "text": plain(lines, 3000)}]
