"""Searching: tickets by an exact mail address, found by its keyed hash, or by part of a reference; never by words of a message."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.clerk import count_up
from bot.desk import Refused
from bot.notation import mail_address
from bot.notices import card_facts
from bot.office import Office
from models import Message, Ticket

SEARCHES = "searches"
"""The counter of searches made."""

_MOST = 21  # one more than a list shows
_PART = re.compile(r"(?:PRV-?)?[0-9]{0,4}-?[0-9]{1,9}", re.IGNORECASE)
_USAGE = "Say a whole mail address, or a reference or part of one, for example: search jo@example.org, or search 00042"


def search(session: Session, office: Office, text: str, actor: str, now: datetime) -> Sequence[Any]:
    """The facts of the tickets found, open or closed, the newest first. A search for a person stands in the journal of what it found.

    Raises Refused, without repeating what was asked, for anything else than an address or a part of a reference.
    """
    words = text.strip()
    person = "@" in words
    if not person and not _PART.fullmatch(words):
        raise Refused(_USAGE)
    query = _of_person(office, words) if person else select(Ticket).where(Ticket.reference.contains(words.upper(), autoescape=True))
    found = session.scalars(query.order_by(Ticket.id.desc()).limit(_MOST)).all()
    count_up(session, SEARCHES)
    for ticket in found if person else ():
        ticket.record("found", actor, now, by="address")
    return [card_facts(office, ticket) for ticket in found]


def _of_person(office: Office, words: str) -> Select[Ticket]:
    """Who asks, and whoever wrote or was written to in a ticket."""
    try:
        digest = office.vault.digest(mail_address(words.removeprefix("<mailto:").partition("|")[0].strip("<>")))
    except ValueError:
        raise Refused(_USAGE) from None
    of_messages = select(Message.ticket_id).where(Message.correspondent_hash == digest, Message.ticket_id.is_not(None))
    return select(Ticket).where(or_(Ticket.requester_hash == digest, Ticket.id.in_(of_messages)))
