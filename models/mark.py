"""Marks and counters: the few single values the bot keeps, such as a key check or the last number of a year."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Seal


class Mark(Base):
    """A named value without personal data."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(String(500))


class Counter(Base):
    """A number that only grows, raised under a row lock so that two workers never draw the same."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int]
    seal: Mapped[str | None] = mapped_column(Seal)
    """`models.journal.sealed_counter`."""
