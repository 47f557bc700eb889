"""Desk: what staff may do with a ticket, one function a verb; each refuses an illegal step with a sentence fit to be shown."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clerk import add_request, intents_of, locked, set_due, suppress, ticket_by_reference
from bot.clocks import regimes
from bot.doubt import is_doubted
from bot.letterbox import acknowledge_late, keep_reasons, send_closing
from bot.notices import queue_card, queue_thread_answer, queue_thread_note
from bot.office import Office
from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent
from models import IllegalTransition, Outcome, Ticket

_BY_THE_WAY = frozenset(("letter_queued", "suppressed", "resumed", "waiting"))


class Refused(ValueError):
    """A step that can't be taken; the message says why and is fit to be shown to the colleague who tried."""


def claim(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """The colleague takes the ticket, unless another one was quicker."""
    ticket = ticket_for(session, reference)
    if ticket.handler not in (None, actor.removeprefix("slack:")):
        raise Refused(f"{ticket.reference} has a handler already: a colleague was quicker.")
    _step(ticket.claim, actor.removeprefix("slack:"), actor, now)
    return told(session, office, ticket, now)


def close(session: Session, office: Office, reference: str, outcomes: Mapping[int, str], actor: str, now: datetime, *,
          reasons: str = "", letter: bool = True) -> Ticket:  # fmt: skip
    """Give requests (by id) their outcomes; with the last one the ticket closes and, if wanted, the closing letter goes out.

    A refusal needs its reasons: the letter must give them (Art 12(4) GDPR). Those of an earlier step are kept for it.
    """
    ticket = ticket_for(session, reference)
    chosen = {number: _outcome(value) for number, value in outcomes.items()}
    if not chosen:
        raise Refused("Choose an outcome for at least one request.")
    if letter and not reasons.strip() and {Outcome.REFUSED, Outcome.PARTLY} & set(chosen.values()):
        raise Refused("A refusal must give its reasons (Art 12(4) GDPR). Please write them, in the requester's language.")
    _close_requests(ticket, chosen, actor, now)
    if ticket.is_closed and letter:
        _send_closing(session, office, ticket, reasons, now)
    elif letter and reasons.strip():
        keep_reasons(ticket, reasons, now)
    if ticket.is_closed:
        queue_thread_answer(session, ticket, f"closed-{len(ticket.events)}", f"*{ticket.reference}* is closed now.", now)
    return told(session, office, ticket, now)


def reopen(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """Take a closed ticket up again."""
    ticket = ticket_for(session, reference)
    _step(ticket.reopen, actor, now, "by the desk")
    for request in ticket.requests:
        set_due(office, ticket, request, now)
    return told(session, office, ticket, now)


def reclassify(session: Session, office: Office, reference: str, intents: list[str], regime: str, actor: str, now: datetime) -> Ticket:
    """Say what is asked and which law applies; what the bot had read stays in the journal.

    The sender of an unclear ticket gets the acknowledgement now, late but right.
    """
    ticket = ticket_for(session, reference)
    wanted = _intents(intents)
    if regime not in regimes():
        raise Refused(f"{regime} is not a regime. Allowed are {', '.join(regimes())}.")
    must_be_open(ticket)
    before = intents_of(ticket.open_requests)
    ticket.record("reclassified", actor, now, before=[i.value for i in before], after=[i.value for i in wanted], regime=regime)
    ticket.unclear, ticket.regime = False, regime
    _replace_requests(office, ticket, wanted, now)
    if Intent.UNSUBSCRIBE in wanted and not is_doubted(ticket):
        suppress(session, ticket, now)
    acknowledge_late(session, office, ticket, now)
    return told(session, office, ticket, now)


def answer_anyway(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """Lift the doubt about the sender: the acknowledgement that waited goes out, and an objection to marketing takes effect."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    if not is_doubted(ticket):
        raise Refused(f"{ticket.reference}: its sender is not in doubt, or a colleague was quicker.")
    ticket.lift_warnings(UNAUTHENTICATED)
    ticket.record("sender_accepted", actor, now)
    if Intent.UNSUBSCRIBE in intents_of(ticket.open_requests) and not ticket.unclear:
        suppress(session, ticket, now)
    acknowledge_late(session, office, ticket, now)
    return told(session, office, ticket, now)


def note(session: Session, reference: str, actor: str, now: datetime) -> Ticket:
    """The colleague has read the mail itself; that is journalled (Art 5(2) GDPR)."""
    ticket = ticket_for(session, reference)
    ticket.record("viewed", actor, now)
    return ticket


def ticket_for(session: Session, reference: str) -> Ticket:
    """The ticket, kept from others until the commit. Raises Refused when there is none."""
    ticket = ticket_by_reference(session, reference)
    if ticket is None:
        raise Refused("There is no such ticket.")
    return locked(session, ticket)


def must_be_open(ticket: Ticket) -> None:
    """Raises Refused for a closed one."""
    if ticket.is_closed:
        raise Refused(f"{ticket.reference} is closed; reopen it first.")


def _step(method: object, *arguments: object) -> None:
    try:
        method(*arguments)  # type: ignore[operator]
    except IllegalTransition as error:
        raise Refused(str(error)) from None


def told(session: Session, office: Office, ticket: Ticket, now: datetime) -> Ticket:
    """Every act ends on the card, with its line in the thread."""
    session.flush()
    queue_card(session, office, ticket, now)
    last = next(event for event in reversed(ticket.events) if event.kind not in _BY_THE_WAY)
    queue_thread_note(session, office, ticket, f"journal-{last.id}", f"{last.kind.replace('_', ' ').capitalize()}.", now, by=last.actor)
    return ticket


def _outcome(value: str) -> Outcome:
    try:
        return Outcome(value)
    except ValueError:
        raise Refused(f"{value} is not an outcome. Allowed are {', '.join(Outcome)}.") from None


def _close_requests(ticket: Ticket, chosen: Mapping[int, Outcome], actor: str, now: datetime) -> None:
    of_ticket = {request.id: request for request in ticket.requests}
    if not chosen.keys() <= of_ticket.keys():
        raise Refused(f"{ticket.reference} was changed meanwhile; please open the form again.")
    for number, outcome in chosen.items():
        _step(ticket.close_request, of_ticket[number], outcome, actor, now)


def _send_closing(session: Session, office: Office, ticket: Ticket, reasons: str, now: datetime) -> None:
    try:
        send_closing(session, office, ticket, reasons, now)
    except ValueError:  # refused in an earlier step, without a word for the letter
        raise Refused("A part was refused: the letter must give the reasons (Art 12(4) GDPR). Please write them.") from None


def _intents(values: list[str]) -> list[Intent]:
    try:
        wanted = list(dict.fromkeys(Intent(value) for value in values))
    except ValueError:
        raise Refused(f"Allowed are {', '.join(Intent)}.") from None
    if not wanted or (Intent.OTHER in wanted and len(wanted) > 1):
        raise Refused("Choose what is asked; “other” stands alone.")
    return wanted


def _replace_requests(office: Office, ticket: Ticket, wanted: list[Intent], now: datetime) -> None:
    for request in ticket.open_requests:
        if Intent(request.intent) not in wanted:
            ticket.requests.remove(request)
    have = intents_of(ticket.open_requests)
    for intent in wanted:
        if intent not in have:
            add_request(office, ticket, intent, 1.0, None, now)
    for request in ticket.open_requests:
        set_due(office, ticket, request, now)
