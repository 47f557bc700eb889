"""Register: looks at tickets for people and commands; reads only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.clerk import ticket_by_reference
from bot.desk import Refused, changes
from bot.held import has_held
from bot.inquiry import Source
from bot.letterbox import REASONS
from bot.notes import NOTE
from bot.notices import card_facts, request_facts
from bot.office import Office
from bot.posting import EARLIER
from bot.provenance import agents
from bot.searching import SEARCHES
from bot.trust import words
from models import Counter, Direction, Message, MessageFile, Notice, NoticeState, Request, Status, Ticket

_MOST = 200
_SOON_DAYS = 7
Query = Select[Any]


def find(session: Session, office: Office, which: str, user: str, argument: str, now: datetime) -> Sequence[Mapping[str, Any]]:
    """The facts of the tickets asked for, the earliest due date first. Raises Refused for an argument that makes no sense."""
    if which == "show":
        ticket = ticket_by_reference(session, argument)
        if ticket is None:
            raise Refused("There is no such ticket. Say for example: show PRV-2026-00042")  # the argument could be anything
        return [card_facts(office, ticket, now)]
    if which == "agents":
        return agents(session, office)
    choices: dict[str, Callable[[Query], Query]] = {
        "list": lambda query: query,
        "mine": lambda query: query.where(Ticket.handler == user),
        "unassigned": lambda query: query.where(Ticket.handler.is_(None)),
        "overdue": lambda query: query.where(Ticket.due_at < now),
        "held": lambda query: query.where(has_held()),
        "due": lambda query: query.where(Ticket.due_at < now + timedelta(days=_days(argument))),
    }
    open_ones = select(Ticket).where(Ticket.status != Status.CLOSED).order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)
    return [card_facts(office, ticket, now) for ticket in session.scalars(choices[which](open_ones).limit(_MOST))]


def whole(office: Office, ticket: Ticket) -> Mapping[str, Any]:
    """A ticket with its open requests and its messages, texts included: for one pair of eyes."""
    zone = office.config.organisation.time_zone
    return {
        "reference": ticket.reference,
        "merged_into": ticket.current.reference if ticket.merged_into_id else None,
        "handler": ticket.handler,
        "changes": changes(ticket),
        "regime": ticket.regime,
        "requester": ticket.requester or "",
        "received_at": ticket.received_at.isoformat(),
        "proposed": next((event.detail["regime"] for event in reversed(ticket.events) if event.kind == "regime_proposed"), None),
        "open": [{"id": request.id, **request_facts(office, request, True)} for request in ticket.open_requests],
        "messages": [
            {
                "when": f"{message.received_at.astimezone(zone):%d %b %Y %H:%M}",
                "direction": _direction(message),
                "who": message.correspondent or message.source,
                "authentication": words(message.authentication),
                "subject": message.subject or "",
                "text": message.body or "",
                "by": (message.correspondent_name or "").removeprefix("slack:") if message.kind == NOTE else "",
                "files": ", ".join(_file(message, file) for file in message.attachments),
            }
            for message in ticket.messages
        ],
    }


def _file(message: Message, file: MessageFile) -> str:
    """A post's files stay in Slack."""
    return f"{file.name} ({'in Slack' if message.source == Source.SLACK else f'{file.size:,} bytes'})"


def _direction(message: Message) -> str:
    if message.kind == EARLIER:
        return "as it was before it was edited"
    if message.kind == REASONS:
        return "for the closing letter"
    if message.kind == NOTE:
        return "note"
    return "received" if message.direction == Direction.IN else "sent"


def figures(session: Session, now: datetime) -> Mapping[str, float]:
    """Counts for /metrics."""

    def count(query: Select[Any]) -> float:
        return float(session.scalar(select(func.count()).select_from(query.subquery())) or 0)

    open_ones = select(Ticket.id).where(Ticket.status != Status.CLOSED)
    return {
        "tickets_open": count(open_ones),
        "tickets_overdue": count(open_ones.where(Ticket.due_at < now)),
        "tickets_unassigned": count(open_ones.where(Ticket.handler.is_(None))),
        "requests_open": count(select(Request.id).where(Request.outcome.is_(None))),
        "outbox_waiting": count(select(Notice.id).where(Notice.state.in_((NoticeState.QUEUED, NoticeState.CLAIMED)))),
        "outbox_failed": count(select(Notice.id).where(Notice.state == NoticeState.FAILED)),
        "searches": float(session.scalar(select(Counter.value).where(Counter.name == SEARCHES)) or 0),
        "messages_received": count(select(Message.id).where(Message.direction == Direction.IN)),
    }


def _days(argument: str) -> int:
    if not argument:
        return _SOON_DAYS
    if not argument.isdigit() or len(argument) > 4:
        raise Refused("Say a number of days, for example: due 7")
    return int(argument)
