"""Unsubscribing: a colleague names channels; when the newsletter tool knows, the request is done and the person gets one confirmation."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.channels import Channel
from bot.clerk import locked
from bot.desk import Refused, ticket_for
from bot.doubt import is_doubted
from bot.letterbox import confirm_unsubscribing
from bot.notices import queue_card, queue_desk_line, queue_thread_answer
from bot.office import Office
from bot.provenance import waits_for_sender
from bot.suppressions import add_channels
from bot.webhook_config import SUPPRESSION
from bot.webhooks import SUPPRESSED
from intents.catalog import Intent
from models import Notice, NoticeState, Outcome, Ticket

PATIENCE = timedelta(hours=1)
"""How long a receiver may be out before people hear of it: the desk, and whoever waits for a confirmation."""

_A_PERSON_IS_AT_IT = frozenset(("forwarded", "on_behalf", "sender_doubted", "reopened"))
_HARMLESS = ("charset guessed", "the same sender has an open ticket")
_UNSETTLED = (NoticeState.QUEUED, NoticeState.CLAIMED)


def suppression_passed_on(office: Office) -> Callable[[Session, Notice], None]:
    """What the outbox calls, in its transaction, for each event that a webhook took."""

    def on_sent(session: Session, notice: Notice) -> None:
        ticket, now = _ticket(session, notice), notice.settled_at
        if ticket is None or now is None or not notice.key.endswith(f":{SUPPRESSED}"):
            return
        ticket.record("suppression_passed_on", "bot", now)
        session.flush()
        if not _is_missing(session, ticket):
            _complete(session, office, ticket, now)

    return on_sent


def event_refused(office: Office) -> Callable[[Session, Notice, datetime], None]:
    """What the outbox calls, in its transaction, for each event that a webhook refused until it was given up."""

    def on_failed(session: Session, notice: Notice, now: datetime) -> None:
        text = f":warning: Webhook *{notice.kind}* has refused events ({notice.error}); they were given up."
        queue_desk_line(session, office, f"webhook-refused:{notice.kind}:{now:%Y-%m-%d}", text, now)
        ticket = _ticket(session, notice)
        if ticket is None:
            return
        ticket.record("suppression_refused", "bot", now, code=notice.error)
        ticket.warn(f"the newsletter tool was not told ({notice.error}): take the address off its lists by hand, View shows it")
        confirm_unsubscribing(session, office, ticket, now, done=False)
        queue_card(session, office, ticket, now)

    return on_failed


def suppress_by(session: Session, office: Office, reference: str, channels: Iterable[str], actor: str, now: datetime) -> Ticket:
    """A colleague puts the requester down for these channels. Raises Refused."""
    ticket = ticket_for(session, reference)
    try:
        chosen = [Channel(channel) for channel in channels]
    except ValueError:
        raise Refused(f"Allowed are {', '.join(Channel)}.") from None
    if not chosen:
        raise Refused("Choose at least one channel.")
    if is_doubted(ticket) or waits_for_sender(ticket):
        raise Refused(f"{ticket.reference}: say first that the sender is right; it may be another's address.")
    if not add_channels(session, office, ticket, chosen, actor, now):
        raise Refused(f"{ticket.reference}: there is no address to put down.")
    queue_card(session, office, ticket, now)
    return ticket


def confirm_to_waiting(session: Session, office: Office, now: datetime) -> int:
    """Nobody waits longer than an hour because the newsletter tool is out: the list is written. Returns how many letters went."""
    late = select(Notice).where(Notice.kind == SUPPRESSION, Notice.state.in_(_UNSETTLED), Notice.created_at <= now - PATIENCE)
    found = [_ticket(session, notice) for notice in session.scalars(late.order_by(Notice.id)).all()]
    return sum(confirm_unsubscribing(session, office, ticket, now, done=False) for ticket in found if ticket is not None)


def closes_itself(ticket: Ticket) -> bool:
    """Whether nothing about it needs a person: whoever passed it on, asks for another or may be forged does, and so does any warning."""
    if ticket.unclear or ticket.source == "slack" or any(event.kind in _A_PERSON_IS_AT_IT for event in ticket.events):
        return False
    return all(warning.startswith(_HARMLESS) for warning in ticket.warnings)


def _complete(session: Session, office: Office, ticket: Ticket, now: datetime) -> None:
    done = [request for request in ticket.open_requests if request.intent == Intent.UNSUBSCRIBE] if closes_itself(ticket) else []
    for request in done:
        ticket.close_request(request, Outcome.FULFILLED, "bot", now)
    confirm_unsubscribing(session, office, ticket, now, done=True)
    session.flush()
    queue_card(session, office, ticket, now)
    if done and ticket.is_closed:
        queue_thread_answer(session, ticket, f"closed-{len(ticket.events)}", f"*{ticket.reference}* is closed now.", now)


def _is_missing(session: Session, ticket: Ticket) -> bool:
    """Whether the tool has not heard of one of the ticket's channels yet."""
    mine = Notice.ticket_id == ticket.id, Notice.kind == SUPPRESSION, Notice.key.endswith(f":{SUPPRESSED}")
    return session.scalar(select(Notice.id).where(*mine, Notice.state != NoticeState.SENT).limit(1)) is not None


def _ticket(session: Session, notice: Notice) -> Ticket | None:
    """The one whose requester is to get no marketing; None for an event of another webhook."""
    ticket = session.get(Ticket, notice.ticket_id) if notice.ticket_id and notice.kind == SUPPRESSION else None
    return locked(session, ticket) if ticket is not None else None
