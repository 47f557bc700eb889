"""Lookup: finds tickets and requests for the command line, without personal data unless somebody asks for it under their name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.accountability import Entry, Period, Report
from bot.clerk import REFERENCE
from bot.desk import Refused, note, ticket_for
from bot.notices import card_facts
from bot.office import Office
from bot.register import whole
from models import Event, Journal, Message, Request, Status, Ticket

_QUESTIONS = ("id", "clarification", "fee")
_STEPS = ("extension_notice", *(f"{about}_{step}" for about in _QUESTIONS for step in ("requested", "received")))
_PERSONAL = frozenset(("requester", "subject"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets; what is empty makes no difference. Without a status all that are not closed."""

    status: str = ""
    overdue: bool = False
    unassigned: bool = False
    due_within: int | None = None
    """Days."""
    intent: str = ""
    regime: str = ""
    handler: str = ""
    most: int = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Some tickets, the earliest due date first, and how many there are altogether."""

    tickets: Sequence[Mapping[str, Any]]
    altogether: int


def tickets(session: Session, office: Office, wanted: Wanted, now: datetime) -> Found:
    """What a list shows of them."""
    query = _wanted(wanted, now)
    altogether = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id).limit(wanted.most)
    return Found([_facts(office, ticket) for ticket in session.scalars(ordered)], altogether)


def _wanted(wanted: Wanted, now: datetime) -> Select[Ticket]:
    query = select(Ticket)
    if wanted.status != "all":
        query = query.where(Ticket.status == wanted.status if wanted.status else Ticket.status != Status.CLOSED)
    if wanted.overdue:
        query = query.where(Ticket.due_at < now)
    if wanted.unassigned:
        query = query.where(Ticket.handler.is_(None))
    if wanted.due_within is not None:
        query = query.where(Ticket.due_at < now + timedelta(days=wanted.due_within))
    if wanted.intent:
        query = query.where(select(Request.id).where(Request.ticket_id == Ticket.id, Request.intent == wanted.intent).exists())
    if wanted.regime:
        query = query.where(Ticket.regime == wanted.regime)
    return query.where(Ticket.handler == wanted.handler) if wanted.handler else query


def search(session: Session, office: Office, text: str, most: int) -> Found:
    """The tickets of an address (whoever wrote from it or was written to), of a reference, or with a number. Raises Refused."""
    query = _searched(office, text.strip())
    altogether = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Found([_facts(office, ticket) for ticket in session.scalars(query.order_by(Ticket.id.desc()).limit(most))], altogether)


def _searched(office: Office, text: str) -> Select[Ticket]:
    if "@" in text:
        digest = office.vault.digest(text)
        theirs = select(Message.ticket_id).where(Message.correspondent_hash == digest, Message.ticket_id.is_not(None))
        return select(Ticket).where(or_(Ticket.requester_hash == digest, Ticket.id.in_(theirs)))
    if REFERENCE.fullmatch(text.upper()):
        return select(Ticket).where(Ticket.reference == text.upper())
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return select(Ticket).where(Ticket.reference.endswith(f"-{int(text):05d}"))
    raise Refused("Write a whole mail address, a reference such as PRV-2026-00042, or its number; texts are encrypted, and not searched.")


def one(session: Session, office: Office, reference: str, actor: str, now: datetime, *, full: bool) -> Mapping[str, Any]:
    """A ticket with its dates, their reasons and its journal. `full`: with address and texts, which is journalled. Raises Refused."""
    ticket = note(session, reference, actor, now) if full else ticket_for(session, reference)
    session.flush()
    facts = dict(_facts(office, ticket))
    for request, known in zip(ticket.requests, facts["requests"], strict=True):
        last = request.extension_notice_by
        known |= {"reasoning": request.due_reason, "rules": request.rule_version, "extension_notice_by": last.isoformat() if last else None}
    facts["journal"] = [
        {"number": event.number, "at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "detail": event.detail}
        for event in ticket.events
    ]  # fmt: skip
    if full:
        facts |= {"requester": ticket.requester, "requester_name": ticket.requester_name, "subject": ticket.subject,
                  "letters": whole(office, ticket)["messages"]}  # fmt: skip
    return facts


def _facts(office: Office, ticket: Ticket) -> Mapping[str, Any]:
    facts = {name: value for name, value in card_facts(office, ticket).items() if name not in _PERSONAL}
    facts["requests"] = [{name: value for name, value in request.items() if name != "evidence"} for request in facts["requests"]]
    return facts | {"closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None}


def report(session: Session, office: Office, period: Period, now: datetime, *, all_laws: bool) -> Report:
    """The register of what was received in the period."""
    zone = office.config.organisation.time_zone
    start, end = (datetime.combine(day, time(), zone) for day in (period.first, period.last + timedelta(days=1)))
    received = (Ticket.received_at >= start, Ticket.received_at < end)
    columns = (Ticket.id, Ticket.reference, Ticket.received_at, Ticket.source, Ticket.regime, Request.intent, Request.due_on)
    rows = select(*columns, Request.closed_at, Request.outcome, Request.extension_notice_by).join(Request, Request.ticket_id == Ticket.id)
    steps = _steps(session, select(Ticket.id).where(*received))

    def local(at: datetime | None) -> date | None:
        return at.astimezone(zone).date() if at else None

    entries = tuple(
        Entry(
            reference=row.reference, received_on=row.received_at.astimezone(zone).date(), source=row.source, intent=row.intent,
            regime=row.regime, due_on=row.due_on, closed_on=local(row.closed_at), outcome=row.outcome,
            extended=row.extension_notice_by is not None and "extension_notice" in steps.get(row.id, []),
            paused=row.outcome is None and row.due_on is None and _is_asked(steps.get(row.id, [])),
        )
        for row in session.execute(rows.where(*received).order_by(Ticket.received_at, Ticket.id, Request.id))
    )  # fmt: skip
    today = now.astimezone(zone).date()
    return Report(office.config.organisation.name, period, today, entries, _purged(session, period), all_laws)


def _steps(session: Session, tickets: Select[int]) -> dict[int, list[str]]:
    """What in the journals of these tickets moved a clock, in order."""
    steps: dict[int, list[str]] = {}
    query = select(Event.ticket_id, Event.kind).where(Event.kind.in_(_STEPS), Event.ticket_id.in_(tickets)).order_by(Event.id)
    for row in session.execute(query):
        steps.setdefault(row.ticket_id, []).append(row.kind)
    return steps


def _is_asked(steps: Sequence[str]) -> bool:
    last = {step.partition("_")[0]: step for step in steps}
    return any(step.endswith("_requested") for step in last.values())


def _purged(session: Session, period: Period) -> int:
    """Tickets with a number of these years that are deleted: nobody can say any more on which day they came."""
    years = (Journal.reference.startswith(f"PRV-{year}-") for year in range(period.first.year, period.last.year + 1))
    return session.scalar(select(func.count()).where(Journal.purged_at.is_not(None), or_(*years))) or 0
