"""Merging: a duplicate goes on in another ticket: the earliest receipt counts, its requests and messages come along, its replies follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking.forwards import CONFIRM, NO_DATE, NO_REQUESTER
from bot.clerk import REFERENCE, add_request, intents_of, set_due, ticket_by_reference
from bot.clocks import ClockError
from bot.desk import Refused, must_be_open, step, ticket_for, told
from bot.joining import tell_handler
from bot.notices import queue_card, queue_thread_answer
from bot.office import Office
from bot.provenance import waits_for_sender
from bot.reading.likeness import names_agree
from intents.catalog import Intent
from models import Message, Request, Status, Ticket

_SUGGESTED = 20
_SAME_SENDER = "the same sender has an open ticket: "


@dataclass(frozen=True, slots=True)
class Pair:
    """The duplicate and the ticket in which it goes on, both kept from others until the commit."""

    duplicate: Ticket
    survivor: Ticket


def merge(session: Session, office: Office, reference: str, into: str, actor: str, now: datetime, *, same_person: bool) -> Ticket:
    """The ticket is a duplicate of another one: it closes without a letter, and everything goes on there.

    Where the requesters differ, `same_person` must be a person's word: every answer goes to the survivor's requester.
    """
    pair = _pair(session, reference, into)
    if differ(pair) and not same_person:
        raise Refused(f"{reference} and {into} have different requesters{_both(office, pair)}: an answer would go to the one of {into} "
                      "only. Tick the box if you know that it is one person.", "same_person")  # fmt: skip
    ends = {request.intent: request.due_on for request in pair.duplicate.open_requests}
    asked = pair.duplicate.open_requests
    step(pair.duplicate.merge_into, pair.survivor, actor, now)
    _unite_requests(office, pair, asked, now)
    _recount(office, pair, ends, now)
    _bring_along(pair, actor, now)
    _move_messages(session, pair)
    return _tell(session, office, pair, actor, now)


def candidates(session: Session, reference: str, typed: str) -> Sequence[Mapping[str, Any]]:
    """Open tickets to choose from: those of the same requester first, then those whose reference holds what was typed."""
    ticket = ticket_by_reference(session, reference)
    if ticket is None:
        return []
    others = select(Ticket).where(Ticket.status != Status.CLOSED, Ticket.id != ticket.id)
    part = typed.strip().upper()
    if part:
        others = others.where(Ticket.reference.contains(part, autoescape=True))
    same = Ticket.requester_hash == ticket.requester_hash
    found = session.scalars(others.order_by(same.desc().nulls_last(), Ticket.id.desc()).limit(_SUGGESTED))
    return [{"reference": other.reference, "intents": intents_of(other.open_requests), "due_on": _due(other),
             "same": bool(ticket.requester_hash) and other.requester_hash == ticket.requester_hash} for other in found]  # fmt: skip


def differ(pair: Pair) -> bool:
    """Whether the two may have been sent by different people: only one address and one name, both known, are surely one person's."""
    one, other = pair.duplicate, pair.survivor
    same = one.requester_hash is not None and one.requester_hash == other.requester_hash
    return not same or not names_agree(one.requester_name or "", other.requester_name or "")


def _pair(session: Session, reference: str, into: str) -> Pair:
    """Both tickets, locked in one order whoever merges what, so that two merges at once never wait for each other."""
    wanted = into.strip().upper()
    if not REFERENCE.fullmatch(wanted):
        raise Refused("Name the other ticket by its reference, such as PRV-2026-00042.", "into")
    if wanted == reference:
        raise Refused("A ticket can't be merged into itself. Name the other one.", "into")
    locked = {name: _locked(session, name) for name in sorted((reference, wanted))}
    must_be_open(locked[reference])
    try:
        must_be_open(locked[wanted])
    except Refused as refusal:
        raise Refused(str(refusal), "into") from None
    return Pair(locked[reference], locked[wanted])


def _locked(session: Session, reference: str) -> Ticket:
    try:
        return ticket_for(session, reference)
    except Refused:
        raise Refused(f"There is no ticket {reference}.", "into") from None


