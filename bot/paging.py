"""Paging: what can't wait for a reminder is told at once, to the desk or, where there is none, to the managers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import queue_desk_line, queue_staff_letter
from bot.office import Office
from bot.staff_mail import alarm
from intents.catalog import Intent
from models import Ticket

URGENT = frozenset((Intent.BREACH_REPORT, Intent.AUTHORITY))


_HERE = "<!here> "
"""Rings for everybody in the channel who is at work (docs.slack.dev/messaging/formatting-message-text)."""


def page(session: Session, office: Office, ticket: Ticket, intents: Iterable[Intent], name: str, now: datetime) -> None:
    """Say it now if one of `intents` is urgent: 72 hours run from a breach report (Art 33(1) GDPR). `name` makes the notice unique."""
    intents = tuple(intents)
    urgent = " and ".join(intent.value.replace("_", " ") for intent in intents if intent in URGENT)
    if not urgent:
        return
    key = f"{name}:{ticket.reference}"
    if office.has_slack:
        text = f"{_call(office, intents)}:rotating_light: *{ticket.reference}*: {urgent}. Please look now."
        queue_desk_line(session, office, key, text, now, ticket_id=ticket.id)
        return
    letter = alarm(reference=ticket.reference, urgent=urgent)
    for number, manager in enumerate(office.config.escalation.managers):
        queue_staff_letter(session, office, f"{key}:{number}", "page", letter, manager, now, ticket_id=ticket.id)


def _call(office: Office, intents: Iterable[Intent]) -> str:
    """Only where the config wants it, by default never."""
    wanted = office.config.slack.here_for if office.config.slack else ()
    return _HERE if any(intent.value in wanted for intent in intents) else ""
