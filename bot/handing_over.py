"""Handing over: a ticket goes to another colleague, who is told directly, or back to the desk."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.clerk import intents_of
from bot.desk import Refused, step, ticket_for, told
from bot.letterbox import earliest_due
from bot.notices import queue_desk_line
from bot.office import Office
from models import Ticket


def hand_over(session: Session, office: Office, reference: str, handler: str, actor: str, now: datetime, *, seen: str | None) -> Ticket:
    """Anyone at the desk may hand any open ticket to a colleague; an empty `handler` gives it back to the desk.

    `seen`: who had it when the form was opened (None: nobody). Raises Refused when that has changed.
    """
    ticket = ticket_for(session, reference)
    if ticket.handler != seen and not ticket.is_closed:
        raise Refused(f"{ticket.reference} was changed meanwhile; please open the form again.")
    step(ticket.hand_over, handler or None, actor, now)
    session.flush()
    if handler and handler != actor.removeprefix("slack:"):
        key = f"handed-over:{ticket.reference}:{ticket.events[-1].id}"
        queue_desk_line(session, office, key, _told_to(ticket, actor), now, ticket_id=ticket.id, user=handler)
    words = f"Handed over to <@{handler}>." if handler else "Given back to the desk."
    return told(session, office, ticket, now, words)


def _told_to(ticket: Ticket, actor: str) -> str:
    asked = ", ".join(intent.value.replace("_", " ") for intent in intents_of(ticket.open_requests))
    due = earliest_due(ticket)
    by = f" by <@{actor.removeprefix('slack:')}>" if actor.startswith("slack:") else ""
    return f"*{ticket.reference}* was handed over to you{by}: {asked}{f', due {due:%d %b %Y}' if due else ''}."
