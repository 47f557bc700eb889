"""Request: one intent of a ticket, with its own clock and its own outcome."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EncryptedText, UtcDateTime


class Outcome(StrEnum):
    """How a request ended."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    REFUSED = "refused"
    NO_DATA = "no_data"  # a negative confirmation is a full answer (Art 15(1) GDPR)
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NOT_A_REQUEST = "not_a_request"


class Request(Base):
    """A request is open until it has an outcome. Dates are the controller's local days, instants are UTC."""

    __tablename__ = "requests"
    __table_args__ = (
        # the sweep for due reminders is one look into this index, however many tickets are closed
        Index("ix_requests_remind", "remind_at", sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float] = mapped_column(Float, default=0.0)
    evidence: Mapped[str | None] = mapped_column(EncryptedText("requests.evidence"))
    outcome: Mapped[Outcome | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    """Last local day to answer by law; None where no period runs or while it is paused."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The instant the period ends."""
    safest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The earlier of the due date and its rival reading; reminders count back from here."""
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the sweep looks at this request next."""
    extension_notice_by: Mapped[date | None] = mapped_column(Date)
    statute: Mapped[str] = mapped_column(String(200), default="")
    due_reason: Mapped[str] = mapped_column(Text, default="")
    rule_version: Mapped[str] = mapped_column(String(80), default="")

    @property
    def is_open(self) -> bool:
        """True until somebody gave it an outcome."""
        return self.outcome is None
