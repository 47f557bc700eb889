"""Day turn: once a local day, cards whose words about the time left are no longer true are queued anew."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from bot.notices import CARD_DAYS, queue_card
from bot.office import Office
from models import Mark, Request, Status, Ticket

COUNTED = 300
"""Open tickets up to which all cards count the days: Slack takes some fifty edits a minute, so they are up to date within minutes."""

_BATCH = 500  # tickets in one transaction; SQLite has one writer
_SOON = timedelta(days=7)
_WEEKS = 8
_DONE = "-"
_OPEN = [status for status in Status if status is not Status.CLOSED]


def turn_cards(session: Session, office: Office, now: datetime) -> int:
    """Queue one batch of cards that the new day makes untrue. Returns how many; 0 when all are up to date.

    With many tickets open, only those that are late, end within a week, or have one week less: those far away count weeks.
    """
    if office.config.slack is None:
        return 0
    today = now.astimezone(office.config.organisation.time_zone).date()
    mark = session.get(Mark, CARD_DAYS, with_for_update=True)
    if mark is None:  # what was posted until now counts days, and is true today
        session.add(Mark(name=CARD_DAYS, value=_value(today, "days", today, _DONE)))
        return 0
    day, unit, since, after = mark.value.split()
    if day != today.isoformat():
        before, day, since, after = unit, today.isoformat(), day, "0"
        unit = _unit(session)
        since = since if before == unit == "weeks" else "all"
    if after == _DONE:
        return 0
    found = session.scalars(_untrue(today, since, int(after)).limit(_BATCH)).all()
    mark.value = _value(today, unit, since, _DONE if len(found) < _BATCH else found[-1].id)
    for ticket in found:
        queue_card(session, office, ticket, now)
    return len(found)


def _value(*parts: object) -> str:
    return " ".join(map(str, parts))


def _unit(session: Session) -> str:
    are_open = select(func.count()).select_from(Ticket).where(Ticket.status.in_(_OPEN), Ticket.card_version > 0)
    return "days" if (session.scalar(are_open) or 0) <= COUNTED else "weeks"


def _untrue(today: date, since: str, after: int) -> Select[Ticket]:
    with_card = select(Ticket).where(Ticket.status.in_(_OPEN), Ticket.card_version > 0, Ticket.id > after).order_by(Ticket.id)
    # the version of a card is counted up; who holds the ticket now changes it, and queues its card as of today
    with_card = with_card.with_for_update(of=Ticket, skip_locked=True, key_share=True)
    mine = select(Request.id).where(Request.ticket_id == Ticket.id, Request.outcome.is_(None), Request.due_on.is_not(None))
    return with_card.where((mine if since == "all" else mine.where(_turned(today, date.fromisoformat(since)))).exists())


def _turned(today: date, since: date) -> ColumnElement[bool]:
    """Due dates whose words have changed since that day: the number of whole weeks falls where 7n days left become 7n - 1."""
    days = [today - timedelta(days=back) for back in range(min((today - since).days, 7))]
    weeks = [day + timedelta(days=7 * n - 1) for day in days for n in range(2, _WEEKS + 1)]
    return or_(Request.due_on <= today + _SOON, Request.due_on.in_(weeks))
