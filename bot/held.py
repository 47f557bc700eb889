"""Held mail: what could not be read and waits for a person; looked at, read again, or let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from bot import desk
from bot.clerk import intents_of, locked
from bot.inquiry import Inquiry
from bot.intake import authentication, introduce, read_into
from bot.joining import asks_nothing, heed
from bot.notices import queue_card
from bot.office import Office
from bot.screening import Decision, Verdict
from bot.threads import find_ticket
from bot.unread import KEPT_AS, TOO_LARGE
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Message, MessageFile, Outcome, Status, Ticket

HELD = "held: "
_LIFTED = (HELD, "unreadable", TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits. `raw` is the mail itself, None where it was not kept: too large, or a post in Slack."""

    number: int
    reference: str
    received_at: datetime
    reason: str
    source: str
    """`mail` or `slack`; `backlog` where it was imported."""
    mailbox: str | None
    sender: str = field(repr=False)
    """`Name <address>`, as far as it was read; as the subject is."""
    subject: str = field(repr=False)
    raw: bytes | None = field(repr=False)


def has_held() -> ColumnElement[bool]:
    """The condition for tickets with a message that waits, or with a mail that was too large to be fetched."""
    waits = select(Message.id).where(Message.ticket_id == Ticket.id, Message.decision == Decision.HOLD.value)
    return or_(waits.exists(), cast(Ticket.warnings, String).contains(TOO_LARGE))


def waiting(session: Session) -> Sequence[Mapping[str, Any]]:
    """What waits in open tickets, the oldest first: reference, received_at, reason, and size in bytes where it is known."""
    tickets = session.scalars(select(Ticket).where(Ticket.status != Status.CLOSED, has_held()).order_by(Ticket.received_at, Ticket.id))
    return [_facts(session, ticket, message) for ticket in tickets for message in _messages(ticket)]


def look_at(session: Session, reference: str, actor: str, now: datetime) -> list[Held]:
    """The held messages of a ticket, for the eyes of one person; that they read them is journalled. Raises Refused."""
    ticket = desk.ticket_for(session, reference)
    found = _held(ticket)
    ticket.record("read", actor, now)
    return found


def kept(session: Session, reference: str) -> list[Held]:
    """The same, for reading them again. Raises Refused."""
    return _held(desk.ticket_for(session, reference))


def take_up(session: Session, office: Office, number: int, inquiry: Inquiry, verdict: Verdict, prediction: Prediction,
            actor: str, now: datetime) -> str:  # fmt: skip
    """A held mail can be read at last: its ticket is filled in as if it had just been opened, its dates and number stay.

    What a colleague decided meanwhile stands. Returns what is answered, or why nothing is. Raises Refused.
    """
    message = session.get_one(Message, number)
    ticket = locked(session, session.get_one(Ticket, message.ticket_id))
    if message.decision != Decision.HOLD.value or ticket.is_closed:
        raise desk.Refused(f"{ticket.reference} was dealt with meanwhile.")
    other = find_ticket(session, office, inquiry)
    undecided = message is ticket.first_inbound and ticket.unclear and intents_of(ticket.open_requests) == [Intent.OTHER]
    _fill(session, office, message, inquiry, verdict)
    ticket.lift_warnings(*_LIFTED)
    ticket.record("reread", actor, now, rule=verdict.rule)
    if other is not None and other is not ticket:
        _link(session, office, ticket, other, now)
    if verdict.decision is Decision.IGNORE:
        ticket.warn(f"no person wrote it, as it seems: {verdict.rule}")
    elif undecided and asks_nothing(inquiry, verdict, prediction):
        introduce(office, ticket, inquiry, prediction)
        ticket.unclear = True  # its clock runs already: that it asks for nothing is for a person to say
        ticket.warn("no request recognised")
    elif undecided:
        introduce(office, ticket, inquiry, prediction)
        ticket.requests.clear()
        return read_into(session, office, ticket, inquiry, verdict, prediction, now)
    else:
        heed(session, office, ticket, prediction, message, now)
    queue_card(session, office, ticket, now)
    return "no answer: a person decides"


