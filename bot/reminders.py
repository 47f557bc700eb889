"""Reminders: queues what is due, once per request and step; after a downtime only the latest step is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices import queue_desk_line, queue_staff_letter, queue_thread_note
from bot.office import Office
from bot.staff_mail import escalation
from models import Request, Ticket

_MORNING = time(8)
_SHORT_CLOCK = timedelta(days=5)
_SHORT_STEPS = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=12), timedelta(hours=3))
_BATCH = 200
_DAILY_FOR = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One moment at which people are told: `name` makes its notice unique, `escalates` brings in the managers."""

    at: datetime
    name: str
    escalates: bool = False


def steps(ticket: Ticket, request: Request, office: Office) -> tuple[Step, ...]:
    """Every reminder of one request, in order of time. Days are counted back from the earlier of two doubtful readings."""
    if request.safest_at is None:
        return ()
    if _is_short(ticket, request.safest_at):
        return tuple(_hour_steps(request.safest_at, ticket.received_at))
    return tuple(_day_steps(request.safest_at, ticket.received_at, office))


def queue_due(session: Session, office: Office, now: datetime) -> int:
    """Queue the latest step of each request whose time has come, and set when to look next. Returns how many were queued."""
    waiting = select(Request).where(Request.outcome.is_(None), Request.remind_at <= now).order_by(Request.remind_at).limit(_BATCH)
    waiting = waiting.with_for_update(skip_locked=True)  # another process may be at the others
    return sum(_remind(session, office, request, now) for request in session.scalars(waiting).all())


def _remind(session: Session, office: Office, request: Request, now: datetime) -> int:
    ticket = session.get_one(Ticket, request.ticket_id)
    all_steps = steps(ticket, request, office)
    past = [step for step in all_steps if step.at <= now]
    request.remind_at = next((step.at for step in all_steps if step.at > now), None)
    return _tell(session, office, ticket, request, past[-1], now) if past else 0


def _tell(session: Session, office: Office, ticket: Ticket, request: Request, step: Step, now: datetime) -> int:
    key = f"reminder:{ticket.reference}:{request.intent}:{request.safest_at:%Y%m%d}:{step.name}"
    text = f":alarm_clock: *{ticket.reference}* ({request.intent.replace('_', ' ')}): {_when(ticket, request, office, now)}"
    told = queue_desk_line(session, office, key, text, now, ticket_id=ticket.id, user=ticket.handler or "")
    if step.escalates or not office.has_slack:  # without a desk the managers are the only ones to tell
        told = _escalate(session, office, ticket, request, key, now) or told
    if told:
        ticket.record("reminded", "bot", now, intent=request.intent, step=step.name, escalated=step.escalates)
    return int(told)


def _escalate(session: Session, office: Office, ticket: Ticket, request: Request, key: str, now: datetime) -> bool:
    """The managers hear of it by mail, and the desk in the ticket's thread."""
    told = False
    letter = escalation(reference=ticket.reference, intent=request.intent, when=_when(ticket, request, office, now),
                        handled=ticket.handler is not None)  # fmt: skip
    for number, manager in enumerate(office.config.escalation.managers):
        name = f"{key}:escalation:{number}"
        told = queue_staff_letter(session, office, name, "escalation", letter, manager, now, ticket_id=ticket.id) or told
    step = key.removeprefix("reminder:").replace(":", "-")
    return queue_thread_note(session, office, ticket, f"escalated-{step}", "Managers were told.", now) or told


def _when(ticket: Ticket, request: Request, office: Office, now: datetime) -> str:
    """How the request stands, in words."""
    assert request.safest_at is not None
    if _is_short(ticket, request.safest_at):
        return _in_hours(request.safest_at, now)
    zone = office.config.organisation.time_zone
    last_day = (request.safest_at - timedelta(seconds=1)).astimezone(zone).date()
    left = (last_day - now.astimezone(zone).date()).days
    if request.due_on is None:  # paused, or the law names no date
        return f"no date runs by law; to be looked at by {last_day:%d %b %Y} ({_days_left(left)})"
    if left < 0:
        return f"overdue since {last_day:%d %b %Y} ({-left} days)"
    return f"due {_days_left(left)}, on {last_day:%d %b %Y}"


def _is_short(ticket: Ticket, end: datetime) -> bool:
    return end - ticket.received_at <= _SHORT_CLOCK


def _in_hours(end: datetime, now: datetime) -> str:
    hours = abs(end - now) / timedelta(hours=1)
    return f"the legal time ends in {hours:.0f} hours" if end > now else f"the legal time ended {hours:.0f} hours ago"


def _days_left(left: int) -> str:
    if left < 0:
        return f"{-left} days ago"
    return "today" if left == 0 else f"in {left} days"


def _hour_steps(end: datetime, start: datetime) -> Iterator[Step]:
    """Clocks in hours pay no heed to nights and weekends (Art 33(1) GDPR)."""
    for before in _SHORT_STEPS:
        if end - before > start:
            yield Step(end - before, f"{int(before.total_seconds() // 3600)}h", escalates=before <= timedelta(hours=12))
    for days in range(_DAILY_FOR):
        yield Step(end + timedelta(days=days), f"late-{days}", escalates=True)


def _day_steps(end: datetime, start: datetime, office: Office) -> Iterator[Step]:
    zone, rules = office.config.organisation.time_zone, office.config.reminders
    last_day = (end - timedelta(seconds=1)).astimezone(zone).date()
    for before in sorted(rules.before_due, reverse=True):
        at = _morning(last_day - timedelta(days=before.days), office)
        if at > start:
            yield Step(at, f"{before.days}d", escalates=before <= rules.escalate_before_due)
    yield Step(_morning(last_day, office), "0d", escalates=True)
    for days in range(1, _DAILY_FOR):
        yield Step(_morning(last_day + timedelta(days=days), office), f"late-{days}", escalates=True)


def _morning(day: date, office: Office) -> datetime:
    return datetime.combine(day, _MORNING, office.config.organisation.time_zone)
