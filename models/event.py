"""Event: one line of a ticket's journal; appended, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Seal, UtcDateTime


class Event(Base):
    """What happened to a ticket, when and by whom; `detail` holds figures and codes, never text, names or addresses.

    Made by `models.journal` alone, which chains each line to the one before it.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    """`bot`, `requester`, `slack:U123` or `cli`."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    number: Mapped[int]
    """Its place in the ticket's journal, from 1."""
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the line and of the hash of the line before it."""
    seal: Mapped[str] = mapped_column(Seal)
    """Keyed hash of `hash`: without the key nobody can chain the journal anew."""
