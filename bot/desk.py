"""Desk: what staff may do with a ticket, one function a verb; each refuses an illegal step with a sentence fit to be shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot import feedback
from bot.clerk import add_request, intents_of, locked, set_due, ticket_by_reference
from bot.clocks import regimes
from bot.doubt import is_doubted
from bot.letterbox import acknowledge_late, keep_reasons, send_closing
from bot.notices import queue_card, queue_thread_answer, queue_thread_note
from bot.office import Office
from bot.suppressions import objects, suppress
from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent
from models import IllegalTransition, Outcome, Ticket

_BY_THE_WAY = frozenset(("letter_queued", "suppressed", "resumed", "waiting", "confirmation_waits"))


class Refused(ValueError):
    """A step that can't be taken; the message says why and is fit to be shown to the colleague who tried.

    `field`: the field of the form that is to blame, where there are several.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def claim(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """The colleague takes the ticket, unless another one was quicker."""
    ticket = ticket_for(session, reference)
    stands(ticket)
    if ticket.handler not in (None, actor.removeprefix("slack:")):
        raise Refused(f"{ticket.reference} is with <@{ticket.handler}> already. It can be handed over: More…, Hand over…")
    step(ticket.claim, actor.removeprefix("slack:"), actor, now)
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
    step(ticket.reopen, actor, now, "by the desk")
    for request in ticket.requests:
        set_due(office, ticket, request, now)
    return told(session, office, ticket, now)


def reclassify(session: Session, office: Office, reference: str, intents: list[str], regime: str, actor: str, now: datetime, *,
               seen: int | None = None) -> Ticket:  # fmt: skip
    """Say what is asked and which law applies; what the bot had read stays in the journal, and as feedback for its training.

    The sender of an unclear ticket gets the acknowledgement now, late but right. `seen`: how often it had been changed when the form
    was opened; Refused when a colleague was quicker.
    """
    ticket = ticket_for(session, reference)
    wanted = intents_named(intents)
    if regime not in regimes():
        raise Refused(f"{regime} is not a regime. Allowed are {', '.join(regimes())}.")
    must_be_open(ticket)
    if seen is not None and seen != changes(ticket):
        raise Refused(f"{ticket.reference} was changed meanwhile; please open the form again.")
    feedback.keep(session, ticket, wanted, regime, actor, now)
    before = intents_of(ticket.open_requests)
    ticket.record("reclassified", actor, now, before=[i.value for i in before], after=[i.value for i in wanted], regime=regime)
    ticket.unclear, ticket.regime = False, regime
    _replace_requests(office, ticket, wanted, now)
    if objects(wanted, ticket.first_inbound) and not is_doubted(ticket):
        suppress(session, office, ticket, ticket.first_inbound, now)
    acknowledge_late(session, office, ticket, now)
    return told(session, office, ticket, now)


def read_as(session: Session, office: Office, reference: str, intent: str, actor: str, now: datetime) -> Ticket:
    """What an unclear ticket asks for, by one of the buttons on its card; the law stays."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    if not ticket.unclear:
        raise Refused(f"{ticket.reference} is not unclear any more. Press Change to say something else.")
    return reclassify(session, office, reference, [intent], ticket.regime, actor, now)


def changes(ticket: Ticket) -> int:
    """How often people have said what is asked."""
    return sum(event.kind == "reclassified" for event in ticket.events)


def answer_anyway(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """Lift the doubt about the sender: the acknowledgement that waited goes out, and an objection to marketing takes effect."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    if not is_doubted(ticket):
        raise Refused(f"{ticket.reference}: its sender is not in doubt, or a colleague was quicker.")
    ticket.lift_warnings(UNAUTHENTICATED)
    ticket.record("sender_accepted", actor, now)
    if objects(intents_of(ticket.open_requests), ticket.first_inbound) and not ticket.unclear:
        suppress(session, office, ticket, ticket.first_inbound, now)
    acknowledge_late(session, office, ticket, now)
    return told(session, office, ticket, now)


def note(session: Session, reference: str, actor: str, now: datetime) -> Ticket:
    """The colleague has read the mail itself; that is journalled (Art 5(2) GDPR)."""
    ticket = ticket_for(session, reference)
    ticket.record("viewed", actor, now)
    return ticket


def standing(session: Session, reference: str) -> Mapping[str, str | None]:
    """What a form about an open ticket begins with: who has it. Reads no message. Raises Refused."""
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    return {"reference": ticket.reference, "handler": ticket.handler}


def ticket_for(session: Session, reference: str) -> Ticket:
    """The ticket, kept from others until the commit. Raises Refused when there is none."""
    ticket = ticket_by_reference(session, reference)
    if ticket is None:
        raise Refused("There is no such ticket.")
    return locked(session, ticket)


def stands(ticket: Ticket) -> None:
    """Raises Refused for one that was merged into another, where everything goes on."""
    if ticket.merged_into is not None:
        raise Refused(f"{ticket.reference} was merged into {ticket.merged_into.reference}; please go on there.")


def must_be_open(ticket: Ticket) -> None:
    """Raises Refused for a closed one."""
    stands(ticket)
    if ticket.is_closed:
        raise Refused(f"{ticket.reference} is closed; reopen it first.")


def step(method: object, *arguments: object) -> None:
    """Let the ticket take a step. Raises Refused with its reason where the state forbids it."""
    try:
        method(*arguments)  # type: ignore[operator]
    except IllegalTransition as error:
        raise Refused(str(error)) from None


def told(session: Session, office: Office, ticket: Ticket, now: datetime, words: str = "") -> Ticket:
    """Every act ends on the card, with its line in the thread: `words`, or else the journal's last."""
    session.flush()
    queue_card(session, office, ticket, now)
    last = next(event for event in reversed(ticket.events) if event.kind not in _BY_THE_WAY)
    words = words or f"{last.kind.replace('_', ' ').capitalize()}."
    queue_thread_note(session, office, ticket, f"journal-{last.id}", words, now, by=last.actor)
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
        step(ticket.close_request, of_ticket[number], outcome, actor, now)


def _send_closing(session: Session, office: Office, ticket: Ticket, reasons: str, now: datetime) -> None:
    try:
        send_closing(session, office, ticket, reasons, now)
    except ValueError:  # refused in an earlier step, without a word for the letter
        raise Refused("A part was refused: the letter must give the reasons (Art 12(4) GDPR). Please write them.") from None


def intents_named(values: Sequence[str]) -> list[Intent]:
    """What a form says is asked. Raises Refused for nothing, for unknown names, and for `other` beside something."""
    try:
        wanted = list(dict.fromkeys(Intent(value) for value in values))
    except ValueError:
        raise Refused(f"Allowed are {', '.join(Intent)}.", "intents") from None
    if not wanted or (Intent.OTHER in wanted and len(wanted) > 1):
        raise Refused("Choose what is asked; “other” stands alone.", "intents")
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
