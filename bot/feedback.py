"""Feedback: how the bot had read a ticket, what a person says instead, and both as labelled mails for later training."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intents.catalog import Intent
from models import Event, Feedback, Message, Ticket

_CHOICES = 2
_COUNTS = 0.005  # a lower score says nothing


def telling(scores: Mapping[Intent, float]) -> dict[str, float]:
    """The scores as the journal keeps them: those that count for something, the likeliest first."""
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    return {intent.value: round(score, 3) for intent, score in ranked if score >= _COUNTS}


def likeliest(ticket: Ticket) -> list[str]:
    """The two rights or matters that an unclear ticket most probably is about; empty for all others."""
    read = _reading(ticket) if ticket.unclear else None
    scores: Mapping[str, float] = read.detail.get("scores", {}) if read else {}
    ranked = sorted(scores, key=lambda intent: -scores[intent])
    return [intent for intent in ranked if intent in set(Intent) - {Intent.OTHER}][:_CHOICES]


def keep(session: Session, ticket: Ticket, corrected: Sequence[Intent], regime: str, actor: str, now: datetime) -> bool:
    """Remember what was read wrong, before the ticket is changed. False where the bot was right and sure, or had read nothing."""
    read, message = _reading(ticket), ticket.first_inbound
    if read is None or message is None:
        return False
    predicted, unclear = list(read.detail["intents"]), bool(read.detail["unclear"])
    if set(predicted) == set(corrected) and not unclear and regime == ticket.regime:
        return False
    session.add(
        Feedback(
            ticket_id=ticket.id, message_id=message.id, at=now, actor=actor, model=str(read.detail.get("model", ""))[:80],
            language=ticket.language, predicted=predicted, scores=dict(read.detail.get("scores", {})), unclear=unclear,
            corrected=[intent.value for intent in corrected], regime_before=ticket.regime, regime=regime,
        )
    )  # fmt: skip
    return True


def labelled(session: Session) -> Iterator[dict[str, Any]]:
    """One labelled mail per message that was corrected, the oldest first; of several corrections the last counts.

    It holds the mail's subject and words: personal data. Messages that were emptied meanwhile are left out.
    """
    newest = {row.message_id: row for row in session.scalars(select(Feedback).order_by(Feedback.id))}
    for row in newest.values():
        message = session.get_one(Message, row.message_id)
        if message.text or message.subject:
            yield _as_labelled(row, message)


def _as_labelled(row: Feedback, message: Message) -> dict[str, Any]:
    """As `intents.corpus` reads it. Mails by one hand share an author, so that training keeps them together."""
    return {
        "id": f"feedback-{row.id:06}", "author": f"desk-{(message.correspondent_hash or 'unknown')[:8]}", "language": row.language,
        "subject": message.subject or "", "body": message.text or "", "labels": row.corrected, "register": message.source, "note": "",
        "regime": row.regime, "predicted": row.predicted, "scores": row.scores, "unclear": row.unclear, "model": row.model,
    }  # fmt: skip


def _reading(ticket: Ticket) -> Event | None:
    """The journal's line on how the bot read the ticket last."""
    return next((event for event in reversed(ticket.events) if event.kind == "classified"), None)
