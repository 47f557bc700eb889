"""Letterbox: decides whether a letter may be written by itself, and queues it; the last line against loops and leaks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.clerk import intents_of
from bot.doubt import is_doubted, is_held
from bot.inquiry import Inquiry, Source
from bot.notices import Addressee, queue_desk_line, queue_letter
from bot.office import Office
from bot.provenance import waits_for_sender
from bot.screening import Decision, Verdict
from bot.trust import UNAUTHENTICATED
from bot.wording import Letter
from intents.catalog import Intent
from models import Direction, Message, Outcome, Request, Ticket

REASONS = "reasons"
FIRST_LETTERS = frozenset(("acknowledgement", "unsubscribed"))
BY_A_PERSON = "an authority is answered by a person"
NOT_OWED_TO_REQUESTER = frozenset((Intent.BREACH_REPORT, Intent.AUTHORITY))
UNDECIDED = "perhaps no request at all; a person decides first"
UNCONFIRMED = "forwarded by a colleague; a person confirms the sender first"
ASKS_NOTHING = "asks_nothing"
"""The rule by which a mail that seems to ask nothing is opened for staff to look at, and not answered."""
BY_SLACK = "came by Slack; answered in its thread"
_LIFTED_BY_A_PERSON = (UNDECIDED, UNAUTHENTICATED, UNCONFIRMED, ASKS_NOTHING, BY_SLACK)
ENOUGH_ALTOGETHER = "enough automatic mail altogether"
ENOUGH_TO_SENDER = "enough automatic mail to this sender"
AFTER_OUR_LETTERS = "it came after our letters; perhaps a machine"
WITHHELD_BY_LIMITS = frozenset((ENOUGH_ALTOGETHER, ENOUGH_TO_SENDER, AFTER_OUR_LETTERS))
_MAIL_SERVERS_TICK = timedelta(seconds=1)  # INTERNALDATE has no fractions (RFC 9051 9)


def acknowledge(session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, now: datetime) -> str:
    """Queue the acknowledgement, or say why not. Returns the letter's name or the reason, both fit for the journal."""
    if (reason := _why_not(session, office, ticket, inquiry, verdict, now)) is not None:
        ticket.record("not_acknowledged", "bot", now, reason=reason)
        return f"no answer: {reason}"
    return _first_letter(session, office, ticket, addressee(inquiry), now)


def acknowledge_late(session: Session, office: Office, ticket: Ticket, now: datetime) -> bool:
    """The acknowledgement that waited for a person, who says what is asked or who asks; exists once, as every letter does."""
    told = any(event.kind == "letter_queued" and event.detail.get("letter") in FIRST_LETTERS for event in ticket.events)
    waited = any(event.kind == "not_acknowledged" and event.detail.get("reason") in _LIFTED_BY_A_PERSON for event in ticket.events)
    if confirmation_waits(ticket):
        waited, told = True, told or _unsubscribes_only(ticket)
    if told or not waited or ticket.first_inbound is None or not ticket.requester or is_doubted(ticket) or waits_for_sender(ticket):
        return False
    asked = intents_of(ticket.requests)
    if Intent.AUTHORITY in asked or (asked == [Intent.OTHER] and (ticket.unclear or _was_reclassified(ticket))):
        return False
    return _first_letter(session, office, ticket, to_requester(ticket), now) in FIRST_LETTERS


def _first_letter(session: Session, office: Office, ticket: Ticket, to: Addressee, now: datetime) -> str:
    """Whoever only wants no more advertising gets one line that it is done, once it is: the acknowledgement and the closing in one."""
    if not _unsubscribes_only(ticket):
        queue_letter(session, office, ticket, _acknowledgement(office, ticket), to, "acknowledgement", now)
        return "acknowledgement"
    told, refused = _tool_has_it(ticket), any(event.kind == "suppression_refused" for event in ticket.events)
    if office.config.suppression.webhook is not None and not told and not refused:
        ticket.record("confirmation_waits", "bot", now)
        return "no answer yet: confirmed when the newsletter tool has the address"
    queue_letter(session, office, ticket, _unsubscribed(office, ticket, done=told), to, "unsubscribed", now)
    return "unsubscribed"


