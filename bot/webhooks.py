"""Webhooks: queues what receivers outside are told of tickets and of suppressed addresses; nothing is sent here."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.office import Office
from bot.queueing import queue
from bot.webhook_config import SUPPRESSION
from models import Carrier, Notice, Status, Suppression, Ticket

SUPPRESSED, LIFTED = "suppressed", "lifted"
_SOON = timedelta(days=7)
_BATCH = 500


def tell_receivers(session: Session, office: Office, ticket: Ticket, now: datetime) -> None:
    """How the ticket stands, if it stands otherwise than they were told last: `opened` the first time, then `changed` or `closed`."""
    if not office.config.webhooks:
        return
    state = _state(ticket)
    digest = sha256(_json(state).encode()).hexdigest()
    if digest == ticket.webhook_hash:
        return
    known, ticket.webhook_hash = ticket.webhook_hash is not None, digest
    ticket.webhook_number += 1
    kind = "closed" if ticket.is_closed else "changed" if known else "opened"
    _tell(session, office, ticket, kind, str(ticket.webhook_number), state, now)


def tell_what_is_due_soon(session: Session, office: Office, now: datetime) -> int:
    """Once for each date that open tickets are due on, a week before it or as soon as it is known. Returns how many events were queued."""
    receivers = [webhook.name for webhook in office.config.webhooks if "due_soon" in webhook.events]
    if not receivers:
        return 0
    due = select(Ticket).where(Ticket.status != Status.CLOSED, Ticket.due_at <= now + _SOON).order_by(Ticket.due_at, Ticket.id)
    found = session.scalars(due.options(selectinload(Ticket.requests))).all()
    batches = (found[start : start + _BATCH] for start in range(0, len(found), _BATCH))
    return sum(_due_soon(session, office, receivers, batch, now) for batch in batches)


def tell_of_suppression(
    session: Session, office: Office, row: Suppression, kind: str, name: str, now: datetime, ticket: Ticket | None
) -> bool:
    """The newsletter tool must know at once; `name` makes the key, so that it is told once. False where there is no such tool."""
    if office.config.suppression.webhook is None:
        return False
    reference = ticket.reference if ticket else row.reference
    body = {"type": kind, "address": row.address, "channel": row.channel, "since": _instant(row.since), "reference": reference}
    lane = f"{SUPPRESSION}:{row.address_hash}"
    return _queue(session, SUPPRESSION, f"{SUPPRESSION}:{name}:{row.channel}:{kind}", lane, body, now, ticket.id if ticket else None)


def _due_soon(session: Session, office: Office, receivers: Sequence[str], tickets: Sequence[Ticket], now: datetime) -> int:
    """Most were told before: one question to the database finds them all."""
    marks = {ticket: f"due-{due_on}" for ticket in tickets if (due_on := _due_on(ticket)) is not None}
    keys = {ticket: {f"webhook:{name}:{ticket.reference}:{mark}" for name in receivers} for ticket, mark in marks.items()}
    told = set(session.scalars(select(Notice.key).where(Notice.key.in_(set().union(*keys.values())))))
    fresh = [ticket for ticket in marks if not keys[ticket] <= told]
    return sum(_tell(session, office, ticket, "due_soon", marks[ticket], _state(ticket), now) for ticket in fresh)


def _tell(session: Session, office: Office, ticket: Ticket, kind: str, mark: str, state: Mapping[str, Any], now: datetime) -> int:
    """To each receiver that wants such events, in order per ticket. Returns how many were new."""
    return sum(
        _queue(
            session, webhook.name, f"{webhook.name}:{ticket.reference}:{mark}", f"{webhook.name}:{ticket.reference}",
            {"type": kind, **state, **(_personal(ticket) if webhook.personal_data else {})}, now, ticket.id,
        )
        for webhook in office.config.webhooks if kind in webhook.events
    )  # fmt: skip


def _queue(session: Session, name: str, key: str, lane: str, body: Mapping[str, Any], now: datetime, ticket_id: int | None) -> bool:
    """The body is made here and now, so that a repeat says the same."""
    whole = _json({"id": f"webhook:{key}", "occurred_at": _instant(now), **body})
    notice = Notice.queue(f"webhook:{key}", Carrier.WEBHOOK, name, {"body": whole}, now, lane=f"webhook:{lane}", ticket_id=ticket_id)
    return queue(session, notice)


def _state(ticket: Ticket) -> dict[str, Any]:
    """What is told of a ticket; nothing in it says who asks."""
    requests = [
        {"intent": request.intent, "due_on": _day(request.due_on), "outcome": request.outcome and str(request.outcome)}
        for request in ticket.requests
    ]
    return {
        "reference": ticket.reference, "intents": [request.intent for request in ticket.requests], "unclear": ticket.unclear,
        "regime": ticket.regime, "language": ticket.language, "received_at": _instant(ticket.received_at), "due_on": _day(_due_on(ticket)),
        "status": str(ticket.status), "outcome": ticket.outcome and str(ticket.outcome), "handler": ticket.handler, "requests": requests,
    }  # fmt: skip


def _personal(ticket: Ticket) -> dict[str, Any]:
    return {"requester": ticket.requester, "subject": ticket.subject}


def _due_on(ticket: Ticket) -> date | None:
    return min((request.due_on for request in ticket.open_requests if request.due_on), default=None)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