def _unite_requests(office: Office, pair: Pair, asked: Sequence[Request], now: datetime) -> None:
    """Everything that is open in either is open in the survivor, once; what nobody could tell gives way to what somebody can."""
    survivor, vague = pair.survivor, Intent.OTHER.value
    if survivor.unclear and not pair.duplicate.unclear and asked:
        survivor.unclear = False
        for request in [request for request in survivor.open_requests if request.intent not in {one.intent for one in asked}]:
            survivor.requests.remove(request)  # only a guess
    have = {request.intent for request in survivor.open_requests}
    news = [] if pair.duplicate.unclear and not survivor.unclear else [one for one in asked if one.intent not in have]
    for request in news:
        add_request(office, survivor, Intent(request.intent), request.confidence, request.evidence, now)
    if any(request.intent != vague for request in survivor.open_requests):
        for request in [request for request in survivor.open_requests if request.intent == vague]:
            survivor.requests.remove(request)


def _recount(office: Office, pair: Pair, ends: Mapping[str, date | None], now: datetime) -> None:
    """The clocks start at the earliest receipt. Raises Refused where a date would come later than it was: no merge may do that."""
    survivor = pair.survivor
    try:
        for request in survivor.open_requests:
            set_due(office, survivor, request, now)
    except ClockError as error:
        raise Refused(str(error), "into") from None
    for request in survivor.open_requests:
        before = ends.get(request.intent)
        if before is not None and (request.due_on is None or request.due_on > before):
            raise Refused(
                f"{request.intent.replace('_', ' ').capitalize()} is due {before:%d %b %Y} here, and would be due later in "
                f"{survivor.reference}, whose clock was paused, extended or runs by another law. Merge {survivor.reference} into "
                f"{pair.duplicate.reference} instead.", "into",
            )  # fmt: skip


def _bring_along(pair: Pair, actor: str, now: datetime) -> None:
    """Handler, requester and the thread in Slack, where the survivor has none; and what the card warned of."""
    duplicate, survivor = pair.duplicate, pair.survivor
    if survivor.handler is None and duplicate.handler is not None:
        survivor.claim(duplicate.handler, actor, now)
    if survivor.requester is None and not waits_for_sender(duplicate):
        survivor.requester, survivor.requester_hash = duplicate.requester, duplicate.requester_hash
        survivor.requester_name = survivor.requester_name or duplicate.requester_name
    if survivor.slack_thread is None:
        survivor.slack_channel, survivor.slack_thread = duplicate.slack_channel, duplicate.slack_thread
    survivor.warnings = [warning for warning in survivor.warnings if warning != _SAME_SENDER + duplicate.reference]
    for warning in duplicate.warnings:  # whose forward it was is settled: the survivor's own requester counts
        if survivor.reference not in warning and not warning.startswith((CONFIRM, NO_DATE, NO_REQUESTER)):
            survivor.warn(warning)


def _move_messages(session: Session, pair: Pair) -> None:
    """What was said in the duplicate, notes and files included, is part of the survivor from now on."""
    session.flush()
    session.execute(update(Message).where(Message.ticket_id == pair.duplicate.id).values(ticket_id=pair.survivor.id))
    for ticket in (pair.duplicate, pair.survivor):
        session.expire(ticket, ["messages"])


def _tell(session: Session, office: Office, pair: Pair, actor: str, now: datetime) -> Ticket:
    duplicate, survivor = pair.duplicate, pair.survivor
    duplicate.warnings = [f"merged into {survivor.reference}"]
    told(session, office, duplicate, now, f"Merged into *{survivor.reference}*; please go on there.")
    if duplicate.slack_thread != survivor.slack_thread:
        queue_thread_answer(session, duplicate, "merged", f"*{duplicate.reference}* is part of *{survivor.reference}* now.", now)
    queue_card(session, office, survivor, now)
    by = f" By <@{actor.removeprefix('slack:')}>." if actor.startswith("slack:") else ""
    tell_handler(session, office, survivor, f"took-in-{duplicate.reference}", f"*{duplicate.reference}* was merged into this one.{by}", now)
    return survivor


def _due(ticket: Ticket) -> date | None:
    return min((request.due_on for request in ticket.open_requests if request.due_on), default=None)


def _both(office: Office, pair: Pair) -> str:
    """The requesters of both, as much as cards may show."""
    here, there = (_shown(office, ticket) for ticket in (pair.duplicate, pair.survivor))
    return f" ({here or 'unknown'} here, {there or 'unknown'} there)" if here or there else ""


def _shown(office: Office, ticket: Ticket) -> str:
    address, show = ticket.requester or "", office.config.slack.show if office.config.slack else "reference"
    return {"reference": "", "full": address}.get(show, office.masked(address))