def _tool_has_it(ticket: Ticket) -> bool:
    """Whether the newsletter tool has been told of each channel."""
    kinds = [event.kind for event in ticket.events]
    return 0 < kinds.count("suppressed") <= kinds.count("suppression_passed_on")


def confirm_unsubscribing(session: Session, office: Office, ticket: Ticket, now: datetime, *, done: bool) -> bool:
    """The confirmation that waited for the newsletter tool; there is one, whether it says that it is `done` or that it will be."""
    if not confirmation_waits(ticket) or not ticket.requester or not _unsubscribes_only(ticket):
        return False
    return queue_letter(session, office, ticket, _unsubscribed(office, ticket, done=done), to_requester(ticket), "unsubscribed", now)


def confirmation_waits(ticket: Ticket) -> bool:
    """Whether the first letter was put off until the newsletter tool has the address."""
    return any(event.kind == "confirmation_waits" for event in ticket.events)


def _unsubscribes_only(ticket: Ticket) -> bool:
    suppressed = any(event.kind == "suppressed" for event in ticket.events)
    return suppressed and not ticket.unclear and intents_of(ticket.requests) == [Intent.UNSUBSCRIBE]


def _is_confirmed(ticket: Ticket) -> bool:
    return any(event.kind == "letter_queued" and event.detail.get("letter") == "unsubscribed" for event in ticket.events)


def _unsubscribed(office: Office, ticket: Ticket, *, done: bool) -> Letter:
    return office.letters.unsubscribed(
        reference=ticket.reference, received_on=_received_on(office, ticket), language=ticket.language, done=done
    )


def acknowledge_by_hand(session: Session, office: Office, ticket: Ticket, now: datetime) -> bool:
    """The acknowledgement of what came another way, because a person wishes it."""
    return queue_letter(
        session, office, ticket, _acknowledgement(office, ticket), to_requester(ticket), "acknowledgement", now, kind="staff"
    )


def _was_reclassified(ticket: Ticket) -> bool:
    return any(event.kind == "reclassified" for event in ticket.events)


def answer_follow_up(
    session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, number: int, now: datetime
) -> str:
    """A further message on a matter we have already is confirmed once a day at the most, and never to a stranger."""
    reason = _why_not(session, office, ticket, inquiry, verdict, now)
    if reason is None and office.vault.digest(inquiry.sender.address) != ticket.requester_hash:
        reason = "another address than the requester's"
    if reason is None and _lately_told(session, ticket, now):
        reason = "told within the last day"
    if reason is not None:
        return f"no answer: {reason}"
    zone = office.config.organisation.time_zone
    letter = office.letters.follow_up(
        reference=ticket.reference,
        received_on=inquiry.received_at.astimezone(zone).date(),
        due=earliest_due(ticket),
        language=ticket.language,
        regime=ticket.regime,
    )
    queue_letter(session, office, ticket, letter, addressee(inquiry), f"follow-up:{number}", now)
    return "follow-up"


def send_closing(session: Session, office: Office, ticket: Ticket, reasons: str, now: datetime) -> bool:
    """The letter that ends the matter, request by request, decided and worded by a person; False when there is nobody to write to.

    False, too, where the one line on unsubscribing said it all. `reasons` and those kept from earlier steps stand in it.
    Raises ValueError for a refusal without any (Art 12(4) GDPR).
    """
    if not ticket.requester:
        return False
    reasons = "\n\n".join((*_kept_reasons(ticket), *([reasons] if reasons.strip() else [])))
    results = [(Intent(request.intent), str(request.outcome)) for request in ticket.requests if request.outcome]
    if not reasons and results == [(Intent.UNSUBSCRIBE, Outcome.FULFILLED)] and _is_confirmed(ticket):
        return False
    letter = office.letters.closing(
        reference=ticket.reference, received_on=_received_on(office, ticket), results=results, reasons=reasons, language=ticket.language,
        regime=ticket.regime,
    )  # fmt: skip
    number = sum(1 for event in ticket.events if event.kind == "closed")  # after a reopening there may be another
    return queue_letter(session, office, ticket, letter, to_requester(ticket), f"closing:{number}", now, kind="staff")


