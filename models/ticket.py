"""Ticket: our tracked record of what one person asked for; changes of state are its methods, each leaves an event."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from models.base import Base, EncryptedText, UtcDateTime, vault_of
from models.event import Event
from models.journal import Journal
from models.message import Direction, Message
from models.request import Outcome, Request

_HELD = "journals held"


class Status(StrEnum):
    """Where a ticket stands; how its requests ended is their outcome."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    CLOSED = "closed"


class IllegalTransition(ValueError):
    """A step the ticket's state forbids; the message is fit to be shown to staff."""


class Ticket(Base):
    """One matter of one person; it is closed when each of its requests has an outcome."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_status_due", "status", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    source: Mapped[str] = mapped_column(String(10))
    status: Mapped[Status] = mapped_column(String(12))
    regime: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the first message reached the official channel; the clocks start here."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The earliest legal end among the open requests."""
    handler: Mapped[str | None] = mapped_column(String(40), index=True)
    """Slack user id of the colleague who has it."""
    unclear: Mapped[bool] = mapped_column(Boolean)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    card_version: Mapped[int]
    requester_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    requester: Mapped[str | None] = mapped_column(EncryptedText("tickets.requester"))
    requester_name: Mapped[str | None] = mapped_column(EncryptedText("tickets.requester_name"))
    subject: Mapped[str | None] = mapped_column(EncryptedText("tickets.subject"))
    mailbox: Mapped[str | None] = mapped_column(String(40))
    """The name of the mailbox that its first message came to; None: by Slack, or before there were several."""
    slack_channel: Mapped[str | None] = mapped_column(String(20))
    slack_thread: Mapped[str | None] = mapped_column(String(30))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    webhook_number: Mapped[int] = mapped_column(server_default="0")
    """How many times webhooks were told how it stands."""
    webhook_hash: Mapped[str | None] = mapped_column(String(64))
    """Hash of what they were told last; None: of this ticket nothing yet."""

    merged_into: Mapped["Ticket | None"] = relationship(remote_side="Ticket.id")
    """The ticket in which the matter of this duplicate goes on."""
    requests: Mapped[list[Request]] = relationship(cascade="all, delete-orphan", order_by=Request.id)
    messages: Mapped[list[Message]] = relationship(order_by=Message.id)
    events: Mapped[list[Event]] = relationship(cascade="all, delete-orphan", order_by=Event.id)
    journal: Mapped[Journal | None] = relationship(
        primaryjoin="foreign(Journal.reference) == Ticket.reference", uselist=False, passive_deletes="all"
    )
    """The head of the chain of `events`; not deleted with the ticket."""

    @classmethod
    def open(cls, reference: str, *, source: str, regime: str, language: str, received_at: datetime, now: datetime) -> Self:
        """A new ticket; `mapped_column(default=)` applies only at flush, so the whole state is set here."""
        ticket = cls(
            reference=reference, source=source, regime=regime, language=language, received_at=received_at, opened_at=now,
            status=Status.OPEN, unclear=False, warnings=[], card_version=0, webhook_number=0, journal=Journal.new(reference),
        )  # fmt: skip
        ticket.record("opened", "bot", now, source=source)
        return ticket

    @property
    def is_closed(self) -> bool:
        """True when every request has an outcome."""
        return self.status == Status.CLOSED

    @property
    def open_requests(self) -> list[Request]:
        """The requests without an outcome."""
        return [request for request in self.requests if request.is_open]

    @property
    def outcome(self) -> Outcome | None:
        """One word for how a closed ticket ended: of what was done and what was not; the rest counts only where there is nothing else."""
        outcomes = {Outcome(request.outcome) for request in self.requests if request.outcome}
        if not self.is_closed or not outcomes:
            return None
        if Outcome.PARTLY in outcomes or outcomes >= {Outcome.FULFILLED, Outcome.REFUSED}:
            return Outcome.PARTLY
        return next(outcome for outcome in Outcome if outcome in outcomes)  # in the order of the table: fulfilled, refused, ...

    @property
    def first_inbound(self) -> Message | None:
        """The message that opened the ticket."""
        return next((message for message in self.messages if message.direction == Direction.IN), None)

    @property
    def last_inbound(self) -> Message | None:
        """The newest message from outside."""
        return next((message for message in reversed(self.messages) if message.direction == Direction.IN), None)

    @property
    def current(self) -> "Ticket":
        """Where the matter goes on: this ticket, or the one that it was merged into at last."""
        return self if self.merged_into is None else self.merged_into.current

    def record(self, kind: str, actor: str, now: datetime, **detail: Any) -> Event:
        """Append to the journal; `detail` holds codes and figures only."""
        session = object_session(self)
        if session is not None and inspect(self).persistent:
            self._hold(session)
        if self.journal is None:  # somebody took it away: the work goes on, and `journal verify` tells of it
            self.journal = Journal.new(self.reference)
        event = self.journal.line(kind, actor, now, detail)
        self.events.append(event)
        return event

    def _hold(self, session: Session) -> None:
        """Keep the ticket from others until the commit, and see the last line of its journal; once in a transaction.

        SQLite's one write lock is taken at BEGIN; PostgreSQL needs the row's.
        """
        transaction, held = session.info.get(_HELD, (None, set()))
        if transaction is not None and transaction is session.get_transaction() and self.reference in held:
            return
        with session.no_autoflush:
            session.execute(select(Ticket.id).where(Ticket.id == self.id).with_for_update(key_share=True))
            if self.journal is not None:
                session.refresh(self.journal)
                self.journal.check(vault_of(session.get_bind().dialect))
        now_in = session.get_transaction()
        session.info[_HELD] = (now_in, held | {self.reference} if now_in is transaction else {self.reference})

    def warn(self, warning: str) -> None:
        """Put a warning on the card, once."""
        if warning not in self.warnings:
            self.warnings = [*self.warnings, warning]

    def lift_warnings(self, *beginnings: str) -> None:
        """Take the warnings that begin so off the card."""
        self.warnings = [warning for warning in self.warnings if not warning.startswith(beginnings)]

    def claim(self, handler: str, actor: str, now: datetime) -> None:
        """Give the ticket to a handler. Raises IllegalTransition when closed, or when that handler has it already."""
        self._must_be_open("claimed")
        if self.handler == handler:
            raise IllegalTransition(f"{self.reference} is already with this handler.")
        self.record("claimed", actor, now, handler=handler, before=self.handler)
        self.handler = handler
        if self.status == Status.OPEN:
            self.status = Status.IN_PROGRESS

    def hand_over(self, handler: str | None, actor: str, now: datetime) -> None:
        """Give the ticket to another handler, or to nobody. Raises IllegalTransition when closed, or when nothing would change."""
        self._must_be_open("handed over")
        if self.handler == handler:
            raise IllegalTransition(f"{self.reference} is with {'that handler' if handler else 'nobody'} already.")
        self.record("handed_over" if handler else "given_back", actor, now, handler=handler, before=self.handler)
        self.handler = handler
        if self.status in (Status.OPEN, Status.IN_PROGRESS):
            self.status = Status.IN_PROGRESS if handler else Status.OPEN

    def merge_into(self, survivor: "Ticket", actor: str, now: datetime) -> None:
        """Close this duplicate for good; in `survivor`, the earlier receipt counts. Raises IllegalTransition when that can't be."""
        for ticket in (self, survivor):
            ticket._must_be_open("merged")
        if survivor is self:
            raise IllegalTransition(f"{self.reference} can't be merged into itself.")
        self.record("merged", actor, now, into=survivor.reference)
        before, survivor.received_at = survivor.received_at, min(self.received_at, survivor.received_at)
        survivor.record("took_in", actor, now, other=self.reference, before=before.isoformat(), after=survivor.received_at.isoformat())
        for request in self.open_requests:
            self.close_request(request, Outcome.DUPLICATE, actor, now)
        self.merged_into = survivor

    def wait(self, actor: str, now: datetime, reason: str) -> None:
        """We wait for the requester; the legal pause, if any, is a clock event of its own."""
        self._must_be_open("set to waiting")
        self.status = Status.WAITING
        self.record("waiting", actor, now, reason=reason)

    def resume(self, actor: str, now: datetime) -> None:
        """Something came in, or a person takes it up again."""
        self._must_be_open("resumed")
        self.status = Status.IN_PROGRESS if self.handler else Status.OPEN
        self.record("resumed", actor, now)

    def close_request(self, request: Request, outcome: Outcome, actor: str, now: datetime) -> None:
        """Give one request its outcome; with the last one the ticket closes. Raises IllegalTransition when it has one."""
        if request not in self.requests:
            raise IllegalTransition(f"{self.reference} has no such request.")
        if not request.is_open:
            raise IllegalTransition(f"{self.reference}: {request.intent} is already closed as {request.outcome}.")
        request.outcome, request.closed_at, request.remind_at = outcome, now, None
        self.record("request_closed", actor, now, intent=request.intent, outcome=outcome)
        self.refresh_due()
        if not self.open_requests:
            self.status, self.closed_at = Status.CLOSED, now
            self.record("closed", actor, now)

    def reopen(self, actor: str, now: datetime, reason: str) -> None:
        """Take a closed ticket up again; its requests lose their outcomes, the due dates stay what the law says."""
        if not self.is_closed:
            raise IllegalTransition(f"{self.reference} is not closed.")
        if self.merged_into is not None:
            raise IllegalTransition(f"{self.reference} was merged into {self.merged_into.reference} and can't be reopened; go on there.")
        self.status = Status.IN_PROGRESS if self.handler else Status.OPEN
        self.closed_at = None
        for request in self.requests:
            request.outcome, request.closed_at, request.remind_at = None, None, now
        self.record("reopened", actor, now, reason=reason)
        self.refresh_due()

    def refresh_due(self) -> None:
        """Set `due_at` to the earliest legal end among the open requests."""
        self.due_at = min((request.due_at for request in self.open_requests if request.due_at), default=None)

    def _must_be_open(self, verb: str) -> None:
        if self.merged_into is not None:
            raise IllegalTransition(f"{self.reference} was merged into {self.merged_into.reference}; go on there.")
        if self.is_closed:
            raise IllegalTransition(f"{self.reference} is closed and can't be {verb}; reopen it first.")
