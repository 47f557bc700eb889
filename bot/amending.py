"""Amending: what becomes of a ticket when the colleague's post that opened or joined it is edited or deleted in Slack."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.clerk import intents_of, locked
from bot.inquiry import Inquiry
from bot.intake import Filed, Filing, file_inquiry, open_ticket
from bot.joining import asks_nothing, heed, tell_handler
from bot.notices import queue_card
from bot.office import Office
from bot.posted import learn_requester
from bot.posting import EARLIER, OVERLAP_SECONDS, Post, mark_name
from bot.screening import Verdict
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Direction, Mark, Message, Status, Ticket

_EDITED = "the edited post"
_OPENED_LATE = "asked for only when its post was edited: set the true receipt if that counts"


def amend(
    session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, edited: str, now: datetime
) -> Filed:
    """Put a post's new words in the place of the old ones, which are kept; `edited`: Slack's time stamp of the edit.

    What is asked is read anew and proposed on the card; no request is added or dropped by an edit. A post that was put aside because
    it asked nothing opens its ticket now if it asks something.
    """
    message = session.scalar(select(Message).where(Message.external_id == inquiry.external_id).with_for_update())
    if message is None:
        is_new = _is_within_reach(session, inquiry, now)
        return file_inquiry(session, office, inquiry, verdict, prediction, now) if is_new else Filed(Filing.IGNORED, None, "an old post")
    ticket = locked(session, session.get_one(Ticket, message.ticket_id)) if message.ticket_id else None
    reference = ticket.reference if ticket else None
    if (message.body or "") == inquiry.body or edited <= _last_edit(session, inquiry):
        return Filed(Filing.KNOWN, reference, "no new words")
    earlier = _keep_earlier(message, inquiry, edited)
    if ticket is not None:
        ticket.messages.append(earlier)
        return _read_again(session, office, ticket, message, inquiry, prediction, now)
    session.add(earlier)
    return _open_after_all(session, office, message, inquiry, verdict, prediction, now)


def withdraw(session: Session, office: Office, post: Post, now: datetime) -> Filed:
    """A post is gone: journalled and told, once. The ticket stays as it is, for a person to decide: what was asked was asked."""
    known_as = f"s:{post.event['channel']}:{post.event['ts']}"
    message = session.scalar(select(Message).where(Message.external_id == known_as))
    if message is None or message.ticket_id is None:
        return Filed(Filing.IGNORED, None, "no post of ours")
    ticket = locked(session, session.get_one(Ticket, message.ticket_id))
    if any(event.kind == "post_deleted" and event.detail.get("message") == message.id for event in ticket.events):
        return Filed(Filing.KNOWN, ticket.reference, "known to be gone")
    ticket.record("post_deleted", f"slack:{post.user}" if post.user else "bot", now, message=message.id)
    which = "the post that opened it" if ticket.first_inbound is message else "a post in its thread"
    ticket.warn(f"{which} was deleted in Slack: see whether the request stands")
    queue_card(session, office, ticket, now)
    words = f"{which.capitalize()} was deleted in Slack. The ticket stays; a person decides."
    tell_handler(session, office, ticket, f"deleted-{message.id}", words, now)
    return Filed(Filing.DELETED, ticket.reference)


def open_threads(session: Session, office: Office, channel: str, now: datetime) -> Sequence[str]:
    """The threads of a channel in which something may still be added: of tickets that are open, or were until lately."""
    lately = Ticket.closed_at > now - office.config.threads.reopen_within
    mine = select(Ticket.slack_thread).where(Ticket.slack_channel == channel, Ticket.slack_thread.is_not(None))
    return [thread for thread in session.scalars(mine.where(or_(Ticket.status != Status.CLOSED, lately))) if thread]


def _is_within_reach(session: Session, inquiry: Inquiry, now: datetime) -> bool:
    """An edit can overtake its post; but who mends an old post, of before the bot came, opens no ticket with that."""
    mark = session.get(Mark, mark_name(inquiry.place.channel)) if inquiry.place else None
    read_to = float(mark.value) if mark else now.timestamp()
    return inquiry.received_at.timestamp() >= read_to - OVERLAP_SECONDS


def _last_edit(session: Session, inquiry: Inquiry) -> str:
    """The time stamp of the newest edit that was taken in; events can overtake one another."""
    mine = select(func.max(Message.external_id)).where(Message.external_id.like(f"e:{inquiry.external_id}:%"))
    return (session.scalar(mine) or "").rpartition(":")[2]


def _keep_earlier(message: Message, inquiry: Inquiry, edited: str) -> Message:
    """The words before the edit as a message of their own; the post's row takes the new ones."""
    earlier = Message(
        external_id=f"e:{inquiry.external_id}:{edited}", direction=Direction.OUT, source=message.source, received_at=message.received_at,
        rule=message.rule, kind=EARLIER, text=message.text, body=message.body,
    )  # fmt: skip
    message.text, message.body = inquiry.text, inquiry.body
    return earlier


def _open_after_all(
    session: Session, office: Office, message: Message, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime
) -> Filed:
    """The clock starts with the post, the safe reading, as long as no colleague says otherwise."""
    if asks_nothing(inquiry, verdict, prediction):
        return Filed(Filing.EDITED, None, "still asks nothing")
    message.decision = verdict.decision.value
    filed = open_ticket(session, office, inquiry, verdict, prediction, message, now)
    ticket = session.get_one(Ticket, message.ticket_id)
    ticket.warn(_OPENED_LATE)
    queue_card(session, office, ticket, now)
    return filed


def _read_again(
    session: Session, office: Office, ticket: Ticket, message: Message, inquiry: Inquiry, prediction: Prediction, now: datetime
) -> Filed:
    versions = sum(1 for event in ticket.events if event.kind == "post_edited") + 1
    ticket.record("post_edited", f"slack:{inquiry.place.user}" if inquiry.place else "bot", now, message=message.id)
    opened = ticket.first_inbound is message
    if opened:
        ticket.lift_warnings(_EDITED)
        _propose(ticket, prediction)
    learn_requester(session, office, ticket, inquiry, now)
    session.flush()
    heed(session, office, ticket, prediction, message, now, what=_EDITED if opened else "an edited post")
    queue_card(session, office, ticket, now)
    words = f"{'The post that opened it' if opened else 'A post in its thread'} was edited in Slack. Please look what it asks for now."
    tell_handler(session, office, ticket, f"edited-{message.id}-{versions}", words, now)
    return Filed(Filing.EDITED, ticket.reference)


def _propose(ticket: Ticket, prediction: Prediction) -> None:
    """What the new words seem to ask, for a person to decide: an edit takes no right away."""
    asked = set(prediction.intents) - {Intent.OTHER}
    if prediction.unclear:
        ticket.warn(f"{_EDITED} leaves unclear what is asked")
    elif ticket.unclear and asked:
        ticket.warn(f"{_EDITED} seems to ask for: {_named(prediction.intents)}")
    dropped = [intent for intent in intents_of(ticket.open_requests) if intent not in asked and intent is not Intent.OTHER]
    if dropped and not prediction.unclear:
        ticket.warn(f"{_EDITED} no longer asks for: {_named(dropped)}; nothing was closed")


def _named(intents: Sequence[Intent]) -> str:
    return ", ".join(intent.value.replace("_", " ") for intent in intents)
