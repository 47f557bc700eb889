"""Answers: passages of the company's own policy that fit a ticket's question; offered to the colleague who replies, sent by nobody else."""

from collections.abc import Sequence

from bot.office import Office
from bot.policy.sections import Passage
from models import Direction, Ticket


def passages_for(office: Office, ticket: Ticket) -> Sequence[Passage]:
    """Up to three, the best first, for the last message from outside; none where config names no policy or the text is gone."""
    asked = [message for message in ticket.messages if message.direction == Direction.IN and (message.text or message.subject)]
    if not asked or not len(office.policy):
        return []
    return [found.passage for found in office.policy.find(f"{asked[-1].subject or ''}\n{asked[-1].text or ''}", ticket.language)]
