"""Threads: which ticket a message belongs to, so that a reply finds its matter and a guessed reference never does."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clerk import REFERENCE, intents_of, ticket_by_reference
from bot.inquiry import Inquiry, Source
from bot.office import Office
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Direction, Message, Status, Ticket

_ACTION = re.compile(rb"^action:[ \t]{0,10}([a-z]+)", re.IGNORECASE | re.MULTILINE)


def find_ticket(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    """The ticket this message answers, or None: by Slack thread, by the Message-IDs it names, or by the reference in its subject."""
    if inquiry.source is Source.SLACK:
        return _by_slack_thread(session, inquiry)
    return _by_message_ids(session, office, inquiry) or _by_subject(session, office, inquiry)


def same_matter(session: Session, office: Office, inquiry: Inquiry, prediction: Prediction) -> Ticket | None:
    """An open ticket from the same address and name that already asks for all of this."""
    asked = set(prediction.intents)
    if prediction.unclear or not inquiry.sender.address or asked & {Intent.OTHER, Intent.BREACH_REPORT, Intent.AUTHORITY, Intent.QUESTION}:
        return None
    mine = select(Ticket).where(Ticket.requester_hash == office.vault.digest(inquiry.sender.address), Ticket.status != Status.CLOSED)
    return next(
        (t for t in session.scalars(mine.order_by(Ticket.id)) if asked <= set(intents_of(t.open_requests)) and _same_name(t, inquiry)), None
    )


def said_again(ticket: Ticket, inquiry: Inquiry) -> bool:
    """The very words of an earlier message: sent twice, and no letter for another person from the same office."""
    words = inquiry.text.split()
    return bool(words) and any((m.text or "").split() == words for m in ticket.messages if m.direction == Direction.IN)


def _same_name(ticket: Ticket, inquiry: Inquiry) -> bool:
    """One address may write for several people: a family, a lawyer, a deletion service."""
    names = [set(name.casefold().replace(",", " ").split()) for name in (ticket.requester_name or "", inquiry.sender.name)]
    return names[0] <= names[1] or names[1] <= names[0]


def came_back(inquiry: Inquiry) -> bool:
    """Whether a bounce says that the letter was not delivered, and not merely that it is late or has arrived (RFC 3464 2.3.3)."""
    reports = [file.content[:64_000] for file in inquiry.attachments if file.media_type == "message/delivery-status"]
    actions = {action.lower() for report in reports for action in _ACTION.findall(report)}
    return not actions or b"failed" in actions


def _by_slack_thread(session: Session, inquiry: Inquiry) -> Ticket | None:
    place = inquiry.place
    if place is None or not place.thread_ts or place.thread_ts == place.ts:
        return None
    return session.scalar(select(Ticket).where(Ticket.slack_channel == place.channel, Ticket.slack_thread == place.thread_ts))


def _by_message_ids(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    """Our own Message-IDs can't be guessed, so whoever names one was sent it; a stranger's id counts only from the person it belongs to."""
    hashes = [office.vault.digest(message_id) for message_id in (*inquiry.thread_ids[:50], inquiry.message_id) if message_id]
    if not hashes:
        return None
    named = select(Message).where(Message.message_id_hash.in_(hashes), Message.ticket_id.is_not(None)).order_by(Message.id.desc())
    for message in session.scalars(named):
        ticket = session.get(Ticket, message.ticket_id)
        if ticket and (message.direction == Direction.OUT or _takes_part(office, ticket, inquiry)):
            return ticket
    return None


def _by_subject(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    for reference in REFERENCE.findall(inquiry.subject.upper())[:3]:
        ticket = ticket_by_reference(session, reference)
        if ticket and _takes_part(office, ticket, inquiry):
            return ticket
    return None


def _takes_part(office: Office, ticket: Ticket, inquiry: Inquiry) -> bool:
    """The sender is the requester or wrote in this ticket before."""
    if not inquiry.sender.address:
        return False
    sender = office.vault.digest(inquiry.sender.address)
    return sender == ticket.requester_hash or any(m.correspondent_hash == sender and m.direction == Direction.IN for m in ticket.messages)
