"""Modals: the mail itself, closing with outcomes, and changing what is asked."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.slack.blocks import Block, escape, intent_name, mrkdwn, plain
from bot.slack.text import one_line
from models import Outcome

_TITLE = 24
_HEADER = 150
_CHUNK = 2_900  # a section takes 3,000 characters
_CHUNKS = 12
_BLOCKS = 99  # a view takes 100 blocks ...
_BYTES = 200_000  # ... and refuses more than 250 kB in all (view_too_large)
_OUTCOMES = {
    "fulfilled": ("Fulfilled", "All that was asked is done"),
    "partly": ("Partly fulfilled", "Needs reasons; the letter names the authority and the courts"),
    "refused": ("Refused, with reasons", "Needs reasons; the letter names the authority and the courts"),
    "no_data": ("No data held", "There is nothing about this person"),
    "withdrawn": ("Withdrawn by the requester", "They let it go"),
    "duplicate": ("Duplicate", "Of another ticket; to bring the two together: More…, Merge…"),
    "not_a_request": ("Not a request", "Nothing was asked of the company"),
}
"""What an outcome is called in the form, and what it means there."""
OUTCOMES = {outcome: _OUTCOMES.get(outcome.value, (intent_name(outcome.value), ""))[0] for outcome in Outcome}


def view(reference: str, messages: Sequence[Mapping[str, str]]) -> Block:
    """The messages of a ticket, newest last, for the eyes of the person who clicked."""
    blocks: list[Block] = []
    for message in messages[-8:]:
        if blocks:
            blocks.append({"type": "divider"})
        subject = one_line(message["subject"]) or ("Note" if message.get("by") else "(no subject)")
        by = [mrkdwn(f"by <@{escape(message['by'])}>")] if message.get("by") else []
        blocks.append({"type": "header", "text": plain(subject, _HEADER)})
        blocks.append({"type": "context", "elements": [plain(_envelope(message)), *by]})
        if len(subject) > _HEADER:
            blocks.append({"type": "section", "text": plain(subject, 1_000)})
        blocks += [{"type": "section", "text": plain(part, 3_000)} for part in _chunks(message["text"])]
        if message["files"]:
            blocks.append({"type": "context", "elements": [plain(f"📎 {one_line(message['files'])}", 1_000)]})
    return {"type": "modal", "title": _title(reference), "close": label("Done"), "blocks": _fitting(blocks) or [_empty()]}


def _envelope(message: Mapping[str, str]) -> str:
    """When, which way and whose: `23 Nov 2026 10:00 · received from jo@home.example`."""
    way, who = message["direction"], one_line(message["who"])
    between = {"received": "received from", "sent": "sent to"}.get(way, f"{way} ·")
    return " · ".join(filter(None, (message["when"], f"{between} {who}", message.get("authentication"))))


def close(reference: str, requests: Sequence[Mapping[str, Any]]) -> Block:
    """An outcome for each open request, reasons, and whether the closing letter goes out."""
    options = [_outcome_option(outcome) for outcome in OUTCOMES]
    blocks: list[Block] = [
        {
            "type": "input", "block_id": f"request-{request['id']}", "optional": True, "label": label(_with_its_end(request)),
            "element": {"type": "static_select", "action_id": "outcome", "options": options, "placeholder": label("Leave open")},
        }
        for request in requests
    ]  # fmt: skip
    if blocks:
        blocks[-1]["hint"] = label("What is left open stays open; with the last outcome the ticket closes.")
    blocks.append(
        {
            "type": "input", "block_id": "reasons", "optional": True, "label": label("Reasons, in the requester's language"),
            "hint": label("Needed for a refusal, whole or in part: they stand in the letter (Art 12(4) GDPR)."),
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 3000},
        }
    )  # fmt: skip
    send = {"text": label("Send the closing letter when all is closed"), "value": "send"}
    blocks.append(
        {
            "type": "input", "block_id": "letter", "optional": True, "label": label("Letter"),
            "element": {"type": "checkboxes", "action_id": "send", "options": [send], "initial_options": [send]},
        }
    )  # fmt: skip
    return form("close", reference, "Close", blocks, title="Close")


def _outcome_option(outcome: Outcome) -> Block:
    meaning = _OUTCOMES.get(outcome.value, ("", ""))[1]
    option = {"text": label(OUTCOMES[outcome]), "value": outcome.value}
    return {**option, "description": label(meaning)} if meaning else option


def _with_its_end(request: Mapping[str, Any]) -> str:
    due = request.get("due_on")
    return intent_name(request["intent"]) + (f", due {date.fromisoformat(due):%d %b %Y}" if due else "")


def form(callback: str, reference: str, submit: str, blocks: list[Block], *, title: str = "") -> Block:
    """A modal that is filled in; the ticket's reference travels in its metadata, and what else stands behind a space.

    `title`: what is done with the ticket, in a word.
    """
    return {
        "type": "modal", "callback_id": callback, "private_metadata": reference, "title": _title(reference.partition(" ")[0], title),
        "submit": label(submit), "close": label("Cancel"), "blocks": blocks,
    }  # fmt: skip


def _fitting(blocks: list[Block]) -> list[Block]:
    """The newest blocks that one view can hold; what was left out is said."""
    kept: list[Block] = []
    size = 0
    for block in reversed(blocks):
        size += len(json.dumps(block))
        if len(kept) == _BLOCKS or size > _BYTES:
            left_out = "What came before does not fit in here; it lies in the mailbox."
            return [{"type": "context", "elements": [mrkdwn(left_out)]}, *reversed(kept)]
        kept.append(block)
    return kept[::-1]


def _chunks(text: str) -> list[str]:
    parts = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)] or ["(no text)"]
    return parts if len(parts) <= _CHUNKS else [*parts[:_CHUNKS], f"… and {len(text) - _CHUNKS * _CHUNK} characters more, in the mailbox"]


def _title(reference: str, word: str = "") -> Block:
    whole = f"{word} {reference}".strip()
    return label(whole if len(whole) <= _TITLE else reference[:_TITLE])


def label(text: str) -> Block:
    """Our own words where Block Kit wants plain text."""
    return {"type": "plain_text", "text": text}


def _empty() -> Block:
    return {"type": "section", "text": mrkdwn("No messages.")}
