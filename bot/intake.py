"""Intake: files one inquiry in the caller's transaction: known already? a reply? else a new ticket, its acknowledgement and its card."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clerk import add_request, intents_of, locked, next_reference, set_due, suppress
from bot.inquiry import Inquiry, Source
from bot.law.mentions import act_of, named_regime
from bot.letterbox import acknowledge, answer_follow_up
from bot.notices import queue_card, queue_thread_answer, queue_thread_note
from bot.office import Office
from bot.paging import page
from bot.reminders import look_again
from bot.screening import Decision, Verdict, bounced_message_ids
from bot.threads import came_back, find_ticket, said_again, same_matter
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Direction, Message, MessageFile, Status, Ticket


class Filing(StrEnum):
    """What became of an inquiry."""

    OPENED = "opened"
    JOINED = "joined"
    KNOWN = "known"
    NOISE = "noise"
    IGNORED = "ignored"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Filed:
    """The result of filing; `answer` names the letter that was queued, or says why none was."""

    filing: Filing
    reference: str | None = None
    answer: str = "no answer"


def file_inquiry(session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime) -> Filed:
    """Record one inquiry. Filing it again changes nothing; nothing is sent here, only queued."""
    if (known := _known(session, inquiry)) is not None:
        return known
    message = _message(office, inquiry, verdict)
    if verdict.decision is Decision.IGNORE:
        return _ignore(session, office, inquiry, verdict, message, now)
    if (ticket := find_ticket(session, office, inquiry)) is not None:
        return _join(session, office, locked(session, ticket), inquiry, verdict, prediction, message, now)
    earlier = same_matter(session, office, inquiry, prediction)
    if earlier is not None and said_again(locked(session, earlier), inquiry):
        earlier.warn("the same letter came again")
        return _join(session, office, earlier, inquiry, verdict, prediction, message, now)
    if is_noise(inquiry, verdict, prediction):
        message.decision = "noise"
        session.add(message)
        return Filed(Filing.NOISE, None, "no request recognised; kept for a second look")
    filed = _open(session, office, inquiry, verdict, prediction, message, now)
    if earlier is not None:
        _link(session, office, earlier, message, now)
    return filed


def _known(session: Session, inquiry: Inquiry) -> Filed | None:
    message = session.scalar(select(Message).where(Message.external_id == inquiry.external_id))
    if message is None:
        return None
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id else None
    return Filed(Filing.KNOWN, ticket.reference if ticket else None, "already filed")


def is_noise(inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> bool:
    """Surely no request. Where part of a message could not be read, nobody can be sure."""
    unread = any(problem != "charset guessed" for problem in inquiry.problems)
    return verdict.decision is Decision.ACCEPT and prediction.intents == (Intent.OTHER,) and not prediction.unclear and not unread


def _message(office: Office, inquiry: Inquiry, verdict: Verdict) -> Message:
    place, sender = inquiry.place, inquiry.sender
    keep = verdict.decision is not Decision.IGNORE  # what is ignored still lies in the mailbox; no copy of its text is made
    return Message(
        external_id=inquiry.external_id, message_id_hash=office.vault.digest(inquiry.message_id) if inquiry.message_id else None,
        direction=Direction.IN, source=inquiry.source.value, received_at=inquiry.received_at, decision=verdict.decision.value,
        rule=verdict.rule, kind=verdict.kind, correspondent_hash=office.vault.digest(sender.address) if sender.address else None,
        correspondent=sender.address if keep else None, correspondent_name=sender.name if keep else None,
        message_id=inquiry.message_id if keep else None, subject=inquiry.subject if keep else None,
        text=inquiry.text if keep else None, body=inquiry.body if keep else None,
        slack_channel=place.channel if place else None, slack_ts=place.ts if place else None,
        attachments=[MessageFile(name=f.name, media_type=f.media_type[:120], size=f.size, content=f.content) for f in inquiry.attachments]
        if keep else [],
    )  # fmt: skip


def _ignore(session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, message: Message, now: datetime) -> Filed:
    session.add(message)
    ticket = _bounced_ticket(session, office, inquiry) if verdict.kind == "bounce" else find_ticket(session, office, inquiry)
    if ticket is None:
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


def _join(
    session: Session,
    office: Office,
    ticket: Ticket,
    inquiry: Inquiry,
    verdict: Verdict,
    prediction: Prediction,
    message: Message,
    now: datetime,
) -> Filed:
    ticket.messages.append(message)
    colleague = inquiry.source is Source.SLACK and inquiry.place
    ticket.record("message_joined", f"slack:{colleague.user}" if colleague else "requester", now, rule=verdict.rule)
    look_again(ticket, now)
    _warn(ticket, inquiry, verdict)
    if colleague:
        _learn_requester(office, ticket, inquiry)
    else:
        _wake(office, ticket, message, now)
    session.flush()
    heed(session, office, ticket, prediction, message, now)
    queue_card(session, office, ticket, now)
    mention = {"mention": ticket.handler} if ticket.handler else {}
    words = "A colleague added to it in Slack." if colleague else "The requester wrote again."
    queue_thread_note(session, office, ticket, f"joined-{message.id}", words, now, **mention)
    return Filed(Filing.JOINED, ticket.reference, answer_follow_up(session, office, ticket, inquiry, verdict, message.id, now))


def _link(session: Session, office: Office, earlier: Ticket, message: Message, now: datetime) -> None:
    """A second letter from the same address gets a ticket of its own: it may be for another person, as agents and families write.

    The first ticket keeps its date and grows more urgent; whether both are one matter is for a person to see.
    """
    further = session.get_one(Ticket, message.ticket_id)
    further.warn(f"the same sender asked for this before: {earlier.reference}")
    earlier.warn(f"the same sender asked again: {further.reference}")
    for ticket, other in ((earlier, further), (further, earlier)):
        ticket.record("linked", "bot", now, other=other.reference)
        queue_card(session, office, ticket, now)
    mention = {"mention": earlier.handler} if earlier.handler else {}
    queue_thread_note(session, office, earlier, f"again-{message.id}", f"The same sender asked again: {further.reference}.", now, **mention)


def _warn(ticket: Ticket, inquiry: Inquiry, verdict: Verdict) -> None:
    for problem in inquiry.problems:
        ticket.warn(problem)
    if verdict.decision is Decision.HOLD:
        ticket.warn(f"held: {verdict.rule}")


def _learn_requester(office: Office, ticket: Ticket, inquiry: Inquiry) -> None:
    """A colleague who brought the matter up may name the requester's address later, in the thread."""
    if not ticket.requester and inquiry.sender.address:
        ticket.requester, ticket.requester_hash = inquiry.sender.address, office.vault.digest(inquiry.sender.address)


