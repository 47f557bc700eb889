"""Intake: files one inquiry in the caller's transaction: known already? a reply? else a new ticket, its acknowledgement and its card."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.plainly import MAY_BE_MORE, wants_nothing_else
from bot.clerk import add_request, locked, next_reference, one_at_a_time
from bot.doubt import is_doubted, may_join, names_our_letter, note_opening
from bot.feedback import telling
from bot.inquiry import Inquiry, Source
from bot.joining import asks_nothing, continue_in, hint_at, is_late, join, keep_copy, link, stays_closed, warn_of
from bot.law.mentions import act_of, named_regime
from bot.letterbox import ASKS_NOTHING, acknowledge
from bot.notices import queue_card, queue_thread_note
from bot.office import Office
from bot.paging import page
from bot.posted import note_post
from bot.provenance import note_who_asks
from bot.screening import Decision, Verdict, bounced_message_ids
from bot.suppressions import objects, suppress
from bot.threads import came_back, find_ticket, named_by_stranger, only_ticket, open_tickets, said_again, same_matter, second_copy
from bot.trust import authenticate, is_fail
from bot.undelivered import tell_of_bounce
from intents.classifier import Prediction
from models import Direction, Message, MessageFile, Ticket


class Filing(StrEnum):
    """What became of an inquiry."""

    OPENED = "opened"
    JOINED = "joined"
    COPY = "copy"
    KNOWN = "known"
    NOISE = "noise"
    IGNORED = "ignored"
    HELD = "held"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Filed:
    """The result of filing; `answer` names the letter that was queued, or says why none was."""

    filing: Filing
    reference: str | None = None
    answer: str = "no answer"


def file_inquiry(session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime) -> Filed:
    """Record one inquiry. Filing it again changes nothing; nothing is sent here, only queued."""
    if inquiry.sender.address:
        one_at_a_time(session, office.vault.digest(inquiry.sender.address))
    if (known := _known(session, inquiry)) is not None:
        return known
    message = _message(office, inquiry, verdict)
    if verdict.decision is Decision.IGNORE:
        return _ignore(session, office, inquiry, verdict, message, now)
    if (first := second_copy(session, office, inquiry)) is not None:
        return Filed(Filing.COPY, *keep_copy(session, office, first, inquiry, verdict, message, now))
    doubted = is_fail(message.authentication)
    ticket = _ticket_to_join(session, office, inquiry, verdict, prediction, doubted=doubted)
    in_time = ticket is not None and (not is_late(office, ticket, inquiry) or stays_closed(office, ticket, inquiry, verdict, prediction))
    if ticket is not None and in_time and may_join(office, ticket, inquiry, message):
        return Filed(Filing.JOINED, ticket.reference, join(session, office, ticket, inquiry, verdict, prediction, message, now))
    earlier = _on_the_same(session, office, inquiry, prediction) if ticket is None else None
    if earlier is not None and not doubted and inquiry.behalf is None and said_again(locked(session, earlier), inquiry):
        answer = join(session, office, earlier, inquiry, verdict, prediction, message, now, again="in the same words")
        return Filed(Filing.JOINED, earlier.reference, answer)
    return _open_beside(session, office, ticket or earlier, inquiry, verdict, prediction, message, now)


def _ticket_to_join(
    session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, *, doubted: bool
) -> Ticket | None:
    """The ticket the message belongs to (locked): the one it names, or the only one it can mean."""
    if (ticket := find_ticket(session, office, inquiry) or find_ticket(session, office, inquiry.as_asked)) is not None:
        return locked(session, ticket)  # a colleague may pass on what belongs to the requester's ticket
    nothing, plain = asks_nothing(inquiry, verdict, prediction), inquiry.forward is None and inquiry.behalf is None
    if plain and verdict.kind == "person" and (ticket := only_ticket(session, office, inquiry, nothing)) is not None:
        locked(session, ticket)
        if not doubted:  # who forged a sender changes nothing of the victim's ticket, not even its warnings
            ticket.warn("a mail that names no ticket was added: it is the sender's only one")
        return ticket
    return None


def _on_the_same(session: Session, office: Office, inquiry: Inquiry, prediction: Prediction) -> Ticket | None:
    """An earlier ticket of the requester on the same matter; a service asks for another person each time."""
    by_service = inquiry.behalf is not None and bool(inquiry.behalf.service)
    return None if by_service else same_matter(session, office, inquiry.as_asked, prediction)


def _open_beside(
    session: Session, office: Office, before: Ticket | None, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, message: Message,
    now: datetime,
) -> Filed:  # fmt: skip
    """A new ticket, linked to the one `before` it: closed long ago, open on the same matter, or not to be touched by a forged sender."""
    others = [] if before or inquiry.behalf else open_tickets(session, office, inquiry.as_asked)
    foreign = None if before else named_by_stranger(session, office, inquiry)
    if before is None and asks_nothing(inquiry, verdict, prediction):
        if not others and foreign is None:
            return _put_aside(session, message)
        verdict = replace(verdict, acknowledge=False, rule=ASKS_NOTHING)
    filed = open_ticket(session, office, inquiry, verdict, prediction, message, now)
    further = session.get_one(Ticket, message.ticket_id)
    if before is not None and is_fail(message.authentication):
        hint_at(session, office, before, further, now)
    elif before is not None:
        (continue_in if before.is_closed else link)(session, office, before, further, now)
    _mention(session, office, further, others, foreign, now)
    return filed


def _put_aside(session: Session, message: Message) -> Filed:
    message.decision = "noise"
    session.add(message)
    return Filed(Filing.NOISE, None, "no request recognised; kept for a second look")


def _mention(session: Session, office: Office, ticket: Ticket, others: list[Ticket], foreign: Ticket | None, now: datetime) -> None:
    """What staff should see beside a new ticket; nothing of it reaches the sender."""
    before = list(ticket.warnings)
    if others:
        ticket.warn(f"the same sender has an open ticket: {', '.join(other.reference for other in others[-3:])}")
    if foreign is not None:
        ticket.warn(f"names {foreign.reference}, but its sender has no part in that")
    if ticket.warnings != before:
        queue_card(session, office, ticket, now)


def _known(session: Session, inquiry: Inquiry) -> Filed | None:
    message = session.scalar(select(Message).where(Message.external_id == inquiry.external_id))
    if message is None:
        return None
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id else None
    return Filed(Filing.KNOWN, ticket.reference if ticket else None, "already filed")


def _message(office: Office, inquiry: Inquiry, verdict: Verdict) -> Message:
    place, sender = inquiry.place, inquiry.sender
    keep = verdict.decision is not Decision.IGNORE  # what is ignored still lies in the mailbox; no copy of its text is made
    return Message(
        external_id=inquiry.external_id, message_id_hash=office.vault.digest(inquiry.message_id) if inquiry.message_id else None,
        direction=Direction.IN, source=inquiry.source.value, received_at=inquiry.received_at, decision=verdict.decision.value,
        rule=verdict.rule, kind=verdict.kind,
        authentication=authentication(office, inquiry),
        correspondent_hash=office.vault.digest(sender.address) if sender.address else None,
        correspondent=sender.address if keep else None, correspondent_name=sender.name if keep else None,
        message_id=inquiry.message_id if keep else None, subject=inquiry.subject if keep else None,
        text=inquiry.text if keep else None, body=inquiry.body if keep else None,
        slack_channel=place.channel if place else None, slack_ts=place.ts if place else None,
        attachments=[MessageFile(name=f.name, media_type=f.media_type[:120], size=f.size, content=f.content) for f in inquiry.attachments]
        if keep else [],
    )  # fmt: skip


def authentication(office: Office, inquiry: Inquiry) -> str | None:
    """What the mail server of the mailbox says of the sender."""
    believed = office.config.mailbox_called(inquiry.mailbox).authserv_id
    return str(authenticate(inquiry, believed)) if inquiry.source is Source.MAIL else None


def _ignore(session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, message: Message, now: datetime) -> Filed:
    session.add(message)
    ticket = _bounced_ticket(session, office, inquiry) if verdict.kind == "bounce" else find_ticket(session, office, inquiry)
    if ticket and verdict.kind != "bounce" and is_fail(message.authentication) and not names_our_letter(office, ticket, inquiry):
        ticket = None
    if ticket is None:
        if verdict.kind == "bounce" and came_back(inquiry):
            tell_of_bounce(session, office, bounced_message_ids(inquiry), now)
        return Filed(Filing.IGNORED, None, f"no answer: {verdict.rule}")
    message.ticket_id = locked(session, ticket).id
    session.flush()
    ticket.record(verdict.kind, "bot", now, rule=verdict.rule)  # a robot's mail changes nothing but the journal ...
    if verdict.kind == "bounce" and came_back(
        inquiry
    ):  # ... unless our own letter came back: the requester may be out of reach while the clock runs
        ticket.warn("our letter came back undelivered")
        queue_card(session, office, ticket, now)
        queue_thread_note(session, office, ticket, f"bounced-{message.id}", "Our letter came back undelivered.", now)
    return Filed(Filing.IGNORED, ticket.reference, f"no answer: {verdict.rule}")


def _bounced_ticket(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    """Anyone can forge a bounce: it is believed only when it names a Message-ID that we sent."""
    hashes = [office.vault.digest(message_id) for message_id in bounced_message_ids(inquiry)]
    sent = select(Message.ticket_id).where(Message.direction == Direction.OUT, Message.message_id_hash.in_(hashes)).limit(1)
    ticket_id = session.scalar(sent) if hashes else None
    return session.get(Ticket, ticket_id) if ticket_id else None


def open_ticket(
    session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, message: Message, now: datetime
) -> Filed:
    """A new ticket for a message, with its requests, letter and card."""
    ticket = _new_ticket(session, office, inquiry, prediction, now)
    ticket.messages.append(message)
    answer = read_into(session, office, ticket, inquiry, verdict, prediction, now)
    return Filed(Filing.HELD if verdict.decision is Decision.HOLD else Filing.OPENED, ticket.reference, answer)


def read_into(
    session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime
) -> str:
    """What was read of a ticket's first message becomes its requests, letter and card. Returns the answer, or why there is none."""
    warn_of(ticket, inquiry, verdict)
    if ticket.first_inbound is not None:
        note_opening(ticket, ticket.first_inbound, now)
    note_who_asks(ticket, inquiry, now)
    for intent in prediction.intents:
        add_request(office, ticket, intent, prediction.scores.get(intent, 0.0), prediction.evidence.get(intent), now)
    ticket.record(
        "classified", "bot", now, intents=[i.value for i in prediction.intents], unclear=prediction.unclear, model=prediction.model,
        scores=telling(prediction.scores),
    )  # fmt: skip
    ticket.record("screened", "bot", now, rule=verdict.rule, acknowledge=verdict.acknowledge)
    _propose_regime(ticket, inquiry, now)
    session.add(ticket)
    session.flush()
    if objects(prediction.intents, ticket.first_inbound) and not prediction.unclear and not is_doubted(ticket):
        suppress(session, office, ticket, ticket.first_inbound, now)
        if office.config.suppression.webhook and len(prediction.intents) == 1 and not wants_nothing_else(inquiry, prediction):
            ticket.warn(MAY_BE_MORE)
    answer = acknowledge(session, office, ticket, inquiry, verdict, now)
    note_post(session, ticket, inquiry, now)
    queue_card(session, office, ticket, now)
    page(session, office, ticket, prediction.intents, "page", now)
    return answer


