"""Proving: journals what an answer to the question who wrote proves; the identity itself is confirmed by a person, never here."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.clerk import open_question
from bot.identity import METHOD, Answer, Proof, Question, proof
from bot.inquiry import Inquiry
from bot.notices import queue_thread_note
from bot.office import Office
from models import Direction, Message, Ticket

ASKED = "id-question"
"""How the letters are called that ask who wrote."""
_PROVED = "Control of the address proved (DMARC). Whether that is enough is for you to say: More…, Identity confirmed."


def note_proof(session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, message: Message, now: datetime) -> None:
    """Record what a joined message (flushed) proves of the open question, if there is one; no address reaches the journal."""
    names = frozenset(office.vault.digest(name) for name in inquiry.thread_ids)
    found = proof(_question(ticket), Answer(message.correspondent_hash, names, message.authentication))
    if found is Proof.CONTROL:
        ticket.record("control_proved", "bot", now, method=METHOD)
        mention = {"mention": ticket.handler} if ticket.handler else {}
        queue_thread_note(session, office, ticket, f"proved-{message.id}", _PROVED, now, **mention)
    elif found is not None:
        ticket.record("control_not_proved", "bot", now, reason=found.value)


def _question(ticket: Ticket) -> Question | None:
    """The open question and whom its letter went to; asked another way, nobody's answer can name a letter."""
    if not open_question(ticket, "id"):
        return None
    asked_at = next(event.at for event in reversed(ticket.events) if event.kind == "id_requested")
    sent = [m for m in ticket.messages if m.direction == Direction.OUT and m.rule.startswith(ASKED) and m.received_at >= asked_at]
    if not sent:
        return Question(ticket.requester_hash)
    ids = (sent[-1].message_id_hash, sent[-1].reported_id_hash)
    return Question(sent[-1].correspondent_hash, frozenset(filter(None, ids)))
