"""Doubt: what a message whose sender our mail server calls forged may not do in the record, until a colleague has looked at it."""

from datetime import datetime

from bot.inquiry import Inquiry
from bot.office import Office
from bot.trust import UNAUTHENTICATED, is_fail, is_pass, method_of
from models import Direction, Message, Ticket


def may_join(office: Office, ticket: Ticket, inquiry: Inquiry, message: Message) -> bool:
    """From and a reference in the subject can be forged, the Message-ID of our letter can't be guessed.

    A closed ticket is not reopened by a doubtful message, and in a closed one nobody would see it: it gets a ticket of its own.
    """
    if not is_fail(message.authentication):
        return True
    return names_our_letter(office, ticket, inquiry) and not ticket.is_closed


def names_our_letter(office: Office, ticket: Ticket, inquiry: Inquiry) -> bool:
    """Whether the writer had a letter of ours about this ticket before them."""
    named = {office.vault.digest(message_id) for message_id in inquiry.thread_ids}
    return any(message.direction == Direction.OUT and message.message_id_hash in named for message in ticket.messages)


def note_opening(ticket: Ticket, message: Message, now: datetime) -> None:
    """What is known of the sender, on the card or in the journal of the new ticket."""
    if is_fail(message.authentication):
        ticket.warn(UNAUTHENTICATED)
    _note(ticket, message, now)


def note_joining(ticket: Ticket, message: Message, now: datetime) -> None:
    """The same of a further message; only the requester's counts as proof of control of the requester's address."""
    if is_fail(message.authentication):
        ticket.warn(f"a message came from a {UNAUTHENTICATED}")
    elif message.correspondent_hash != ticket.requester_hash:
        return
    _note(ticket, message, now)


def is_held(office: Office, ticket: Ticket) -> bool:
    """Whether letters by ourselves wait for a person: the ticket's sender is in doubt, or that of its newest message."""
    newest = ticket.last_inbound
    if newest is None or office.config.mailbox_called(ticket.mailbox).unauthenticated == "answer":
        return False
    return is_fail(newest.authentication) or (is_doubted(ticket) and not is_pass(newest.authentication))


def is_doubted(ticket: Ticket) -> bool:
    """Whether the sender of the ticket's first message is in doubt, and no colleague has lifted that."""
    return UNAUTHENTICATED in ticket.warnings


def may_object(ticket: Ticket, message: Message) -> bool:
    """Whether the message can stop mail to the requester's address at once: anybody can write another's address into From."""
    if is_fail(message.authentication) or message.correspondent_hash != ticket.requester_hash:
        return False
    return is_pass(message.authentication) or not is_doubted(ticket)


def _note(ticket: Ticket, message: Message, now: datetime) -> None:
    if is_fail(message.authentication) or is_pass(message.authentication):
        kind = "sender_doubted" if is_fail(message.authentication) else "sender_authenticated"
        ticket.record(kind, "bot", now, method=method_of(message.authentication))
