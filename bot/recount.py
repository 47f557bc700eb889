"""Recount: when the table of clocks or the holidays have changed, open due dates are computed anew and each difference is told."""

import logging
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from bot.clerk import set_due
from bot.clocks import current_version
from bot.notices import queue_card, queue_desk_line
from bot.office import Office
from models import Event, Mark, Request, Status, Ticket

log = logging.getLogger("privacybot")

BATCH = 50
"""Tickets recounted in one transaction: SQLite has one writer, and mail has to come in meanwhile."""

_NAMED = 20
_TOLD = "recount-told"
"""The mark that holds the id of the last difference the desk knows of."""

_OPEN = [status for status in Status if status is not Status.CLOSED]
_DATES = ("due_on", "due_at", "safest_at", "extension_notice_by")


def recount(session: Session, office: Office, now: datetime, after: int = 0) -> int:
    """Recount one batch: open tickets with an id above `after` whose dates were computed with another version of the rules.

    Returns the id of the last one, from which the next transaction goes on; 0 when none was left, and then the desk has been told.
    A ticket whose clock can't be computed keeps its dates and its old version; the desk is told once, the next start tries again.
    """
    tickets = session.scalars(_stale_tickets(after)).all()
    for ticket in tickets:
        differences = [_recount_request(session, office, ticket, request, now) for request in ticket.open_requests]
        if any(differences):
            queue_card(session, office, ticket, now)
    if not tickets:
        _tell_desk(session, office, now)
    return tickets[-1].id if tickets else 0


def _stale_tickets(after: int) -> Select[Ticket]:
    stale = select(Request.id).where(Request.ticket_id == Ticket.id, Request.outcome.is_(None), Request.rule_version != current_version())
    open_tickets = select(Ticket).where(Ticket.status.in_(_OPEN), Ticket.id > after, stale.exists())
    whole = open_tickets.options(selectinload(Ticket.requests), selectinload(Ticket.events))
    # key_share: journal lines of others still get in, so that a reminder under way and a recount never wait for each other
    return whole.order_by(Ticket.id).limit(BATCH).with_for_update(of=Ticket, key_share=True)


def _recount_request(session: Session, office: Office, ticket: Ticket, request: Request, now: datetime) -> bool:
    """True when a date of the request changed; the journal then says from what to what. Else only the version is new."""
    if request.rule_version == current_version():
        return False
    before, rules_before, remind_at = _dates(request), request.rule_version, request.remind_at
    try:
        set_due(office, ticket, request, now)
    except ValueError as error:  # ClockError is one; so is an intent that the catalog no longer has
        _say_unfit(session, office, ticket, error, now)
        return False
    after = _dates(request)
    if after == before:
        request.remind_at = remind_at  # there is nothing new to remind of
        return False
    ticket.record(
        "due_recounted", "bot", now, intent=request.intent, before=before, after=after,
        rules_before=rules_before, rules=request.rule_version,
    )  # fmt: skip
    return True


def _say_unfit(session: Session, office: Office, ticket: Ticket, error: ValueError, now: datetime) -> None:
    log.error("%s: a due date can't be recounted: %s", ticket.reference, type(error).__name__)
    text = f":warning: *{ticket.reference}*: the new table of clocks doesn't fit this ticket. It keeps its dates; please check its law."
    queue_desk_line(session, office, f"recount-failed:{ticket.reference}:{current_version()}", text, now, ticket_id=ticket.id)


def _dates(request: Request) -> dict[str, str | None]:
    found: dict[str, date | None] = {name: getattr(request, name) for name in _DATES}
    return {name: value.isoformat() if value else None for name, value in found.items()}


def _tell_desk(session: Session, office: Office, now: datetime) -> None:
    """One line about every difference journalled since the last such line, by whichever start of the bot."""
    mark = session.get(Mark, _TOLD, with_for_update=True)
    differences = select(Event.id, Ticket.reference).join(Ticket).where(Event.kind == "due_recounted").order_by(Event.id)
    found = session.execute(differences.where(Event.id > int(mark.value)) if mark else differences).all()
    if not found:
        return
    last = found[-1].id
    references = list(dict.fromkeys(row.reference for row in found))
    queue_desk_line(session, office, f"recounted:{last}", _line(references), now)
    session.merge(Mark(name=_TOLD, value=str(last)))


def _line(references: list[str]) -> str:
    named = ", ".join(references[:_NAMED])
    more = f" and {len(references) - _NAMED} more" if len(references) > _NAMED else ""
    which = "1 ticket" if len(references) == 1 else f"{len(references)} tickets"
    return f":calendar: Clocks or public holidays were brought up to date ({current_version()}). Dates of {which} changed: {named}{more}."
