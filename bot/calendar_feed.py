"""Calendar feed: the due dates of all open requests as an iCalendar file (RFC 5545) that holds no personal data."""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from icalendar import Calendar
from icalendar import Event as Entry
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from bot.clerk import day_end
from bot.law.clock_table import table
from bot.office import Office
from models import Event, Request, Status, Ticket

log = logging.getLogger("privacybot")

_PRODUCT = "-//privacybot//due dates//EN"
_OPEN = [status for status in Status if status is not Status.CLOSED]
_COLUMNS = (
    Ticket.reference, Ticket.regime, Ticket.status, Request.id, Request.intent,
    Request.due_on, Request.due_at, Request.statute, Request.due_reason,
)  # fmt: skip
"""Nothing else is even read: no name, address, subject or text."""


@dataclass(frozen=True, slots=True)
class DueDate:
    """One line of the calendar. `due` is the last local day, or for a clock in hours the UTC instant at which it ends."""

    uid: str
    due: date | datetime
    summary: str
    description: str
    revised_at: datetime
    """When the ticket's journal last moved, or when the date passed (UTC)."""


def due_dates(session: Session, office: Office, now: datetime) -> list[DueDate]:
    """The due date of every open request that has one, the earliest first. `now` (aware) decides which are overdue."""
    revised_at = select(func.max(Event.at)).where(Event.ticket_id == Ticket.id).scalar_subquery()
    found = (
        select(*_COLUMNS, revised_at.label("revised_at")).join(Request, Request.ticket_id == Ticket.id)
        # the status leads straight to the open tickets, however many are closed
        .where(Ticket.status.in_(_OPEN), Request.outcome.is_(None), Request.due_at.is_not(None))
        .order_by(Request.due_at, Request.id)
    )  # fmt: skip
    return [_due_date(row, office, now) for row in session.execute(found)]


def draw(dates: Iterable[DueDate]) -> bytes:
    """The iCalendar file; the same dates give the same bytes."""
    calendar = Calendar()
    for name, value in (("prodid", _PRODUCT), ("version", "2.0"), ("name", "Privacy requests: due dates")):
        calendar.add(name, value)
    for due_date in dates:
        calendar.add_component(_entry(due_date))
    return bytes(calendar.to_ical())


class CalendarFile:
    """Keeps one file up to date; a file that can't be written is said once, and once more when it works again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failing = False

    def keep(self, content: bytes) -> None:
        """Replace the file if its content changed. Readers see the old file or the new one, never a part; raises nothing."""
        try:
            if not self._path.exists() or self._path.read_bytes() != content:
                _replace(self._path, content)
        except OSError as error:
            self._say_failed(error)
        else:
            self._say_works()

    def _say_failed(self, error: OSError) -> None:
        if not self._failing:
            log.error("calendar.file can't be written: %s; due dates and reminders go on without it", error.strerror)
        self._failing = True

    def _say_works(self) -> None:
        if self._failing:
            log.info("calendar.file: works again")
        self._failing = False


def _due_date(row: Row[*tuple[object, ...]], office: Office, now: datetime) -> DueDate:
    overdue = row.due_at <= now
    lines = {
        "Law": table().regimes[row.regime].act if row.regime in table().regimes else row.regime,
        "Statute": row.statute,
        "Reason": row.due_reason,
        "Status": str(row.status).replace("_", " ") + (", overdue" if overdue else ""),
    }
    # a clock in days ends with the day: whatever ends at another moment is a clock in hours
    is_day = row.due_at == day_end(row.due_on, office.config.organisation.time_zone)
    return DueDate(
        uid=f"{row.reference}-{row.id}@{office.config.mailbox.address.partition('@')[2]}".lower(),
        due=row.due_on if is_day else row.due_at,
        summary=f"{row.reference} {row.intent.replace('_', ' ')} due",
        description="\n".join(f"{name}: {value}" for name, value in lines.items()),
        revised_at=max(row.revised_at, row.due_at) if overdue else row.revised_at,
    )


def _entry(due_date: DueDate) -> Entry:
    entry = Entry()
    entry.add("uid", due_date.uid)
    # without METHOD this is the time of the last revision (RFC 5545 3.8.7.2); the time of writing would change the file each time
    entry.add("dtstamp", due_date.revised_at)
    entry.add("dtstart", due_date.due)
    entry.add("summary", due_date.summary)
    entry.add("description", due_date.description)
    entry.add("transp", "TRANSPARENT")  # a due date takes nobody's time
    return entry


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")  # in the same folder: a rename across file systems is not atomic
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
