"""Suppressions: addresses that get no marketing any more; put down at once, passed on, and lifted by people only."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.asking.channels import Channel, channels_of, names_other_address, speaks_of_marketing
from bot.office import Office
from bot.webhooks import LIFTED, SUPPRESSED, tell_of_suppression
from intents.catalog import Intent
from models import Direction, Message, Suppression, Ticket

ALREADY = "was on the suppression list before: see why advertising still comes"
OTHER_ADDRESS = "names another mail address: see whether that one is to get no advertising"


def objects(intents: Collection[Intent], message: Message | None) -> bool:
    """Whether what is asked stops marketing: an objection to it (Art 21(2) GDPR), or a consent to it that is taken back (Art 7(3)).

    An objection to another processing (Art 21(1)) does not, nor does a US opt-out of sale: that is about passing data on.
    """
    return Intent.UNSUBSCRIBE in intents or (Intent.WITHDRAW_CONSENT in intents and speaks_of_marketing(_words(message)))


def suppress(session: Session, office: Office, ticket: Ticket, message: Message | None, now: datetime) -> None:
    """An objection to marketing takes effect at once, no identity is checked (Art 21(3) GDPR), by the channels named in `message`."""
    if not ticket.requester or not ticket.requester_hash:
        return
    words = _words(message)
    new = [_put_down(session, office, ticket, channel, now) for channel in channels_of(words)]
    if not all(new):
        ticket.warn(ALREADY)
    if names_other_address(words, (ticket.requester, *office.config.own_addresses, office.config.organisation.dpo)):
        ticket.warn(OTHER_ADDRESS)


def add_channels(session: Session, office: Office, ticket: Ticket, channels: Iterable[Channel], actor: str, now: datetime) -> bool:
    """A colleague knows of more channels. False where the ticket has no address to put down."""
    if not ticket.requester or not ticket.requester_hash:
        return False
    for channel in channels:
        _put_down(session, office, ticket, channel, now, actor)
    return True


def put_down(session: Session, office: Office, address: str, channel: Channel, now: datetime) -> bool:
    """Without a ticket: a colleague heard it elsewhere. False where the address is on the list already."""
    row, was_new = _in_force(session, office.vault.digest(address), address, channel, now)
    if was_new:
        tell_of_suppression(session, office, row, SUPPRESSED, _name(row, now), now, None)
    return was_new


def lift(session: Session, office: Office, address: str, channel: Channel, why: str, now: datetime) -> bool:
    """The person consented anew; `why` tells where that consent is. False where the address is not on the list."""
    row = session.scalar(_of(office.vault.digest(address), channel))
    if row is None or not row.in_force:
        return False
    row.lifted_at, row.lifted_why = now, why
    tell_of_suppression(session, office, row, LIFTED, _name(row, now), now, None)
    return True


def take_back(session: Session, office: Office, ticket: Ticket, now: datetime) -> None:
    """What was put down in the wrong person's name, as a colleague found; it stands where that person objected in a ticket of their own."""
    rows = session.scalars(select(Suppression).where(Suppression.ticket_id == ticket.id, Suppression.address_hash == ticket.requester_hash))
    for row in rows.all():
        if (other := _own_ticket(session, ticket)) is not None:
            row.ticket_id, row.reference = other.id, other.reference
            continue
        tell_of_suppression(session, office, row, LIFTED, _name_in(ticket), now, ticket)
        session.delete(row)
    session.flush()


def listed(session: Session, channel: Channel | None = None, since: datetime | None = None) -> Iterable[Suppression]:
    """What is in force, the oldest first."""
    found = select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.since, Suppression.id)
    found = found.where(Suppression.channel == channel.value) if channel else found
    return session.scalars(found.where(Suppression.since >= since) if since else found)


def of_address(session: Session, office: Office, address: str) -> list[Suppression]:
    """What is in force for one address, found by its keyed hash."""
    mine = Suppression.address_hash == office.vault.digest(address)
    return list(session.scalars(select(Suppression).where(mine, Suppression.lifted_at.is_(None)).order_by(Suppression.id)))


def _put_down(session: Session, office: Office, ticket: Ticket, channel: Channel, now: datetime, actor: str = "bot") -> bool:
    """False where another ticket or a colleague was there before. The receiver is told in any case: it may have lost it."""
    corrected = max((number for number, event in enumerate(ticket.events) if event.kind == "sender_corrected"), default=0)
    if any(event.kind == "suppressed" and event.detail.get("channel") == channel for event in ticket.events[corrected:]):
        return True
    assert ticket.requester and ticket.requester_hash
    row, was_new = _in_force(session, ticket.requester_hash, ticket.requester, channel, now, ticket)
    ticket.record("suppressed", actor, now, channel=channel.value)
    tell_of_suppression(session, office, row, SUPPRESSED, _name_in(ticket), now, ticket)
    return was_new


def _in_force(
    session: Session, digest: str, address: str, channel: Channel, now: datetime, ticket: Ticket | None = None
) -> tuple[Suppression, bool]:
    """The row of this address and channel, and whether it was not in force before."""
    row = session.scalar(_of(digest, channel).with_for_update())
    if row is not None and row.in_force:
        return row, False
    if row is None:
        row = Suppression(address_hash=digest, channel=channel.value)
        session.add(row)
    row.address, row.since, row.lifted_at, row.lifted_why = address, now, None, None
    row.ticket_id, row.reference = (ticket.id, ticket.reference) if ticket else (None, None)
    session.flush()
    return row, True


def _of(digest: str, channel: Channel) -> Select[Suppression]:
    return select(Suppression).where(Suppression.address_hash == digest, Suppression.channel == channel.value)


def _own_ticket(session: Session, ticket: Ticket) -> Ticket | None:
    """Another ticket by which the same address was put down."""
    others = select(Ticket).where(Ticket.requester_hash == ticket.requester_hash, Ticket.id != ticket.id).order_by(Ticket.id)
    return next((other for other in session.scalars(others) if any(event.kind == "suppressed" for event in other.events)), None)


def _name_in(ticket: Ticket) -> str:
    """Another one after a colleague corrected whose ticket it is: that is another address."""
    corrections = sum(1 for event in ticket.events if event.kind == "sender_corrected")
    return f"{ticket.reference}.{corrections}" if corrections else ticket.reference


def _name(row: Suppression, now: datetime) -> str:
    return f"{row.id}.{now:%Y%m%d%H%M%S}"


def _words(message: Message | None) -> str:
    return f"{message.subject or ''}\n{message.text or ''}" if message is not None and message.direction == Direction.IN else ""
