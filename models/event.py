"""Event: one line of a ticket's journal; appended, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Event(Base):
    """What happened to a ticket, when and by whom; `detail` holds figures and codes, never text, names or addresses."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    """`bot`, `requester`, `slack:U123` or `cli`."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
