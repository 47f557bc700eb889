"""Cards: one that was deleted by hand is posted anew, unless it has done its service."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clerk import locked
from bot.notices import queue_card
from bot.office import Office
from models import Notice, NoticeState, Ticket

_TIDYING_AFTER = timedelta(days=7)  # whoever deletes the card of a ticket that is closed for longer is tidying up
_OFTEN, _WINDOW = 3, timedelta(hours=1)  # a robot that deletes whatever stands in the channel is not fought


def post_anew(session: Session, office: Office, receipt: str, now: datetime) -> bool:
    """The message `channel:ts` is gone: if a ticket's card stood there, its next version is queued, which finds no place to be edited.

    Returns whether it was. Told twice, it is posted once: the second version edits the first.
    """
    gone = select(Notice).where(Notice.kind == "card", Notice.state == NoticeState.SENT, Notice.receipt == receipt)
    notice = session.scalar(gone.order_by(Notice.id.desc()).limit(1))
    if notice is None or notice.ticket_id is None or _stands_elsewhere(session, notice):
        return False
    ticket = locked(session, session.get_one(Ticket, notice.ticket_id))
    if _has_done_its_service(ticket, now):
        return False
    ticket.record("card_posted_anew", "bot", now)
    queue_card(session, office, ticket, now)
    return True


def _stands_elsewhere(session: Session, notice: Notice) -> bool:
    """A later version was posted at another place already."""
    later = select(Notice.id).where(
        Notice.lane == notice.lane, Notice.kind == "card", Notice.state == NoticeState.SENT, Notice.id > notice.id
    )  # fmt: skip
    return session.scalar(later.limit(1)) is not None


def _has_done_its_service(ticket: Ticket, now: datetime) -> bool:
    if ticket.closed_at is not None and now - ticket.closed_at > _TIDYING_AFTER:
        return True
    lately = [event for event in ticket.events if event.kind == "card_posted_anew" and now - event.at < _WINDOW]
    return len(lately) >= _OFTEN
