"""Home: what waits for one colleague and for the desk, with counts, and the last digest's figures."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.digest_figures import gather
from bot.held import has_held
from bot.notices import card_facts
from bot.office import Office
from bot.weekly import last_due_week
from bot.weeks import Week
from models import Mark, Message, Status, Ticket

_SHOWN = 8
_FIGURES = "home:digest"


def overview(session: Session, office: Office, actor: str, now: datetime) -> Mapping[str, Any]:
    """`lists`: of each its name, how many there are, and the facts of the most urgent; `digest`: the last full week's figures, or None."""
    lists = {
        "overdue": Ticket.due_at < now,
        "mine": Ticket.handler == actor.removeprefix("slack:"),
        "due this week": Ticket.due_at.between(now, _end_of_week(office, now)),
        "unassigned": Ticket.handler.is_(None),
        "held": has_held(),
    }
    drawn = [_list(session, office, name, condition) for name, condition in lists.items()]
    return {"lists": drawn, "digest": _digest(session, office, now)}


def _list(session: Session, office: Office, name: str, condition: ColumnElement[bool]) -> dict[str, Any]:
    these = Ticket.status != Status.CLOSED, condition
    shown = select(Ticket).where(*these).order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id).limit(_SHOWN)
    return {
        "name": name, "count": session.scalar(select(func.count()).select_from(Ticket).where(*these)) or 0,
        "tickets": [card_facts(office, ticket) for ticket in session.scalars(shown)],
    }  # fmt: skip


def _end_of_week(office: Office, now: datetime) -> datetime:
    """The Sunday's last instant where the organisation is."""
    zone = office.config.organisation.time_zone
    return datetime.combine(Week.of(now.astimezone(zone).date()).last + timedelta(days=1), time(), zone).astimezone(UTC)


def _digest(session: Session, office: Office, now: datetime) -> Mapping[str, Any] | None:
    """Gathered once a week, at the first look: it reads the tickets of a quarter of a year."""
    week = last_due_week(office, now)
    mark = session.get(Mark, _FIGURES)
    known: Mapping[str, Any] = json.loads(mark.value) if mark else {}
    if known.get("week") == str(week):
        return known
    before = datetime.combine(week.last + timedelta(days=1), time(), office.config.organisation.time_zone)
    if session.scalar(select(Message.id).where(Message.received_at < before).limit(1)) is None:
        return None  # nothing had come by then
    digest = gather(session, office, week, now)
    figures = {
        "week": str(week), "received": digest.received, "closed": digest.closed, "open": digest.open,
        "overdue": len(digest.overdue), "on_time": str(digest.on_time),
    }  # fmt: skip
    with suppress(IntegrityError), session.begin_nested():  # another process was quicker by a moment
        session.merge(Mark(name=_FIGURES, value=json.dumps(figures)))
    return figures
