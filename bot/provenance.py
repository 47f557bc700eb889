"""Provenance: what a ticket keeps of who asks: a colleague's forward that waits for a person's word, and an agent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.agents import caution
from bot.inquiry import Inquiry, Source
from bot.office import Office
from models import Event, Status, Ticket

_SHOWN = 20  # tickets of one agent that are named


def note_who_asks(ticket: Ticket, inquiry: Inquiry, now: datetime) -> None:
    """What the message that opens a ticket shows: onto the card, and into the journal without any address."""
    for words in inquiry.cautions:
        ticket.warn(words)
    if inquiry.forward is not None:
        read, dated = bool(inquiry.forward.requester.address), inquiry.forward.received_at is not None
        ticket.record("forwarded", "bot", now, requester_read=read, receipt_read=dated)
    if inquiry.behalf is not None:
        ticket.record("on_behalf", "bot", now, service=inquiry.behalf.service, authority=inquiry.behalf.authority)


def note_who_writes(ticket: Ticket, inquiry: Inquiry, now: datetime) -> None:
    """A later message tells news only where an agent steps in, or hands in the authority."""
    behalf = inquiry.behalf
    if behalf is not None and (behalf.authority or not any(event.kind == "on_behalf" for event in ticket.events)):
        ticket.warn(caution(behalf))
        ticket.record("on_behalf", "bot", now, service=behalf.service, authority=behalf.authority)


def waits_for_sender(ticket: Ticket) -> bool:
    """A colleague passed it on, by mail or in Slack, and no person has confirmed the requester yet: no letter goes out by itself."""
    kinds = {event.kind for event in ticket.events}
    return ("forwarded" in kinds or ticket.source == Source.SLACK) and "sender_confirmed" not in kinds


def agents(session: Session, office: Office) -> Sequence[Mapping[str, Any]]:
    """Open tickets by the agent who asks, the busiest first: its name, how many, and the first twenty references."""
    open_ones = select(Ticket, Event.detail).join(Event, Event.ticket_id == Ticket.id)
    open_ones = open_ones.where(Event.kind == "on_behalf", Ticket.status != Status.CLOSED).order_by(Ticket.id)
    groups: dict[str, list[Ticket]] = {}
    for ticket, detail in session.execute(open_ones):
        group = groups.setdefault(detail["service"] or f"another:{ticket.requester_hash}", [])
        if ticket not in group:
            group.append(ticket)
    busiest = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [
        {"agent": _name(office, name, of_it[0]), "count": len(of_it), "references": [ticket.reference for ticket in of_it[:_SHOWN]]}
        for name, of_it in busiest
    ]


def _name(office: Office, name: str, ticket: Ticket) -> str:
    """A service by its name; anybody else as much as cards may show."""
    if not name.startswith("another:"):
        return name
    show = office.config.slack.show if office.config.slack else "reference"
    address = ticket.requester or ""
    who = {"reference": "", "full": address}.get(show, office.masked(address))
    return f"another representative ({who})" if who else "another representative"
