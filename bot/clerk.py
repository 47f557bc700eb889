"""Clerk: gives tickets their references, requests and due dates; shared by everything that records."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.clocks import EVENT_KINDS, ClockEvent, due
from bot.office import Office
from intents.catalog import Intent
from models import Counter, Event, Request, Ticket
from models.base import vault_of
from models.journal import BROKEN, sealed_counter

REFERENCE = re.compile(r"\bPRV-\d{4}-\d{5,9}\b")
CLOCK_EVENTS = frozenset(EVENT_KINDS)


def next_reference(session: Session, year: int) -> str:
    """`PRV-2026-00042`: drawn under a row lock, so that no two workers get the same."""
    name = f"PRV-{year}"
    return f"{name}-{count_up(session, name):05d}"


def count_up(session: Session, name: str) -> int:
    """The next number of a counter that is raised under a row lock, and sealed, so that one set back by hand is noticed."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(Counter).values(name=name, value=1)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + 1})
    number, seal = session.execute(statement.returning(Counter.value, Counter.seal)).one()
    as_we_left_it = number == 1 or seal == vault_of(session.get_bind().dialect).seal(sealed_counter(name, number - 1))
    seal_now = sealed_counter(name, number) if as_we_left_it else BROKEN
    session.execute(update(Counter).where(Counter.name == name).values(seal=seal_now))
    return int(number)


def ticket_by_reference(session: Session, reference: str) -> Ticket | None:
    """The ticket with this reference (any letter case), or None."""
    return session.scalar(select(Ticket).where(Ticket.reference == reference.strip().upper()))


def one_at_a_time(session: Session, name: str) -> None:
    """Others who come with the same `name` (a keyed hash) wait until the commit, so that of two copies the second one sees the first.

    SQLite lets one write at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))


def locked(session: Session, ticket: Ticket) -> Ticket:
    """The ticket read anew and kept from others until the commit, so that of two steps taken at once none is lost.

    SQLite's one write lock is taken at BEGIN; PostgreSQL needs the row's.
    """
    session.refresh(ticket, with_for_update=True)
    return ticket


def add_request(office: Office, ticket: Ticket, intent: Intent, confidence: float, evidence: str | None, now: datetime) -> Request:
    """A request with its clock, added to the ticket."""
    request = Request(intent=intent.value, confidence=confidence, evidence=evidence, statute="", due_reason="", rule_version="")
    ticket.requests.append(request)
    set_due(office, ticket, request, now)
    return request


def set_due(office: Office, ticket: Ticket, request: Request, now: datetime) -> None:
    """Compute the request's clock from the ticket's regime, receipt and journal; the reasoning is kept beside the date."""
    clock = due(ticket.regime, clock_kind(ticket, Intent(request.intent)), ticket.received_at, office.config.place, clock_events(ticket))
    zone = office.config.organisation.time_zone
    instant, safest = clock.instant, clock.safest
    request.due_at = instant
    request.due_on = clock.due.astimezone(zone).date() if isinstance(clock.due, datetime) else clock.due
    look_by = safest or clock.review  # a pause is no holiday: a refusal would have to go out by the review date (Art 12(4) GDPR)
    request.safest_at = look_by if isinstance(look_by, datetime) else None
    if look_by is not None and not isinstance(look_by, datetime):
        request.safest_at = day_end(look_by, zone)
    request.extension_notice_by = clock.extension_notice_by
    request.statute, request.due_reason, request.rule_version = clock.statute, clock.reason, clock.rule_version
    request.remind_at = now if request.is_open else None
    ticket.refresh_due()


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def clock_kind(ticket: Ticket, intent: Intent) -> str:
    """Which clock runs: while it is unclear what is asked, that of a rights request, so that no date is lost."""
    return Intent.ACCESS.value if ticket.unclear and intent is Intent.OTHER else intent.value


def clock_events(ticket: Ticket) -> list[ClockEvent]:
    """What in the journal stops, restarts or lengthens the clocks."""
    return [ClockEvent(event.kind, event.at) for event in ticket.events if event.kind in CLOCK_EVENTS]


def open_question(ticket: Ticket, about: str) -> bool:
    """Whether the requester was asked (`id`, `clarification`, `fee`) and a colleague has not confirmed the answer yet."""
    steps = [event.kind for event in ticket.events if event.kind in (f"{about}_requested", f"{about}_received")]
    return bool(steps) and steps[-1].endswith("_requested")


def further_letters(ticket: Ticket) -> list[Event]:
    """The journal's lines on letters by which the requester asked again for the same."""
    return [event for event in ticket.events if event.kind == "asked_again"]


def intents_of(requests: Iterable[Request]) -> list[Intent]:
    """The intents of these requests, in order."""
    return [Intent(request.intent) for request in requests]
