"""Retention: forgets what has outlived its keeping time; the register row stays longest (section 4.2 of the law notes in the README)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.office import Office
from models import Event, Feedback, Journal, Message, MessageFile, Notice, NoticeState, Request, Status, Suppression, Ticket
from models.base import vault_of

_AT_ONCE = 500
_SETTLED = (NoticeState.SENT, NoticeState.FAILED, NoticeState.SUPERSEDED)
_PERSONAL = (Message.correspondent, Message.correspondent_name, Message.message_id, Message.subject, Message.text, Message.body)


def purge(session: Session, office: Office, now: datetime) -> Mapping[str, int]:
    """Delete or empty what is older than `retention` in the config. Returns how many of each.

    Every step is one statement over a set: a backlog of years is no list of numbers too long for the database.
    """
    rules = office.config.retention
    emptied = _empty(session, _closed_before(now - rules.messages))
    loose = select(Message.id).where(Message.ticket_id.is_(None), Message.received_at < now - rules.ignored)
    deleted = _delete_messages(session, loose)
    told = update(Notice).where(Notice.state.in_(_SETTLED), Notice.settled_at < now - rules.ignored, Notice.payload.is_not(None))
    _run(session, told.values(payload=None))
    tickets = _delete_tickets(session, _closed_before(now - rules.tickets), now)
    return {"messages emptied": emptied, "messages deleted": deleted, "tickets deleted": tickets}


def _closed_before(limit: datetime) -> Select[int]:
    return select(Ticket.id).where(Ticket.status == Status.CLOSED, Ticket.closed_at < limit)


def _empty(session: Session, tickets: Select[int]) -> int:
    """Texts, names and addresses go; what was asked, when and how it ended stays."""
    messages = select(Message.id).where(Message.ticket_id.in_(tickets))
    _run(session, delete(MessageFile).where(MessageFile.message_id.in_(messages)))
    _run(session, delete(Feedback).where(Feedback.message_id.in_(messages)))
    full = update(Message).where(Message.ticket_id.in_(tickets), or_(*(column.is_not(None) for column in _PERSONAL)))
    emptied = _run(session, full.values({column.key: None for column in _PERSONAL}))
    _run(session, update(Request).where(Request.ticket_id.in_(tickets)).values(evidence=None))
    _run(session, update(Notice).where(Notice.ticket_id.in_(tickets), Notice.state.in_(_SETTLED)).values(payload=None))
    _run(session, update(Ticket).where(Ticket.id.in_(tickets)).values(requester=None, requester_name=None, subject=None))
    return emptied


def _delete_messages(session: Session, messages: Select[int]) -> int:
    _run(session, delete(MessageFile).where(MessageFile.message_id.in_(messages)))
    _run(session, delete(Feedback).where(Feedback.message_id.in_(messages)))
    return _run(session, delete(Message).where(Message.id.in_(messages)))


def _delete_tickets(session: Session, tickets: Select[int], now: datetime) -> int:
    _bury(session, tickets, now)
    _delete_messages(session, select(Message.id).where(Message.ticket_id.in_(tickets)))
    for kept_with in (Notice, Request, Event, Feedback):
        _run(session, delete(kept_with).where(kept_with.ticket_id.in_(tickets)))
    _run(session, update(Suppression).where(Suppression.ticket_id.in_(tickets)).values(ticket_id=None))  # it outlives its ticket
    _run(session, update(Ticket).where(Ticket.merged_into_id.in_(tickets)).values(merged_into_id=None))
    return _run(session, delete(Ticket).where(Ticket.id.in_(tickets)))


def _bury(session: Session, tickets: Select[int], now: datetime) -> None:
    """Of a journal the head stays, with the day it ended: a ticket that is gone without one was taken away by somebody else."""
    heads = select(Journal).where(Journal.reference.in_(select(Ticket.reference).where(Ticket.id.in_(tickets))))
    vault = vault_of(session.get_bind().dialect)
    for journal in session.scalars(heads.execution_options(yield_per=_AT_ONCE)):
        journal.check(vault)
        journal.bury(now)


def _run(session: Session, statement: Executable) -> int:
    """How many rows it changed. Nothing is loaded here, so nothing in the session needs to be told."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount
