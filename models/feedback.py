"""Feedback: what the bot had read in a message against what a person says it asks for; later training learns from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Feedback(Base):
    """One correction. The text stays with its message, and when that is purged this goes, too."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    """`slack:U123`."""
    model: Mapped[str] = mapped_column(String(80))
    """The version of the model that had read it."""
    language: Mapped[str] = mapped_column(String(5))
    predicted: Mapped[list[str]] = mapped_column(JSON)
    """The intents that the model named, the likeliest first."""
    scores: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Intent -> 0 to 1, those that count for something."""
    unclear: Mapped[bool]
    corrected: Mapped[list[str]] = mapped_column(JSON)
    """The intents that the person named."""
    regime_before: Mapped[str] = mapped_column(String(20))
    regime: Mapped[str] = mapped_column(String(20))
    """The law before and after."""
