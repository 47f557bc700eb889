"""Answers: passages of the company's own policy that fit a ticket's question; offered to the colleague who replies, sent by nobody else."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.clerk import ticket_by_reference
from bot.desk import Refused
from bot.office import Office
from bot.policy.index import Found
from models import Direction, Ticket


def offered(session: Session, office: Office, _actor: str, _now: datetime, given: dict[str, Any]) -> list[dict[str, str]]:
    """For `given["reference"]`: heading, text and source of up to three passages, the best first. Raises Refused for an unknown ticket."""
    ticket = ticket_by_reference(session, str(given["reference"]))
    if ticket is None:
        raise Refused("There is no such ticket.")
    return [
        {"heading": found.passage.heading, "text": found.passage.text, "source": found.passage.source}
        for found in passages_for(office, ticket)
    ]


def passages_for(office: Office, ticket: Ticket) -> list[Found]:
    """What fits the last message from outside; nothing where no policy is named in config or the text is gone."""
    asked = [message for message in ticket.messages if message.direction == Direction.IN and (message.text or message.subject)]
    if not asked or not len(office.policy):
        return []
    return office.policy.find(f"{asked[-1].subject or ''}\n{asked[-1].text or ''}", ticket.language)
