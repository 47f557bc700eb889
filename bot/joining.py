"""Joining: a further message goes into the ticket it belongs to; second letters, second copies and late replies are told apart."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clerk import further_letters, intents_of, locked, set_due
from bot.doubt import may_object, note_joining
from bot.inquiry import Inquiry, Source
from bot.letterbox import FIRST_LETTERS, acknowledge, answer_follow_up
from bot.notices import queue_card, queue_thread_note
from bot.office import Office
from bot.paging import page
from bot.posted import learn_requester
from bot.provenance import note_who_writes
from bot.proving import note_proof
from bot.reading.thanks import is_mere_thanks
from bot.reminders import look_again
from bot.screening import Decision, Verdict
from bot.suppressions import objects, suppress
from bot.threads import CONTINUED
from bot.trust import is_fail
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Direction, Message, Status, Ticket

_ADDITION = timedelta(days=1)  # what comes within a day of the letter before it adds to that; later it reminds us
_NTH = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_AFTER_CLOSING = "a reply came after closing; it seems to ask nothing"


def asks_nothing(inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> bool:
    """Surely no request. Where part of a message could not be read, nobody can be sure."""
    unread = any(problem != "charset guessed" for problem in inquiry.problems) or inquiry.forward is not None  # a colleague saw more in it
    return verdict.decision is Decision.ACCEPT and prediction.intents == (Intent.OTHER,) and not prediction.unclear and not unread


def stays_closed(office: Office, ticket: Ticket, inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> bool:
    """A mere word of thanks reopens nothing, provided that a colleague sees it: without a desk in Slack nobody would.

    The classifier alone is not trusted with that: it takes "thanks, but page 3 is missing" for a mail that asks nothing. What came with
    files may be an answer to a question of ours.
    """
    thanks = asks_nothing(inquiry, verdict, prediction) and is_mere_thanks(inquiry.text) and not inquiry.attachments
    return ticket.is_closed and inquiry.source is Source.MAIL and office.has_slack and thanks


def is_late(office: Office, ticket: Ticket, inquiry: Inquiry) -> bool:
    """The ticket was closed so long before this message came that it is a matter of its own."""
    closed_at = ticket.closed_at if ticket.is_closed and inquiry.source is Source.MAIL else None
    return closed_at is not None and inquiry.received_at - closed_at > office.config.threads.reopen_within


def join(
    session: Session,
    office: Office,
    ticket: Ticket,
    inquiry: Inquiry,
    verdict: Verdict,
    prediction: Prediction,
    message: Message,
    now: datetime,
    *,
    again: str = "",
) -> str:
    """Add a message to a ticket (locked); `again` says how it repeats an earlier letter. Returns the letter queued, or why none was."""
    rests = stays_closed(office, ticket, inquiry, verdict, prediction)
    if again := again or _reminds(ticket, inquiry, prediction, message):
        ask_again(ticket, again, now)
    ticket.messages.append(message)
    colleague = inquiry.place.user if inquiry.source is Source.SLACK and inquiry.place else None
    ticket.record("message_joined", f"slack:{colleague}" if colleague is not None else "requester", now, rule=verdict.rule)
    look_again(ticket, now)
    warn_of(ticket, inquiry, verdict)
    _warn_of_sender(ticket, message)
    note_joining(ticket, message, now)
    note_who_writes(ticket, inquiry, now)
    if colleague is not None:
        learn_requester(session, office, ticket, inquiry, now)
    elif rests:
        ticket.warn(_AFTER_CLOSING)
    elif not is_fail(message.authentication):
        _wake(office, ticket, now)
    session.flush()
    note_proof(session, office, ticket, inquiry, message, now)
    heed(session, office, ticket, prediction, message, now)
    queue_card(session, office, ticket, now)
    tell_handler(session, office, ticket, f"joined-{message.id}", _what_came(inquiry, message, rests), now)
    return f"no answer: {_AFTER_CLOSING}" if rests else answer_follow_up(session, office, ticket, inquiry, verdict, message.id, now)


def keep_copy(
    session: Session, office: Office, first: Message, inquiry: Inquiry, verdict: Verdict, message: Message, now: datetime
) -> tuple[str, str]:
    """A second copy of a message: kept and journalled, no second letter. Returns its ticket's reference and the answer.

    Where the first copy came by a way that is not answered, such as a list, this one is acknowledged.
    """
    ticket = locked(session, session.get_one(Ticket, first.ticket_id))
    message.kind = "copy"
    ticket.messages.append(message)
    ticket.record("second_copy", "bot", now, rule=verdict.rule)
    session.flush()
    waits = any(event.kind == "screened" and event.detail.get("acknowledge") is False for event in ticket.events)
    if not waits or not verdict.acknowledge or ticket.is_closed or ticket.messages[0] is not first or _acknowledged(ticket):
        return ticket.reference, "no answer: a second copy"
    return ticket.reference, acknowledge(session, office, ticket, inquiry, verdict, now)


def link(session: Session, office: Office, earlier: Ticket, further: Ticket, now: datetime) -> None:
    """A second letter from the same address gets a ticket of its own: it may be for another person, as agents and families write.

    The first ticket keeps its date and grows more urgent; whether both are one matter is for a person to see.
    """
    nth = ask_again(earlier, f"see {further.reference}", now, other=further.reference)
    further.warn(f"{nth} letter: the same sender asked for this before, see {earlier.reference}")
    _show_both(session, office, earlier, further, "linked", now)
    look_again(earlier, now)
    tell_handler(
        session, office, earlier, f"again-{further.reference}", f"{nth.capitalize()} letter of the same sender: {further.reference}.", now
    )


def hint_at(session: Session, office: Office, earlier: Ticket, further: Ticket, now: datetime) -> None:
    """Where a doubtful message may belong stands on its own ticket; the other one, perhaps a victim's, is left as it is."""
    further.warn(f"may belong to {earlier.reference}")
    further.record("linked", "bot", now, other=earlier.reference)
    queue_card(session, office, further, now)


