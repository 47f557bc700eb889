"""Notice: something to be told, a row before it is a message; the outbox is the set of its unsettled rows."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EncryptedJson, UtcDateTime


class Carrier(StrEnum):
    """Who takes a notice to its reader; a webhook's `kind` is its name."""

    MAIL = "mail"
    SLACK = "slack"
    WEBHOOK = "webhook"


class NoticeState(StrEnum):
    """Where a notice stands: queued -> claimed -> sent, or failed (the other side refused it for good), or superseded by a newer one."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class Notice(Base):
    """`key` is UNIQUE: a notice can be decided any number of times and exists once. Notices of one `lane` leave in order."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_outbox", "state", "due_at"), Index("ix_notices_lane", "lane", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    lane: Mapped[str] = mapped_column(String(120))
    carrier: Mapped[Carrier] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("notices.payload"))
    state: Mapped[NoticeState] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[str | None] = mapped_column(String(200))
    """What the other side calls it: `channel:ts` in Slack; never an address."""
    error: Mapped[str | None] = mapped_column(String(200))
    """The last failure as a code or class name, never text from outside."""

    @classmethod
    def queue(
        cls, key: str, carrier: Carrier, kind: str, payload: dict[str, Any], now: datetime, *, lane: str = "", ticket_id: int | None = None
    ) -> Self:
        """A new notice, ready to be delivered at once; without a `lane` it stands in its own."""
        return cls(
            key=key, lane=lane or key, carrier=carrier, kind=kind, payload=payload, ticket_id=ticket_id,
            state=NoticeState.QUEUED, created_at=now, due_at=now, attempts=0,
        )  # fmt: skip

    def settle(self, receipt: str, now: datetime) -> None:
        """The other side has it."""
        self.state, self.receipt, self.settled_at, self.error = NoticeState.SENT, receipt, now, None

    def retry(self, error: str, now: datetime, after: timedelta) -> None:
        """It could not be told now; it goes back into the queue for `after`."""
        self.state, self.error, self.due_at, self.claimed_at = NoticeState.QUEUED, error, now + after, None

    def fail(self, error: str, now: datetime) -> None:
        """The other side refused it for good."""
        self.state, self.error, self.settled_at = NoticeState.FAILED, error, now

    def supersede(self, now: datetime) -> None:
        """A newer notice of the same lane says it better."""
        self.state, self.settled_at = NoticeState.SUPERSEDED, now
