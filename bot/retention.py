"""Retention: forgets what has outlived its keeping time; the register row stays longest (section 4.2 of the law notes in the README)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.office import Office
from models import Message, MessageFile, Notice, NoticeState, Request, Status, Suppression, Ticket

_SETTLED = (NoticeState.SENT, NoticeState.FAILED, NoticeState.SUPERSEDED)


def purge(session: Session, office: Office, now: datetime) -> dict[str, int]:
    """Delete or empty what is older than `retention` in the config. Returns how many of each."""
    rules = office.config.retention
    old = select(Ticket.id).where(Ticket.status == Status.CLOSED, Ticket.closed_at < now - rules.messages)
    texts = list(session.scalars(select(Message.id).where(Message.ticket_id.in_(old))))
    loose = list(session.scalars(select(Message.id).where(Message.ticket_id.is_(None), Message.received_at < now - rules.ignored)))
    _empty_messages(session, texts)
    session.execute(update(Ticket).where(Ticket.id.in_(old)).values(requester=None, requester_name=None, subject=None))
    session.execute(update(Request).where(Request.ticket_id.in_(old)).values(evidence=None))
    _delete_messages(session, loose)
    settled = update(Notice).where(Notice.state.in_(_SETTLED), Notice.settled_at < now - rules.ignored).values(payload=None)
    session.execute(settled)
    tickets = _delete_tickets(session, now, office)
    return {"messages emptied": len(texts), "messages deleted": len(loose), "tickets deleted": tickets}


def _empty_messages(session: Session, ids: list[int]) -> None:
    session.execute(delete(MessageFile).where(MessageFile.message_id.in_(ids)))
    nothing = {"correspondent": None, "correspondent_name": None, "message_id": None, "subject": None, "text": None, "body": None}
    session.execute(update(Message).where(Message.id.in_(ids)).values(nothing))


def _delete_messages(session: Session, ids: list[int]) -> None:
    session.execute(delete(MessageFile).where(MessageFile.message_id.in_(ids)))
    session.execute(delete(Message).where(Message.id.in_(ids)))


def _delete_tickets(session: Session, now: datetime, office: Office) -> int:
    limit = now - office.config.retention.tickets
    tickets = session.scalars(select(Ticket).where(Ticket.status == Status.CLOSED, Ticket.closed_at < limit)).all()
    ids = [ticket.id for ticket in tickets]
    _delete_messages(session, list(session.scalars(select(Message.id).where(Message.ticket_id.in_(ids)))))
    session.execute(delete(Notice).where(Notice.ticket_id.in_(ids)))
    session.execute(update(Suppression).where(Suppression.ticket_id.in_(ids)).values(ticket_id=None))  # it outlives its ticket
    for ticket in tickets:
        session.delete(ticket)
    return len(ids)