def continue_in(session: Session, office: Office, closed: Ticket, further: Ticket, now: datetime) -> None:
    """A reply to a ticket closed long ago is a new ticket; each names the other, and the next reply lands in the new one."""
    further.warn(f"a late reply to {closed.reference}, which was closed")
    closed.warn(f"a late reply came: {further.reference}")
    _show_both(session, office, closed, further, CONTINUED, now)
    tell_handler(session, office, closed, f"late-{further.reference}", f"A late reply came: {further.reference}.", now)


def ask_again(ticket: Ticket, how: str, now: datetime, other: str | None = None) -> str:
    """A further letter on the same matter makes the ticket more urgent: it stands on the card, and reminders climb one level higher.

    Returns which one it is: `second`, `third`. The warning takes the place of the one for the letter before it.
    """
    number = 2 + len(further_letters(ticket))
    nth = _NTH.get(number, f"{number}th")
    ticket.record("asked_again", "requester", now, letter=number, other=other)
    ticket.warnings = [warning for warning in ticket.warnings if "letter: the same sender asked again" not in warning]
    ticket.warn(f"{nth} letter: the same sender asked again, {how}")
    return nth


def warn_of(ticket: Ticket, inquiry: Inquiry, verdict: Verdict) -> None:
    """What stood in the way of reading a message, on the card."""
    for problem in inquiry.problems:
        ticket.warn(problem)
    if verdict.decision is Decision.HOLD:
        ticket.warn(f"held: {verdict.rule}")


def tell_handler(session: Session, office: Office, ticket: Ticket, name: str, words: str, now: datetime) -> None:
    """A line below the ticket's card that calls whoever has it."""
    mention = {"mention": ticket.handler} if ticket.handler else {}
    queue_thread_note(session, office, ticket, name, words, now, **mention)


def _what_came(inquiry: Inquiry, message: Message, rests: bool) -> str:
    if is_fail(message.authentication):
        return "A message came; our mail server says that its sender is forged."
    if inquiry.source is Source.SLACK:
        return "A colleague added to it in Slack."
    if inquiry.forward is not None:
        return "A colleague forwarded more."
    return f"{_AFTER_CLOSING.capitalize()}. Please look; reopen it if it does." if rests else "The requester wrote again."


def _show_both(session: Session, office: Office, earlier: Ticket, further: Ticket, kind: str, now: datetime) -> None:
    for ticket, other, line in ((earlier, further, kind), (further, earlier, "linked")):
        ticket.record(line, "bot", now, other=other.reference)
        queue_card(session, office, ticket, now)


def _reminds(ticket: Ticket, inquiry: Inquiry, prediction: Prediction, message: Message) -> str:
    """Whether the requester asks in the thread for what is being done already, while it is not us who asked. Empty where not."""
    asked, before = set(prediction.intents) - {Intent.OTHER, Intent.QUESTION}, ticket.last_inbound
    same = bool(asked) and not prediction.unclear and asked <= set(intents_of(ticket.open_requests))
    mine = inquiry.source is Source.MAIL and message.correspondent_hash == ticket.requester_hash and not is_fail(message.authentication)
    later = before is None or inquiry.received_at - before.received_at > _ADDITION
    return "in this ticket" if same and mine and later and ticket.status != Status.WAITING else ""


def _warn_of_sender(ticket: Ticket, message: Message) -> None:
    if message.source == Source.MAIL and message.correspondent_hash not in (None, ticket.requester_hash):
        ticket.warn("a message came from another address")
    if message.message_id_hash and any(m.message_id_hash == message.message_id_hash and m is not message for m in ticket.messages):
        ticket.warn("two mails with one Message-ID and different words: see whether they are two matters")


def _acknowledged(ticket: Ticket) -> bool:
    return any(message.direction == Direction.OUT and message.rule in FIRST_LETTERS for message in ticket.messages)


def _wake(office: Office, ticket: Ticket, now: datetime) -> None:
    """A letter takes a resting ticket up again; the clocks' own pause ends only when a person says so."""
    if ticket.is_closed:
        ticket.reopen("requester", now, "a reply came in")
        for request in ticket.requests:
            set_due(office, ticket, request, now)
    elif ticket.status == Status.WAITING:
        ticket.resume("requester", now)


def heed(
    session: Session, office: Office, ticket: Ticket, prediction: Prediction, message: Message, now: datetime, *,
    what: str = "a later message",
) -> None:  # fmt: skip
    """A later message may ask for more: a person decides that, but what can't wait takes effect at once."""
    more = [intent for intent in prediction.intents if intent not in (*intents_of(ticket.requests), Intent.OTHER, Intent.QUESTION)]
    if prediction.unclear or not more:
        return
    ticket.warn(f"{what} may also ask for: {', '.join(intent.value.replace('_', ' ') for intent in more)}")
    if objects(more, message) and may_object(ticket, message):
        suppress(session, office, ticket, message, now)
    page(session, office, ticket, more, f"page-{message.id}", now)
