"""Notices: queues what is to be told (letters, cards, pages) as rows with a unique key; nothing is sent here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.office import Office
from bot.wording import Letter
from models import Carrier, Direction, Message, Notice, NoticeState, Ticket


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a letter goes, and what it answers."""

    address: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def queue(session: Session, notice: Notice) -> bool:
    """Put a notice into the outbox unless one with its key is there already. True when it is new."""
    if session.scalar(select(Notice.id).where(Notice.key == notice.key)) is not None:
        return False
    session.add(notice)
    session.flush()
    return True


def queue_letter(
    session: Session, office: Office, ticket: Ticket, letter: Letter, to: Addressee, name: str, now: datetime, *, kind: str = "automatic"
) -> bool:
    """A letter to the requester, remembered as an outgoing message so that its answer finds the ticket."""
    key = f"{name}:{ticket.reference}"
    message_id = office.message_id(f"{ticket.reference}.{name.replace(':', '-')}".lower())
    payload = letter_payload(letter, to, message_id, office)
    if not queue(session, Notice.queue(key, Carrier.MAIL, name.partition(":")[0], payload, now, ticket_id=ticket.id)):
        return False
    ticket.messages.append(
        Message(
            external_id=f"o:{key}", message_id_hash=office.vault.digest(message_id), direction=Direction.OUT, source="mail",
            received_at=now, correspondent_hash=office.vault.digest(to.address), correspondent=to.address, message_id=message_id, subject=letter.subject,
            text=letter.text, body=letter.text, rule=name, kind=kind,
        )
    )  # fmt: skip
    ticket.record("letter_queued", "bot", now, letter=name, language=letter.language)
    return True


def letter_payload(letter: Letter, to: Addressee, message_id: str, office: Office) -> dict[str, Any]:
    """What the carrier needs to build the same bytes each time."""
    return {
        "to": to.address, "subject": letter.subject, "text": letter.text, "html": letter.html, "language": letter.language,
        "message_id": message_id, "in_reply_to": to.in_reply_to, "references": list(to.references), "loop": office.loop_token,
    }  # fmt: skip


def queue_card(session: Session, office: Office, ticket: Ticket, now: datetime) -> None:
    """The ticket's card as it stands now. Versions still waiting are superseded; the first one that was sent is edited in place."""
    if office.config.slack is None:
        return
    lane = f"card:{ticket.reference}"
    for older in session.scalars(select(Notice).where(Notice.lane == lane, Notice.state == NoticeState.QUEUED, Notice.kind == "card")):
        older.supersede(now)
    ticket.card_version += 1
    payload = {"channel": office.config.slack.desk_channel, "card": card_facts(office, ticket), "anchor": lane}
    queue(session, Notice.queue(f"{lane}:v{ticket.card_version}", Carrier.SLACK, "card", payload, now, lane=lane, ticket_id=ticket.id))


def queue_thread_note(session: Session, office: Office, ticket: Ticket, name: str, text: str, now: datetime, **mention: Any) -> bool:
    """A line in the thread below the ticket's card; in the card's lane, so that it comes after the card."""
    if office.config.slack is None:
        return False
    lane = f"card:{ticket.reference}"
    payload = {"channel": office.config.slack.desk_channel, "text": text, "anchor": lane, **mention}
    return queue(session, Notice.queue(f"{name}:{ticket.reference}", Carrier.SLACK, "note", payload, now, lane=lane, ticket_id=ticket.id))


def queue_thread_answer(session: Session, ticket: Ticket, name: str, text: str, now: datetime) -> bool:
    """An answer in the Slack thread where a colleague brought the matter up."""
    if not ticket.slack_channel or not ticket.slack_thread:
        return False
    payload = {"channel": ticket.slack_channel, "thread_ts": ticket.slack_thread, "text": text}
    return queue(session, Notice.queue(f"{name}:{ticket.reference}", Carrier.SLACK, "answer", payload, now, ticket_id=ticket.id))


def queue_desk_line(
    session: Session, office: Office, key: str, text: str, now: datetime, *, ticket_id: int | None = None, user: str = ""
) -> bool:
    """A line to the desk channel, or to one colleague directly."""
    if office.config.slack is None:
        return False
    payload = {"channel": user or office.config.slack.desk_channel, "text": text}
    return queue(session, Notice.queue(key, Carrier.SLACK, "line", payload, now, ticket_id=ticket_id))


def card_facts(office: Office, ticket: Ticket) -> dict[str, Any]:
    """What a card shows, as plain values; how much of the requester is in it is `slack.show`'s decision."""
    show = office.config.slack.show if office.config.slack else "reference"
    requester = ticket.requester or ""
    facts: dict[str, Any] = {
        "reference": ticket.reference, "status": str(ticket.status), "regime": ticket.regime, "language": ticket.language,
        "source": ticket.source, "handler": ticket.handler, "unclear": ticket.unclear, "warnings": list(ticket.warnings),
        "received_at": ticket.received_at.isoformat(), "messages": sum(1 for m in ticket.messages if m.direction == Direction.IN),
        "requests": [request_facts(request, show == "full") for request in ticket.requests],
    }  # fmt: skip
    if show != "reference":
        facts["requester"] = requester if show == "full" else office.masked(requester)
    if show == "full":
        facts["subject"] = ticket.subject or ""
    return facts


def request_facts(request: Any, with_evidence: bool) -> dict[str, Any]:
    """One request's line on the card."""
    due: date | None = request.due_on
    facts = {
        "intent": request.intent, "confidence": round(request.confidence, 2), "outcome": request.outcome,
        "due_on": due.isoformat() if due else None, "due_at": request.due_at.isoformat() if request.due_at else None,
        "statute": request.statute,
    }  # fmt: skip
    return {**facts, "evidence": request.evidence} if with_evidence else facts
