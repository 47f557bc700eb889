"""Confirming: a person says who asks, where a colleague passed it on; then the acknowledgement that waited goes out."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.forwards import CONFIRM, NO_DATE, NO_REQUESTER
from bot.clerk import intents_of
from bot.desk import Refused, must_be_open, ticket_for, told
from bot.letterbox import acknowledge_late
from bot.notation import mail_address
from bot.office import Office
from bot.posted import CONFIRM_POST, NO_ADDRESS
from bot.provenance import waits_for_sender
from bot.suppressions import objects, suppress, take_back
from bot.timekeeping import set_receipt
from models import Ticket


def confirm_sender(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """The requester and the receipt are what the forward or the post shows."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    if not waits_for_sender(ticket):
        raise Refused(f"{ticket.reference}: there is no sender to confirm.")
    if not ticket.requester:
        raise Refused(f"{ticket.reference}: no address is known. Press Correct sender and write it.")
    return _settle(session, office, ticket, actor, now)


def correct_sender(
    session: Session, office: Office, reference: str, address: str, received_at: datetime, actor: str, now: datetime
) -> Ticket:
    """The requester is somebody else, or it came at another time; the clocks start there. The journal keeps no address."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    requester = requesters_address(office, address)
    if received_at.replace(second=0, microsecond=0) != ticket.received_at.replace(second=0, microsecond=0):
        set_receipt(session, office, reference, received_at, actor, now)
    if requester != ticket.requester:
        _write_down(session, office, ticket, requester, actor, now)
    return _settle(session, office, ticket, actor, now)


def requesters_address(office: Office, address: str) -> str:
    """An address that somebody typed. Raises Refused for what is none, and for our own."""
    try:
        requester = mail_address(address)
    except ValueError:
        raise Refused("Write the requester's mail address as jo@example.org.", "address") from None
    if requester in office.config.own_addresses:
        raise Refused("That is our own mailbox. Write the requester's mail address.", "address")
    return requester


def _write_down(session: Session, office: Office, ticket: Ticket, requester: str, actor: str, now: datetime) -> None:
    """What was done in the wrong person's name is undone."""
    take_back(session, office, ticket, now)
    ticket.requester, ticket.requester_hash, ticket.requester_name = requester, office.vault.digest(requester), None
    ticket.record("sender_corrected", actor, now)


def _settle(session: Session, office: Office, ticket: Ticket, actor: str, now: datetime) -> Ticket:
    ticket.lift_warnings(CONFIRM, NO_DATE, NO_REQUESTER, CONFIRM_POST, NO_ADDRESS)
    ticket.record("sender_confirmed", actor, now)
    if objects(intents_of(ticket.requests), ticket.first_inbound) and not ticket.unclear:
        suppress(session, office, ticket, ticket.first_inbound, now)
    acknowledge_late(session, office, ticket, now)
    return told(session, office, ticket, now)
