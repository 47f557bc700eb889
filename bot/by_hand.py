"""By hand: a colleague opens a ticket for a request that came by phone, letter or in person, or stands in some Slack message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clerk import add_request, next_reference, one_at_a_time
from bot.clocks import ClockError, regimes
from bot.confirming import requesters_address
from bot.desk import Refused, intents_named
from bot.letterbox import acknowledge_by_hand
from bot.notices import queue_card, queue_desk_line, queue_thread_answer, queue_thread_note
from bot.office import Office
from bot.paging import page
from bot.suppressions import objects, suppress
from bot.timekeeping import check_receipt
from intents.catalog import Intent
from models import Direction, Message, Status, Ticket

SOURCES: Mapping[str, str] = {
    "phone": "By phone", "letter": "By letter", "in_person": "In person", "web": "By a form or portal", "slack": "By a message in Slack",
    "elsewhere": "Another way",
}  # fmt: skip
"""How a request came that did not come to the mailbox, and its name in the form."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Slip:
    """What a colleague wrote down. `form` names the filled-in form, so that sending it twice opens one ticket."""

    form: str
    source: str
    intents: Sequence[str]
    regime: str
    language: str
    received_at: datetime
    name: str = field(repr=False)
    address: str = field(repr=False)
    text: str = field(repr=False)
    acknowledge: bool
    channel: str = ""
    """With `ts`: the Slack message in which it stands; `thread` is the thread it belongs to."""
    ts: str = ""
    thread: str = ""
    has_files: bool = False

    @property
    def external_id(self) -> str:
        """Of a Slack message the same that the intake channel gives it: one message, one ticket."""
        return f"s:{self.channel}:{self.ts}" if self.channel else f"h:{self.form}"


def open_by_hand(session: Session, office: Office, slip: Slip, actor: str, now: datetime) -> Ticket:
    """A ticket with the clock that the true receipt gives it. A letter goes out only to a given address, and only if wished."""
    one_at_a_time(session, office.vault.digest(slip.external_id))
    must_be_new(session, slip.external_id)
    wanted, address = _checked(office, slip, now)
    ticket = _ticket(session, office, slip, address, now)
    _request(office, ticket, wanted, now)
    ticket.record("opened_by_hand", actor, now, source=slip.source, intents=[i.value for i in wanted], acknowledge=slip.acknowledge)
    if slip.has_files:
        ticket.warn("files left in Slack")
    _warn_of_others(session, ticket)
    session.add(ticket)
    session.flush()
    if objects(wanted, ticket.first_inbound):
        suppress(session, office, ticket, ticket.first_inbound, now)
    if slip.acknowledge:
        acknowledge_by_hand(session, office, ticket, now)
    _tell(session, office, ticket, slip, wanted, actor, now)
    return ticket


def must_be_new(session: Session, external_id: str) -> None:
    """Raises Refused, with the ticket's name, for a message that has one already."""
    found = session.scalar(select(Ticket).join(Message, Message.ticket_id == Ticket.id).where(Message.external_id == external_id))
    if found is not None:
        raise Refused(f"There is a ticket for this already: {found.current.reference}.")


def blank(session: Session, office: Office, channel: str, ts: str) -> Mapping[str, Any]:
    """What the empty form offers. Raises Refused for a Slack message that has a ticket."""
    if channel:
        must_be_new(session, f"s:{channel}:{ts}")
    ours = office.config.organisation
    return {"regime": office.config.clocks.regime, "language": ours.language, "languages": office.letters.languages(),
            "zone": ours.time_zone.key}  # fmt: skip


def _checked(office: Office, slip: Slip, now: datetime) -> tuple[list[Intent], str]:
    wanted = intents_named(slip.intents)
    if slip.source not in SOURCES:
        raise Refused(f"Allowed are {', '.join(SOURCES)}.", "source")
    if slip.regime not in regimes():
        raise Refused(f"{slip.regime} is not a regime. Allowed are {', '.join(regimes())}.", "regime")
    check_receipt(slip.received_at, now)
    address = requesters_address(office, slip.address) if slip.address.strip() else ""
    if slip.acknowledge and not address:
        raise Refused("A letter needs a mail address. Write one, or untick the letter.", "address")
    if slip.acknowledge and Intent.AUTHORITY in wanted:
        raise Refused("An authority is answered by a person. Please untick the letter.", "letter")
    return wanted, address


def _ticket(session: Session, office: Office, slip: Slip, address: str, now: datetime) -> Ticket:
    year = slip.received_at.astimezone(office.config.organisation.time_zone).year
    ticket = Ticket.open(
        next_reference(session, year), source=slip.source, regime=slip.regime, language=slip.language, received_at=slip.received_at, now=now
    )
    ticket.requester, ticket.requester_name = address or None, slip.name.strip()[:_LONGEST_NAME] or None
    ticket.requester_hash = office.vault.digest(address) if address else None
    if slip.channel and office.config.slack is not None and slip.channel == office.config.slack.intake_channel:
        ticket.slack_channel, ticket.slack_thread = slip.channel, slip.thread or slip.ts
    ticket.messages.append(
        Message(
            external_id=slip.external_id, direction=Direction.IN, source=slip.source, received_at=slip.received_at, rule="by hand",
            correspondent=address or None, correspondent_hash=ticket.requester_hash, correspondent_name=ticket.requester_name,
            text=slip.text, body=slip.text, slack_channel=slip.channel or None, slack_ts=slip.ts or None,
        )
    )  # fmt: skip
    return ticket


def _request(office: Office, ticket: Ticket, wanted: Sequence[Intent], now: datetime) -> None:
    try:
        for intent in wanted:
            add_request(office, ticket, intent, 0.0, None, now)
    except ClockError as error:
        raise Refused(str(error), "regime") from None


def _warn_of_others(session: Session, ticket: Ticket) -> None:
    if ticket.requester_hash is None:
        return
    mine = select(Ticket.reference).where(Ticket.requester_hash == ticket.requester_hash, Ticket.status != Status.CLOSED)
    if others := session.scalars(mine.order_by(Ticket.id.desc()).limit(3)).all():
        ticket.warn(f"the same sender has an open ticket: {', '.join(reversed(others))}")


def _tell(session: Session, office: Office, ticket: Ticket, slip: Slip, wanted: Sequence[Intent], actor: str, now: datetime) -> None:
    """The desk by the card, and the colleague directly, for a form says nothing when it closes."""
    queue_card(session, office, ticket, now)
    where = f" from a message in <#{slip.channel}>" if slip.channel.startswith(("C", "G")) else ""
    queue_thread_note(session, office, ticket, "opened-by-hand", f"Opened by hand{where}.", now, by=actor)
    queue_thread_answer(session, ticket, "taken", f"This is ticket *{ticket.reference}* now; the desk has it.", now)
    page(session, office, ticket, wanted, "page", now)
    if actor.startswith("slack:"):
        text = f"You opened *{ticket.reference}*{where}."
        queue_desk_line(session, office, f"by-hand:{ticket.reference}", text, now, ticket_id=ticket.id, user=actor.removeprefix("slack:"))