def release(session: Session, office: Office, reference: str, actor: str, now: datetime, *, noise: bool) -> Ticket:
    """A person saw to it: it waits no longer. With `noise` it was no request, and its ticket is closed as such. Raises Refused."""
    ticket = desk.ticket_for(session, reference)
    held = [session.get_one(Message, one.number) for one in _held(ticket)]
    if noise and ticket.first_inbound not in held:
        raise desk.Refused(f"{ticket.reference}: the held mail came later than the request; close the ticket itself in Slack.")
    for message in held:
        message.decision = Decision.ACCEPT.value
    ticket.lift_warnings(*_LIFTED)
    ticket.record("released", actor, now, noise=noise)
    if not noise or ticket.is_closed:
        return desk.told(session, office, ticket, now)
    outcomes = {request.id: Outcome.NOT_A_REQUEST.value for request in ticket.open_requests}
    return desk.close(session, office, reference, outcomes, actor, now, letter=False)


def _facts(session: Session, ticket: Ticket, message: Message) -> Mapping[str, Any]:
    facts = {"reference": ticket.reference, "received_at": message.received_at, "reason": _reason(ticket, message)}
    return {**facts, "size": _size(session, message)}


def _held(ticket: Ticket) -> list[Held]:
    found = [_held_one(ticket, message) for message in _messages(ticket)]
    if not found:
        raise desk.Refused(f"Nothing is held of {ticket.reference}.")
    return found


def _held_one(ticket: Ticket, message: Message) -> Held:
    source, reason = _source(ticket, message), _reason(ticket, message)
    sender = f"{message.correspondent_name or ''} <{message.correspondent}>".strip() if message.correspondent else ""
    raw, subject = _raw(message), message.subject or ""
    return Held(message.id, ticket.reference, message.received_at, reason, source, ticket.mailbox, sender, subject, raw)


def _messages(ticket: Ticket) -> list[Message]:
    """Those that wait; where none does, the one that was too large."""
    held = [message for message in ticket.messages if message.decision == Decision.HOLD.value]
    too_large = any(warning.startswith(TOO_LARGE) for warning in ticket.warnings)
    return held or [message for message in (ticket.first_inbound,) if too_large and message is not None]


def _reason(ticket: Ticket, message: Message) -> str:
    """The rule or the exception's name; for what the reader gave up on, with its own."""
    if message.decision != Decision.HOLD.value:
        return TOO_LARGE
    gave_up = (warning for warning in ticket.warnings if warning.startswith("unreadable: "))
    return next(gave_up, message.rule) if message.rule == "unreadable" else message.rule


def _source(ticket: Ticket, message: Message) -> str:
    return "backlog" if any(event.kind == "imported" for event in ticket.events) else message.source


def _raw(message: Message) -> bytes | None:
    return next((file.content for file in message.attachments if file.name == KEPT_AS), None) if _is_kept(message) else None


def _is_kept(message: Message) -> bool:
    return message.decision == Decision.HOLD.value and message.source == "mail"


def _size(session: Session, message: Message) -> int | None:
    """Without opening the file itself."""
    size = select(MessageFile.size).where(MessageFile.message_id == message.id).order_by(MessageFile.id).limit(1)
    return session.scalar(size) if _is_kept(message) else None


def _fill(session: Session, office: Office, message: Message, inquiry: Inquiry, verdict: Verdict) -> None:
    """What intake would have written; the mail itself is kept beside its files."""
    sender, digest = inquiry.sender, office.vault.digest
    message.authentication = authentication(office, inquiry)
    message.decision, message.rule, message.kind = verdict.decision.value, verdict.rule, verdict.kind
    message.correspondent_hash = digest(sender.address) if sender.address else None
    message.correspondent, message.correspondent_name = sender.address, sender.name
    message.message_id, message.message_id_hash = inquiry.message_id, digest(inquiry.message_id) if inquiry.message_id else None
    message.subject, message.text, message.body = inquiry.subject, inquiry.text, inquiry.body
    files = (MessageFile(name=f.name, media_type=f.media_type[:120], size=f.size, content=f.content) for f in inquiry.attachments)
    message.attachments.extend(files)
    if session.scalar(select(Message.id).where(Message.external_id == inquiry.external_id)) is None:
        message.external_id = inquiry.external_id  # known from now on by what was read, as every other mail


def _link(session: Session, office: Office, ticket: Ticket, other: Ticket, now: datetime) -> None:
    """Read sooner, it would have joined that ticket; now a person sees to both."""
    ticket.warn(f"answers {other.reference}")
    other.warn(f"an answer to it was held: {ticket.reference}")
    ticket.record("linked", "bot", now, other=other.reference)
    other.record("linked", "bot", now, other=ticket.reference)
    queue_card(session, office, other, now)
