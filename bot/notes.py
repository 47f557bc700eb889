"""Notes: what colleagues write to each other about a ticket; encrypted, purged with its messages, and never in any letter."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.desk import Refused, stands, ticket_for
from bot.notices import queue_thread_note
from bot.office import Office
from models import Direction, Message, Ticket

NOTE = "note"
"""The kind of a message row that is a colleague's note; it has no correspondent and no Message-ID, so no mail can answer it."""
LONGEST = 3_000


def add_note(session: Session, office: Office, reference: str, text: str, actor: str, now: datetime) -> Ticket:
    """Keep the note with the ticket, closed ones too. The thread says that there is one; its words only where cards show all."""
    ticket = ticket_for(session, reference)
    stands(ticket)
    words = text.strip()
    if not words:
        raise Refused("Write what your colleagues should know.")
    if len(words) > LONGEST:
        raise Refused(f"A note takes {LONGEST:,} characters; this one has {len(words):,}.")
    event = ticket.record("noted", actor, now)
    session.flush()
    ticket.messages.append(
        Message(
            external_id=f"n:{ticket.reference}:{event.id}", direction=Direction.OUT, source="desk", received_at=now, rule=NOTE, kind=NOTE,
            correspondent_name=actor, text=words, body=words,
        )
    )  # fmt: skip
    shown = {"quote": words} if office.config.slack is not None and office.config.slack.show == "full" else {}
    queue_thread_note(session, office, ticket, f"journal-{event.id}", "Note added.", now, by=actor, **shown)
    return ticket
