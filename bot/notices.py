"""Notices: queues what is to be told (letters, cards, pages) as rows with a unique key; nothing is sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.clerk import day_end, open_question
from bot.feedback import likeliest
from bot.inquiry import Attachment
from bot.office import Office
from bot.provenance import waits_for_sender
from bot.queueing import queue
from bot.trust import words
from bot.webhooks import tell_receivers
from bot.wording import Letter
from models import Carrier, Direction, Mark, Message, MessageFile, Notice, NoticeState, Request, Ticket

CARD_DAYS = "card-days"
"""The mark of the last local day on which the cards were brought up to date (day_turn): the day, `days` or `weeks`, and how far it came."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a letter goes, and what it answers."""

    address: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def queue_letter(
    session: Session, office: Office, ticket: Ticket, letter: Letter, to: Addressee, name: str, now: datetime, *, kind: str = "automatic",
    files: Sequence[Attachment] = (),
) -> bool:  # fmt: skip
    """A letter to the requester, remembered as an outgoing message so that its answer finds the ticket; its files lie with that."""
    key = f"{name}:{ticket.reference}"
    message_id = office.message_id(f"{ticket.reference}.{name.replace(':', '-')}".lower())
    payload = letter_payload(letter, to, message_id, office) | ({"mailbox": ticket.mailbox} if ticket.mailbox else {})
    payload |= {"by_person": True} if kind == "staff" else {}
    payload |= {"enclosed": len(files)} if files else {}
    if not queue(session, Notice.queue(key, Carrier.MAIL, name.partition(":")[0], payload, now, ticket_id=ticket.id)):
        return False
    ticket.messages.append(
        Message(
            external_id=f"o:{key}", message_id_hash=office.vault.digest(message_id), direction=Direction.OUT, source="mail",
            received_at=now, correspondent_hash=office.vault.digest(to.address), correspondent=to.address, message_id=message_id,
            subject=letter.subject, text=letter.text, body=letter.text, rule=name, kind=kind,
            attachments=[MessageFile(name=f.name, media_type=f.media_type[:120], size=f.size, content=f.content) for f in files],
        )
    )  # fmt: skip
    ticket.record("letter_queued", "bot", now, letter=name, language=letter.language)
    return True


def queue_staff_letter(
    session: Session, office: Office, key: str, kind: str, letter: Letter, address: str, now: datetime, *, ticket_id: int | None = None,
    inline: Sequence[Mapping[str, str]] = (),
) -> bool:  # fmt: skip
    """A letter to a colleague. `inline`: pictures that its page shows, each with `cid`, `name` and `png` (base64)."""
    payload = letter_payload(letter, Addressee(address), office.message_id(key.replace(":", "-").lower()), office)
    payload |= {"inline": [dict(picture) for picture in inline]} if inline else {}
    return queue(session, Notice.queue(key, Carrier.MAIL, kind, payload, now, ticket_id=ticket_id))


def letter_payload(letter: Letter, to: Addressee, message_id: str, office: Office) -> dict[str, Any]:
    """What the carrier needs to build the same bytes each time."""
    return {
        "to": to.address, "subject": letter.subject, "text": letter.text, "html": letter.html, "language": letter.language,
        "message_id": message_id, "in_reply_to": to.in_reply_to, "references": list(to.references), "loop": office.loop_token,
    }  # fmt: skip


def queue_card(session: Session, office: Office, ticket: Ticket, now: datetime) -> None:
    """The ticket's card as it stands now. Versions still waiting are superseded; the first one that was sent is edited in place.

    Whoever listens by webhook hears of it, too: whatever changes a ticket ends here.
    """
    tell_receivers(session, office, ticket, now)
    if office.config.slack is None:
        return
    lane = f"card:{ticket.reference}"
    # guarded in the database: a version that the outbox claims at this moment is on its way and must keep its place in the lane
    older = update(Notice).where(Notice.lane == lane, Notice.state == NoticeState.QUEUED, Notice.kind == "card")
    session.execute(older.values(state=NoticeState.SUPERSEDED, settled_at=now))
    ticket.card_version += 1
    facts = card_facts(office, ticket, now, exact=counts_days(session))
    payload = {"channel": office.config.slack.desk_channel, "card": facts, "anchor": lane}
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


def counts_days(session: Session) -> bool:
    """Whether cards count the days also far from the due date: so few tickets are open that each card can be edited each day."""
    mark = session.get(Mark, CARD_DAYS)
    return mark is None or mark.value.split()[1] == "days"


def card_facts(office: Office, ticket: Ticket, now: datetime | None = None, *, exact: bool = True) -> dict[str, Any]:
    """What a card shows, as plain values; how much of the requester is in it is `slack.show`'s decision.

    Days left are those at `now`; without it none are told. `exact`: see counts_days.
    """
    show = office.config.slack.show if office.config.slack else "reference"
    requester = ticket.requester or ""
    facts: dict[str, Any] = {
        "reference": ticket.reference, "status": str(ticket.status), "regime": ticket.regime, "language": ticket.language,
        "source": ticket.source, "handler": ticket.handler, "unclear": ticket.unclear, "warnings": list(ticket.warnings),
        "received_at": ticket.received_at.isoformat(), "messages": sum(1 for m in ticket.messages if m.direction == Direction.IN),
        "requests": [request_facts(office, request, show == "full", now) for request in ticket.requests],
        "authentication": words(ticket.first_inbound.authentication) if ticket.first_inbound else "",
        "id_asked": open_question(ticket, "id"), "clarification_asked": open_question(ticket, "clarification"),
        "sender_waits": waits_for_sender(ticket), "exact_days": exact, "reachable": bool(ticket.requester),
        "control_proved": next((event.at.isoformat() for event in reversed(ticket.events) if event.kind == "control_proved"), None),
        "likely": likeliest(ticket), "merged_into": ticket.merged_into.reference if ticket.merged_into_id and ticket.merged_into else None,
    }  # fmt: skip
    if show != "reference":
        facts["requester"] = requester if show == "full" else office.masked(requester)
    if show == "full":
        facts["subject"] = ticket.subject or ""
    return facts


def request_facts(office: Office, request: Request, with_evidence: bool, now: datetime | None = None) -> dict[str, Any]:
    """One request's line on the card. `due_at` only for a clock that ends within a day; `look_by` where no date runs by law."""
    zone, due, safest = office.config.organisation.time_zone, request.due_on, request.safest_at
    exact = request.due_at if due and request.due_at != day_end(due, zone) else None
    look_by = (safest - timedelta(microseconds=1)).astimezone(zone).date() if safest and not due else None
    facts = {
        "intent": request.intent, "confidence": round(request.confidence, 2), "outcome": request.outcome,
        "due_on": due.isoformat() if due else None, "due_at": exact.isoformat() if exact else None,
        "look_by": look_by.isoformat() if look_by else None, "statute": request.statute,
        "days_left": (due - now.astimezone(zone).date()).days if due and now else None,
    }  # fmt: skip
    return {**facts, "evidence": request.evidence} if with_evidence else facts