def _wake(office: Office, ticket: Ticket, message: Message, now: datetime) -> None:
    """A letter takes a resting ticket up again; the clocks' own pause ends only when a person says so."""
    if message.correspondent_hash not in (None, ticket.requester_hash):
        ticket.warn("a message came from another address")
    if ticket.is_closed:
        ticket.reopen("requester", now, "a reply came in")
        for request in ticket.requests:
            set_due(office, ticket, request, now)
    elif ticket.status == Status.WAITING:
        ticket.resume("requester", now)


def heed(session: Session, office: Office, ticket: Ticket, prediction: Prediction, message: Message, now: datetime) -> None:
    """A later message may ask for more: a person decides that, but what can't wait takes effect at once."""
    more = [intent for intent in prediction.intents if intent not in (*intents_of(ticket.requests), Intent.OTHER, Intent.QUESTION)]
    if prediction.unclear or not more:
        return
    ticket.warn(f"a later message may also ask for: {', '.join(intent.value.replace('_', ' ') for intent in more)}")
    if Intent.UNSUBSCRIBE in more and message.correspondent_hash == ticket.requester_hash:
        suppress(session, ticket, now)
    page(session, office, ticket, more, f"page-{message.id}", now)


def _open(
    session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, message: Message, now: datetime
) -> Filed:
    ticket = _new_ticket(session, office, inquiry, prediction, now)
    ticket.messages.append(message)
    answer = read_into(session, office, ticket, inquiry, verdict, prediction, now)
    return Filed(Filing.HELD if verdict.decision is Decision.HOLD else Filing.OPENED, ticket.reference, answer)


def read_into(
    session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime
) -> str:
    """What was read of a ticket's first message becomes its requests, letter and card. Returns the answer, or why there is none."""
    _warn(ticket, inquiry, verdict)
    for intent in prediction.intents:
        add_request(office, ticket, intent, prediction.scores.get(intent, 0.0), prediction.evidence.get(intent), now)
    ticket.record(
        "classified", "bot", now, intents=[i.value for i in prediction.intents], unclear=prediction.unclear, model=prediction.model
    )
    ticket.record("screened", "bot", now, rule=verdict.rule, acknowledge=verdict.acknowledge)
    _propose_regime(ticket, inquiry, now)
    session.add(ticket)
    session.flush()
    if Intent.UNSUBSCRIBE in prediction.intents and not prediction.unclear:
        suppress(session, ticket, now)
    answer = acknowledge(session, office, ticket, inquiry, verdict, now)
    queue_card(session, office, ticket, now)
    queue_thread_answer(session, ticket, "taken", f"Thank you. This is ticket *{ticket.reference}* now; the desk has it.", now)
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
        received_at=inquiry.received_at, now=now,
    )  # fmt: skip
    introduce(office, ticket, inquiry, prediction)
    if inquiry.place is not None:
        ticket.slack_channel, ticket.slack_thread = inquiry.place.channel, inquiry.place.thread_ts or inquiry.place.ts
    return ticket


def introduce(office: Office, ticket: Ticket, inquiry: Inquiry, prediction: Prediction) -> None:
    """Who writes, in which language and under which subject."""
    ticket.unclear, ticket.language = prediction.unclear, prediction.language[:5]
    ticket.subject = inquiry.subject
    ticket.requester, ticket.requester_name = inquiry.sender.address or None, inquiry.sender.name or None
    ticket.requester_hash = office.vault.digest(inquiry.sender.address) if inquiry.sender.address else None
