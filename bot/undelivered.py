"""Undelivered: what happens when the other side refuses a notice for good: the ticket's people hear of it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clerk import locked
from bot.notices import queue_card, queue_thread_note
from bot.office import Office
from models import Carrier, Notice, Ticket


def letter_failed(office: Office) -> Callable[[Session, Notice, datetime], None]:
    """What the outbox calls, in its transaction, for each notice that failed for good."""

    def on_failed(session: Session, notice: Notice, now: datetime) -> None:
        ticket = session.get(Ticket, notice.ticket_id, with_for_update=True) if notice.ticket_id else None
        if ticket is None or notice.carrier != Carrier.MAIL:
            return
        if ticket.merged_into is not None:  # nobody looks at a duplicate any more
            ticket = locked(session, ticket.current)
        ticket.record("letter_refused", "bot", now, letter=notice.kind, code=notice.error)
        ticket.warn(f"the {notice.kind.replace('-', ' ')} could not be delivered ({notice.error})")
        queue_card(session, office, ticket, now)
        queue_thread_note(session, office, ticket, f"refused-{notice.id}", "A letter could not be delivered; please find another way.", now)

    return on_failed