def send_extension(session: Session, office: Office, ticket: Ticket, new_due: date, reasons: str, now: datetime) -> bool:
    """The notice without which no period is longer (Art 12(3) GDPR). Raises ValueError without reasons."""
    letter = office.letters.extension(
        reference=ticket.reference, received_on=_received_on(office, ticket), new_due=new_due, reasons=reasons, language=ticket.language,
        regime=ticket.regime,
    )  # fmt: skip
    return _send(session, office, ticket, letter, "extension", now)


def send_question(session: Session, office: Office, ticket: Ticket, about: str, question: str, now: datetime, known: str = "") -> bool:
    """What must be known first: who it is (`id`, Art 12(6) GDPR), or what is meant (`clarification`, Recital 63).

    `known`: an address that the company knows; the question who it is goes there instead, and an answer from there can prove control
    of it. Raises ValueError when clarification is asked for without a question.
    """
    asked: dict[str, Any] = {"reference": ticket.reference, "received_on": _received_on(office, ticket), "question": question}
    asked |= {"language": ticket.language, "regime": ticket.regime}
    letters = office.letters
    letter = letters.identity_asked(**asked, known=bool(known)) if about == "id" else letters.clarification_asked(**asked)
    return _send(session, office, ticket, letter, f"{about}-question", now, Addressee(known) if known else None)


def _send(session: Session, office: Office, ticket: Ticket, letter: Letter, name: str, now: datetime, to: Addressee | None = None) -> bool:
    """A letter that a person decided on; False when there is nobody to write to."""
    if to is None and not ticket.requester:
        return False
    number = sum(1 for message in ticket.messages if message.rule.startswith(name)) + 1
    return queue_letter(session, office, ticket, letter, to or to_requester(ticket), f"{name}:{number}", now, kind="staff")


def keep_reasons(ticket: Ticket, reasons: str, now: datetime) -> None:
    """Keep what a colleague wrote when closing one request of several, until the letter about all of them goes out."""
    number = len(ticket.messages)
    ticket.messages.append(
        Message(external_id=f"r:{ticket.reference}:{number}", direction=Direction.OUT, source="desk", received_at=now, rule=REASONS,
                kind=REASONS, text=reasons, body=reasons)
    )  # fmt: skip


def _kept_reasons(ticket: Ticket) -> list[str]:
    reopened = max((event.at for event in ticket.events if event.kind == "reopened"), default=ticket.opened_at)
    return [message.text for message in ticket.messages if message.kind == REASONS and message.received_at >= reopened and message.text]


def addressee(inquiry: Inquiry) -> Addressee:
    """The address the message came from (never Reply-To, which anyone can set), with the thread it belongs to."""
    return Addressee(inquiry.sender.address, inquiry.message_id, tuple(reversed(inquiry.thread_ids[:20])))


def earliest_due(ticket: Ticket) -> date | None:
    """The earliest day by which the requester must have an answer; the clocks of breaches and of authorities are owed to others."""
    return _earliest(request for request in ticket.open_requests if Intent(request.intent) not in NOT_OWED_TO_REQUESTER)


def _earliest(requests: Iterable[Request]) -> date | None:
    return min((request.due_on for request in requests if request.due_on), default=None)


