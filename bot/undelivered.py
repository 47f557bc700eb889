"""Undelivered: what happens when a letter is refused for good or comes back: its people hear of it, once."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from bot.clerk import locked
from bot.notices import queue_card, queue_desk_line, queue_staff_letter, queue_thread_note
from bot.office import Office
from bot.staff_mail import staff_letter_lost
from models import Carrier, Notice, Ticket

_LOST = "lost"
_IDS = 10


def letter_failed(office: Office) -> Callable[[Session, Notice, datetime], None]:
    """What the outbox calls, in its transaction, for each notice that failed for good."""

    def on_failed(session: Session, notice: Notice, now: datetime) -> None:
        if notice.carrier != Carrier.MAIL:
            return
        ticket = session.get(Ticket, notice.ticket_id, with_for_update=True) if notice.ticket_id else None
        if ticket is None:
            tell_of_lost_letter(session, office, notice, now)
            return
        if ticket.merged_into is not None:  # nobody looks at a duplicate any more
            ticket = locked(session, ticket.current)
        ticket.record("letter_refused", "bot", now, letter=notice.kind, code=notice.error)
        ticket.warn(f"the {notice.kind.replace('-', ' ')} could not be delivered ({notice.error})")
        queue_card(session, office, ticket, now)
        queue_thread_note(session, office, ticket, f"refused-{notice.id}", "A letter could not be delivered; please find another way.", now)

    return on_failed


def tell_of_bounce(session: Session, office: Office, message_ids: Iterable[str], now: datetime) -> None:
    """A bounce came that is about no ticket's letter: perhaps about one to a colleague. Anyone can forge one, but not guess our ids."""
    if (notice := _returned(session, office, message_ids)) is not None:
        tell_of_lost_letter(session, office, notice, now)


def _returned(session: Session, office: Office, message_ids: Iterable[str]) -> Notice | None:
    """Our letter to a colleague that goes by one of these Message-IDs; its receipt holds their hashes (see bot/smtp.py)."""
    hashes = [office.vault.digest(name) for name in message_ids][:_IDS]
    names = [
        name for whole in hashes
        for name in (Notice.receipt == whole[:32], Notice.receipt.startswith(f"{whole[:32]};"), Notice.receipt.endswith(f";{whole}"))
    ]  # fmt: skip
    letters = select(Notice).where(Notice.carrier == Carrier.MAIL, Notice.ticket_id.is_(None), or_(false(), *names))
    return session.scalar(letters.order_by(Notice.id.desc()).limit(1))


def tell_of_lost_letter(session: Session, office: Office, notice: Notice, now: datetime) -> None:
    """Tell the desk, or mail-only the other managers, once, that a letter to a colleague did not arrive; which one, never the address.

    The news that a letter was lost is itself no news when it is lost: nothing goes round in circles.
    """
    kind, *_ = notice.key.split(":")
    if kind == _LOST or notice.carrier != Carrier.MAIL:
        return
    letter = staff_letter_lost(notice.kind, notice.key)
    if queue_desk_line(session, office, f"{_LOST}:{notice.key}"[:120], f":warning: {letter.text.strip()}", now):
        return
    for number, manager in enumerate(office.config.escalation.managers if not office.has_slack else ()):
        if not _was_for(notice, manager):
            queue_staff_letter(session, office, f"{_LOST}:{notice.key}:{number}"[:120], "lost-letter", letter, manager, now)


def _was_for(notice: Notice, address: str) -> bool:
    return (notice.payload or {}).get("to") == address
