"""Dossier: all that is known of one ticket, as files for an authority: what was asked, what was answered, each date and why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import journal
from bot.clerk import CLOCK_EVENTS
from bot.desk import ticket_for
from bot.digest_figures import names
from bot.dossier_page import draw
from bot.file_names import safe_name
from bot.law.clock_table import table
from bot.letterbox import REASONS
from bot.office import Office
from bot.screening import Decision
from bot.trust import words
from models import Direction, Message, Request, Ticket
from models.journal import written

_MOVES_DATES = CLOCK_EVENTS | {"receipt_set", "due_recounted", "reclassified", "reopened"}
_ROBOT = "automatic mail: its text was never kept here"
_PURGED = "its text, subject and address were deleted when their keeping time was over"
_REDACTED = "text, subject and address were left out of this copy"
_FILES_PURGED = "What was attached was deleted with the texts; how many files there were is not known any more."
SUMS = "SHA256SUMS"
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class _View:
    """How a ticket is looked at: in whose time zone, who is called what, and whether texts and addresses are left out."""

    zone: ZoneInfo
    called: Mapping[str | None, str]
    redact: bool

    def local(self, at: datetime | None) -> str | None:
        """`2026-11-23T10:00:00+01:00`."""
        return at.astimezone(self.zone).isoformat(timespec="seconds") if at else None

    def actor(self, actor: str) -> str:
        """`slack:U1 (Ann)`, where it is known what the colleague is called."""
        name = self.called.get(actor.removeprefix("slack:"))
        return f"{actor} ({name})" if name and not self.redact else actor


def export(session: Session, office: Office, reference: str, actor: str, now: datetime, *, redact: bool) -> Files:
    """The files by their path, the list of checksums among them; that they were made is journalled. Raises Refused when there is none."""
    ticket = ticket_for(session, reference)
    ticket.record("exported", actor, now, redacted=redact)
    session.flush()
    view = _View(office.config.organisation.time_zone, names(session), redact)
    found = journal.verify_one(session, office.vault, ticket.reference)
    lines = [_journal_line(view, line) for line in journal.lines_of(session, ticket.id)]
    files: Files = {"journal.jsonl": _json_lines(lines)}
    sender = office.config.mailbox_called(ticket.mailbox).address
    messages = [_put_message(view, sender, files, number, message) for number, message in enumerate(ticket.messages, 1)]
    facts = _facts(view, office, ticket, messages)
    head = journal.head_of(session, ticket.reference)
    facts["journal"] = {
        "intact": found is not None and not found.breaks, "breaks": [str(one) for one in found.breaks] if found else [],
        "lines": len(lines), "last_hash": head.hash if head else None, "verified_at": view.local(now),
    }  # fmt: skip
    facts["exported_at"], facts["redacted"] = view.local(now), redact
    files["ticket.json"] = (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
    files["index.html"] = draw(facts, lines, messages).encode("utf-8", "replace")
    return files | {SUMS: _sums(files)}


def _sums(files: Files) -> bytes:
    """As `sha256sum -c` reads it."""
    return "".join(f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())).encode()


def _journal_line(view: _View, line: journal.Line) -> dict[str, Any]:
    return {
        "number": line.number, "at": written(line.at) if line.at else None, "kind": line.kind, "actor": line.actor, "detail": line.detail,
        "hash": line.hash, "who": view.actor(line.actor), "local": view.local(line.at),
    }  # fmt: skip


def _json_lines(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """What the hashes are made of, and nothing else."""
    hashed = ("number", "at", "kind", "actor", "detail", "hash")
    return "".join(json.dumps({name: line[name] for name in hashed}) + "\n" for line in lines).encode()


def _facts(view: _View, office: Office, ticket: Ticket, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    law = table().regimes.get(ticket.regime)
    return {
        "reference": ticket.reference, "organisation": office.config.organisation.name, "time_zone": view.zone.key,
        "status": str(ticket.status), "source": ticket.source, "regime": ticket.regime, "law": law.name if law else ticket.regime,
        "language": ticket.language, "unclear": ticket.unclear, "warnings": list(ticket.warnings),
        "received_at": view.local(ticket.received_at), "opened_at": view.local(ticket.opened_at), "closed_at": view.local(ticket.closed_at),
        "handler": view.actor(f"slack:{ticket.handler}").removeprefix("slack:") if ticket.handler else None,
        "requester": None if view.redact else ticket.requester, "requester_name": None if view.redact else ticket.requester_name,
        "subject": None if view.redact else ticket.subject,
        "requests": [_request(view, request) for request in ticket.requests],
        "clock_events": [
            {"at": view.local(event.at), "kind": event.kind, "actor": view.actor(event.actor), "detail": event.detail}
            for event in ticket.events if event.kind in _MOVES_DATES
        ],
        "messages": [{key: value for key, value in message.items() if key != "text"} for message in messages],
        "purged": [_FILES_PURGED] if any(message["absent"] == _PURGED for message in messages) else [],
    }  # fmt: skip


def _request(view: _View, request: Request) -> dict[str, Any]:
    return {
        "intent": request.intent, "confidence": round(request.confidence, 2), "outcome": request.outcome,
        "closed_at": view.local(request.closed_at), "due_on": request.due_on.isoformat() if request.due_on else None,
        "ends_at": view.local(request.due_at), "extension_notice_by": _day(request), "statute": request.statute,
        "reasoning": request.due_reason, "rules": request.rule_version, "read_from": None if view.redact else request.evidence,
    }  # fmt: skip


def _day(request: Request) -> str | None:
    return request.extension_notice_by.isoformat() if request.extension_notice_by else None


def _put_message(view: _View, sender: str, files: Files, number: int, message: Message) -> dict[str, Any]:
    """Put what is left of a message into the files. Returns what the page says of it; `text` is for the page alone."""
    absent = _absent(view, message)
    kept = absent is None
    text = (message.body or message.text or "") if kept else ""
    facts: dict[str, Any] = {
        "number": number, "at": view.local(message.received_at), "direction": _direction(message), "source": message.source,
        "kind": message.kind, "rule": message.rule, "authentication": words(message.authentication), "absent": absent,
        "correspondent": message.correspondent if kept else None, "correspondent_name": message.correspondent_name if kept else None,
        "subject": message.subject if kept else None, "file": None, "letter": None,
        "attachments": _attachments(view, files, number, message), "text": text,
    }  # fmt: skip
    if kept:
        facts["file"] = f"messages/{number:03}.txt"
        files[facts["file"]] = _plain(facts, text)
    if kept and message.direction == Direction.OUT and message.kind != REASONS:
        facts["letter"] = f"letters/{number:03}-{safe_name(message.rule.replace(':', '-'))}.eml"
        files[facts["letter"]] = _letter(sender, message)
    return facts


def _absent(view: _View, message: Message) -> str | None:
    """Why there is no text; None where there is one, be it empty."""
    if message.decision == Decision.IGNORE.value:
        return _ROBOT
    if message.text is None and message.body is None:
        return _PURGED
    return _REDACTED if view.redact else None


def _direction(message: Message) -> str:
    if message.kind == REASONS:
        return "kept for the closing letter"
    return "received" if message.direction == Direction.IN else "sent"


def _attachments(view: _View, files: Files, number: int, message: Message) -> list[dict[str, Any]]:
    taken: list[str] = []
    found = []
    for file in message.attachments:
        facts: dict[str, Any] = {"name": None, "media_type": file.media_type, "size": file.size, "file": None}
        if not view.redact:
            taken.append(safe_name(file.name, taken))
            facts["name"], facts["file"] = file.name, f"messages/{number:03}-files/{taken[-1]}"
            files[facts["file"]] = file.content
        found.append(facts)
    return found


def _plain(facts: Mapping[str, Any], text: str) -> bytes:
    who = f"{facts['correspondent_name'] or ''} <{facts['correspondent']}>" if facts["correspondent"] else ""
    fields = {"Direction": facts["direction"], "Date": facts["at"], "With": who or facts["source"], "Subject": facts["subject"] or ""}
    head = "".join(f"{name}: {' '.join(str(value).split())}\n" for name, value in fields.items())
    return f"{head}\n{text}\n".encode("utf-8", "replace")


def _letter(sender: str, message: Message) -> bytes:
    """Our letter as a mail, from what is kept of it: its text; the same text as HTML, which went with it, is not kept."""
    mail = EmailMessage(policy=SMTP)
    fields = {"From": sender, "To": message.correspondent, "Subject": message.subject,
              "Message-ID": message.message_id}  # fmt: skip
    for name, value in fields.items():
        mail[name] = " ".join(str(value or "").split())
    mail["Date"] = format_datetime(message.received_at)
    mail.set_content((message.text or "").encode("utf-8", "replace").decode(), cte="quoted-printable")
    return bytes(mail)
