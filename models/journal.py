"""Journal: the head of a ticket's chain of events; it outlives the ticket, so that what was deleted lawfully is told from what was not."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Seal, UtcDateTime
from models.event import Event
from models.vault import Vault

_FORMAT = "privacybot-journal-1"
BROKEN = "broken"
"""Sealed instead of what follows on something that was not as we left it."""


class Journal(Base):
    """How long a ticket's journal is, and the hash of its last line; sealed, so that a shorter one can't be passed off as whole."""

    __tablename__ = "journals"

    reference: Mapped[str] = mapped_column(String(20), primary_key=True)
    length: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(Seal)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the ticket was deleted because its keeping time was over; its lines are gone with it."""

    _broken = False

    @classmethod
    def new(cls, reference: str) -> Self:
        """The journal of a new ticket, without a line."""
        journal = cls(reference=reference, length=0, hash="", purged_at=None)
        journal._close_up()
        return journal

    def line(self, kind: str, actor: str, at: datetime, detail: dict[str, Any]) -> Event:
        """The next line, chained to the last one. The ticket must be kept from others until the commit."""
        self.length += 1
        self.hash = chained(self.hash, self.reference, self.length, at, kind, actor, detail)
        self._close_up()
        return Event(kind=kind, actor=actor, at=at, detail=detail, number=self.length, hash=self.hash, seal=sealed_line(self.hash))

    def check(self, vault: Vault) -> None:
        """Look whether the head that the database gave is the one we left; if not, no later line may make it look whole again."""
        self._broken = self.seal != vault.seal(sealed_head(self.reference, self.length, self.hash, self.purged_at))

    def bury(self, now: datetime) -> None:
        """The ticket is deleted lawfully; what is left says how long its journal was, and how it ended."""
        self.purged_at = now
        self._close_up()

    def _close_up(self) -> None:
        self.seal = BROKEN if self._broken else sealed_head(self.reference, self.length, self.hash, self.purged_at)


def chained(before: str, reference: str, number: int, at: datetime, kind: str, actor: str, detail: Mapping[str, Any]) -> str:
    """The hash of a line: SHA-256, in hex, of a JSON list in ASCII without spaces and with sorted keys. `docs/journal.md` has an example.

    `before`: the hash of the line before it, empty for the first. Times are written in UTC with microseconds.
    """
    line = [_FORMAT, before, reference, number, written(at), kind, actor, detail]
    return sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def written(at: datetime) -> str:
    """`2026-11-23T09:00:00.000000+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed_line(line_hash: str) -> str:
    """What the seal of a line says."""
    return f"line {line_hash}"


def sealed_head(reference: str, length: int, last_hash: str, purged_at: datetime | None) -> str:
    """What the seal of a journal's head says."""
    return f"journal {reference} {length} {last_hash} {written(purged_at) if purged_at else '-'}"


def sealed_counter(name: str, value: int) -> str:
    """What the seal of a year's counter of tickets says: the last ticket can't go unnoticed either."""
    return f"counter {name} {value}"
