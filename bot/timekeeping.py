"""Timekeeping: what staff do to the clocks: ask and record answers, extend with notice, set the true receipt; named person, reason kept."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clerk import open_question, set_due
from bot.clocks import ClockError
from bot.desk import Refused, must_be_open, ticket_for, told
from bot.letterbox import send_extension, send_question
from bot.notation import mail_address
from bot.office import Office
from models import Request, Status, Ticket

_NOBODY = "There is no address to write to. Tell the requester another way, then tick that you did."


def ask(session: Session, office: Office, reference: str, about: str, question: str, actor: str, now: datetime, *,
        letter: bool = True, known: str = "") -> Ticket:  # fmt: skip
    """Ask who it is (`id`) or what is meant (`clarification`); the letter goes out, the clock pauses where the law says so.

    `known`: the address that the company knows, where the letter then goes; the journal says so without naming it.

    Only on reasonable doubt in this one case (Art 12(6) GDPR): that is the person's judgement, and stands in the journal under their name.
    """
    ticket = _open_ticket(session, reference)
    if open_question(ticket, about):
        raise Refused(f"{ticket.reference}: that was asked already and is not answered yet.")
    known = _known_address(office, ticket, known)
    if letter:
        _write(lambda: send_question(session, office, ticket, about, question, now, known))
    ticket.record(f"{about}_requested", actor, now, letter=letter, **({"to": "known address"} if known and letter else {}))
    _recount(office, ticket, now)
    ticket.wait(actor, now, f"{about}_requested")
    return told(session, office, ticket, now)


def answered(session: Session, office: Office, reference: str, about: str, actor: str, now: datetime) -> Ticket:
    """The answer to such a question has come; the clock runs on."""
    ticket = _open_ticket(session, reference)
    if not open_question(ticket, about):
        raise Refused(f"{ticket.reference}: nothing was asked that this could answer.")
    ticket.record(f"{about}_received", actor, now)
    _recount(office, ticket, now)
    if ticket.status == Status.WAITING and not any(open_question(ticket, other) for other in ("id", "clarification", "fee")):
        ticket.resume(actor, now)
    return told(session, office, ticket, now)


def extend(session: Session, office: Office, reference: str, reasons: str, actor: str, now: datetime, *, letter: bool = True) -> Ticket:
    """Lengthen the period: once, in time, from the original start, and only with the notice that gives the reasons (Art 12(3) GDPR)."""
    ticket = _open_ticket(session, reference)
    if not reasons.strip():
        raise Refused("An extension must be told with its reasons (Art 12(3) GDPR). Please write them, in the requester's language.")
    if any(event.kind == "extension_notice" for event in ticket.events):
        raise Refused(f"{ticket.reference} was extended already; the law allows it once.")
    extendable = _extendable(office, ticket, now)
    ticket.record("extension_notice", actor, now, letter=letter)
    _recount(office, ticket, now)
    new_due = min(request.due_on for request in extendable if request.due_on)
    if letter:
        _write(lambda: send_extension(session, office, ticket, new_due, reasons, now))
    return told(session, office, ticket, now)


def set_receipt(session: Session, office: Office, reference: str, received_at: datetime, actor: str, now: datetime) -> Ticket:
    """When it truly reached us first, as for a forwarded mail or a call; the clocks start there, the old value stays in the journal."""
    ticket = _open_ticket(session, reference)
    check_receipt(received_at, now)
    before, ticket.received_at = ticket.received_at, received_at
    ticket.record("receipt_set", actor, now, before=before.isoformat(), after=received_at.isoformat())
    _recount(office, ticket, now)
    return told(session, office, ticket, now)


def receipt(session: Session, office: Office, reference: str) -> Mapping[str, Any]:
    """What the form of the true receipt begins with. Raises Refused."""
    ticket = _open_ticket(session, reference)
    return {"reference": ticket.reference, "received_at": ticket.received_at, "zone": office.config.organisation.time_zone.key}


def _known_address(office: Office, ticket: Ticket, known: str) -> str:
    """As mail is compared; empty where it is the requester's own."""
    if not known.strip():
        return ""
    try:
        address = mail_address(known)
    except ValueError:
        raise Refused("Write the known address as jo@example.org, or leave it empty.") from None
    if address in office.config.own_addresses:
        raise Refused("That is our own mailbox. Write the address that the company knows, or leave it empty.")
    return "" if address == ticket.requester else address


def check_receipt(received_at: datetime, now: datetime) -> None:
    """Raises Refused for a time that can't be one of receipt."""
    if received_at > now:
        raise Refused("A receipt can't lie in the future.", "at")
    if received_at < now - timedelta(days=3 * 366):
        raise Refused("A receipt more than three years ago is surely a slip.", "at")


def _open_ticket(session: Session, reference: str) -> Ticket:
    ticket = ticket_for(session, reference)
    must_be_open(ticket)
    return ticket


def _extendable(office: Office, ticket: Ticket, now: datetime) -> list[Request]:
    """The open requests whose law lets them be extended today. Raises Refused with the reason when there is none."""
    today = now.astimezone(office.config.organisation.time_zone).date()
    known = [request for request in ticket.open_requests if request.extension_notice_by and request.due_on]
    if not known:
        raise Refused(f"{ticket.reference}: no law lets any of its open requests be extended now.")
    in_time = [request for request in known if _day(request.extension_notice_by) >= today]
    if not in_time:
        last = max(_day(request.extension_notice_by) for request in known)
        raise Refused(f"{ticket.reference}: too late. The notice had to leave by {last:%d %b %Y}.")
    return in_time


def _day(day: date | None) -> date:
    assert day is not None
    return day


def _write(send: Callable[[], bool]) -> None:
    try:
        if not send():
            raise Refused(_NOBODY)
    except ValueError as error:
        raise error if isinstance(error, Refused) else Refused(f"The letter needs more: {error}.") from None


def _recount(office: Office, ticket: Ticket, now: datetime) -> None:
    try:
        for request in ticket.open_requests:
            set_due(office, ticket, request, now)
    except ClockError as error:
        raise Refused(str(error)) from None
