"""The card: one message that shows a ticket, edited in place as long as the ticket lives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.slack.text import STATUS, Block, due_words, escape, intent_name, mrkdwn, plain
from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent

_SUREST = 0.99  # nothing a machine reads is certain
_REQUESTS = 10
_WARNINGS = 10  # elements that a context block takes


def face(facts: Mapping[str, Any], zone: ZoneInfo, buttons: list[Block]) -> Block:
    """The message that shows one ticket with its buttons: `text` for notifications, `blocks` for the eye."""
    asked = " + ".join(intent_name(request["intent"]) for request in facts["requests"]) or "Nothing yet"
    title = f"{sign(facts)} {facts['reference']} · {asked}"
    blocks: list[Block] = [
        {"type": "header", "text": plain(title, 150)},
        {"type": "section", "fields": _fields(facts, zone)},
        *_request_lines(facts),
        *_vouched(facts),
        *_warnings(facts),
        {"type": "actions", "block_id": "ticket", "elements": buttons},
    ]
    return {"text": f"{facts['reference']}: {asked}, {STATUS[facts['status']].lower()}", "blocks": blocks}


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


def _fields(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Block]:
    received = datetime.fromisoformat(facts["received_at"]).astimezone(zone)
    handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "_nobody yet_"
    fields = [
        mrkdwn(f"*Status*\n{STATUS[facts['status']]}"),
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


def _warnings(facts: Mapping[str, Any]) -> list[Block]:
    warnings = list(facts["warnings"])
    if facts["unclear"]:
        warnings.insert(0, "not sure what is asked: please decide")
    if not warnings:
        return []
    if len(warnings) > _WARNINGS:
        warnings = [*warnings[: _WARNINGS - 1], f"and {len(warnings) - _WARNINGS + 1} more warnings"]
    return [{"type": "context", "elements": [plain(f"⚠ {warning}") for warning in warnings]}]