def _acknowledgement(office: Office, ticket: Ticket) -> Letter:
    """Stopping sale and sharing has a date of its own in the United States (11 CCR 7026(f)), which is not that of the answer."""
    to_stop = [request for request in ticket.open_requests if request.intent == Intent.OPT_OUT_SALE and ticket.regime.startswith("us_")]
    to_answer = [
        request for request in ticket.open_requests
        if request not in to_stop and Intent(request.intent) not in NOT_OWED_TO_REQUESTER
    ]  # fmt: skip
    return office.letters.acknowledgement(
        reference=ticket.reference,
        received_on=_received_on(office, ticket),
        intents=[Intent.OTHER] if ticket.unclear else intents_of(ticket.requests),
        due=_earliest(to_answer),
        language=ticket.language,
        regime=ticket.regime,
        extendable=any(request.extension_notice_by for request in to_answer),
        opt_out_due=_earliest(to_stop),
    )


def _received_on(office: Office, ticket: Ticket) -> date:
    return ticket.received_at.astimezone(office.config.organisation.time_zone).date()


def to_requester(ticket: Ticket) -> Addressee:
    """The requester, in the thread of the last mail that came from there."""
    theirs = [m for m in ticket.messages if m.direction == Direction.IN and m.correspondent == ticket.requester and m.message_id]
    last = theirs[-1].message_id if theirs else ""
    return Addressee(ticket.requester or "", last or "")


def _why_not(session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, now: datetime) -> str | None:
    checks = (
        (inquiry.source is Source.SLACK, BY_SLACK),
        (verdict.decision is not Decision.ACCEPT, f"held: {verdict.rule}"),
        (waits_for_sender(ticket), UNCONFIRMED),  # before what the colleague's own mail is like: that is not the requester's
        (not verdict.acknowledge, verdict.rule),
        (not inquiry.sender.address, "no sender address"),
        (inquiry.sender.address in office.config.own_addresses, "our own address"),
        (Intent.AUTHORITY in intents_of(ticket.requests), BY_A_PERSON),
        (now - inquiry.received_at > office.config.automatic_mail.oldest, "it came long ago; a person answers"),
        (is_held(office, ticket), UNAUTHENTICATED),
        (ticket.unclear and intents_of(ticket.requests) == [Intent.OTHER], UNDECIDED),
    )
    reason = next((words for applies, words in checks if applies), None) or _over_budget(session, office, inquiry, now)
    if reason == ENOUGH_ALTOGETHER:  # either a loop with many faces or a day on which much is asked: a person must look
        text = ":warning: I wrote as many letters as `automatic_mail.all_senders` allows. Tickets are opened as ever. Is there a loop?"
        queue_desk_line(session, office, f"enough-mail:{now:%Y-%m-%d}", text, now)
    return reason


def _over_budget(session: Session, office: Office, inquiry: Inquiry, now: datetime) -> str | None:
    limits = office.config.automatic_mail
    to_this_one = Message.correspondent_hash == office.vault.digest(inquiry.sender.address)
    before_it_came = Message.received_at <= inquiry.received_at + _MAIL_SERVERS_TICK
    is_backlog = inquiry.received_at <= now - limits.all_senders_window  # it can't be part of a loop that runs within the window
    checks = (
        (limits.volley, limits.volley_window, (to_this_one, before_it_came), AFTER_OUR_LETTERS),
        (limits.per_sender, limits.per_sender_window, (to_this_one,), ENOUGH_TO_SENDER),
        *(() if is_backlog else ((limits.all_senders, limits.all_senders_window, (), ENOUGH_ALTOGETHER),)),
    )
    return next((words for most, window, which, words in checks if _written(session, now - window, *which) >= most), None)


def _written(session: Session, since: datetime, *which: ColumnElement[bool]) -> int:
    """How many letters the bot wrote by itself since then."""
    automatic = (Message.direction == Direction.OUT, Message.kind == "automatic", Message.received_at > since)
    return session.scalar(select(func.count()).select_from(Message).where(*automatic, *which)) or 0


def _lately_told(session: Session, ticket: Ticket, now: datetime) -> bool:
    lately = select(Message.id).where(
        Message.ticket_id == ticket.id, Message.direction == Direction.OUT, Message.rule.startswith("follow-up"),
        Message.received_at > now - timedelta(days=1),
    )  # fmt: skip
    return session.scalar(lately.limit(1)) is not None