def _propose_regime(ticket: Ticket, inquiry: Inquiry, now: datetime) -> None:
    """A letter that goes by another law than ours says so; which one applies is for a person to decide."""
    regime = named_regime(f"{inquiry.subject}\n{inquiry.text}", ticket.regime)
    if regime is not None:
        ticket.warn(f"names {act_of(regime)}: press Change if that law applies")
        ticket.record("regime_proposed", "bot", now, regime=regime)


def _new_ticket(session: Session, office: Office, inquiry: Inquiry, prediction: Prediction, now: datetime) -> Ticket:
    year = inquiry.received_at.astimezone(office.config.organisation.time_zone).year
    ticket = Ticket.open(
        next_reference(session, year), source=inquiry.source.value, regime=office.config.clocks.regime, language=prediction.language[:5],
        received_at=inquiry.first_received_at, now=now,
    )  # fmt: skip
    introduce(office, ticket, inquiry, prediction)
    ticket.mailbox = inquiry.mailbox
    if inquiry.place is not None:
        ticket.slack_channel, ticket.slack_thread = inquiry.place.channel, inquiry.place.thread_ts or inquiry.place.ts
    return ticket


def introduce(office: Office, ticket: Ticket, inquiry: Inquiry, prediction: Prediction) -> None:
    """Who asks, in which language and under which subject."""
    ticket.unclear, ticket.language = prediction.unclear, prediction.language[:5]
    ticket.subject = inquiry.subject
    requester = inquiry.requester
    ticket.requester, ticket.requester_name = requester.address or None, requester.name or None
    ticket.requester_hash = office.vault.digest(requester.address) if requester.address else None
