"""Journal: proves that no line of any ticket's journal was altered, removed, inserted or moved, and that no ticket is gone."""

import json
import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, cast, select, type_coerce
from sqlalchemy.orm import Session

from bot.clerk import REFERENCE
from models import Counter, Event, Journal, Ticket, Vault
from models.journal import chained, sealed_counter, sealed_head, sealed_line

_AT_ONCE = 2000
_YEAR = re.compile(r"PRV-\d{4}")
HOW = {
    "altered": "was altered",
    "missing": "is missing",
    "inserted": "was inserted",
    "reordered": "stands in another's place",
    "truncated": "is missing, with all that followed: the journal was cut off",
    "end_altered": "or a later one may be missing: what says where the journal ends was altered",
    "ticket_missing": "the ticket is gone and was not purged",
    "ticket_inserted": "the ticket was not opened by this program",
    "counter_altered": "what says how many tickets there were was altered",
}
"""How a journal can be broken, by its code; the first six are said of a line."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a journal, or the register of tickets, is not as we left it. `line` counts from 1; 0: the whole ticket."""

    reference: str
    line: int
    how: str

    def __str__(self) -> str:
        return f"{self.reference}: line {self.line} {HOW[self.how]}" if self.line else f"{self.reference}: {HOW[self.how]}"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal as the database gives it."""

    reference: str
    length: int
    hash: str
    seal: str
    purged_at: datetime | None

    def is_ours(self, vault: Vault) -> bool:
        """Whether we sealed it."""
        return self.seal == vault.seal(sealed_head(self.reference, self.length, self.hash, self.purged_at))


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the database gives it; what can't be read is None."""

    number: object
    at: datetime | None
    kind: str
    actor: str
    detail: Mapping[str, Any] | None
    hash: str
    seal: str

    def follows(self, before: str, reference: str) -> bool:
        """Whether its hash is that of its content and of the line before it."""
        if self.at is None or self.detail is None or not isinstance(self.number, int):
            return False
        return self.hash == chained(before, reference, self.number, self.at, self.kind, self.actor, self.detail)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at the journals found: how many there are, of how many lines, how many were purged, and what is broken."""

    tickets: int
    lines: int
    purged: int
    breaks: tuple[Break, ...]


def verify(session: Session, vault: Vault) -> Verification:
    """Look at every line of every journal, streaming. The session should see one state of the database: `models.base.snapshot_of`."""
    breaks: list[Break] = []
    tickets = lines = 0
    for head, reference, found in _journals(session):
        tickets += 1
        lines += len(found)
        breaks += _first_break(vault, reference, head, found)
    purged, gone = _without_ticket(session, vault)
    every = (*breaks, *gone, *_counters(session, vault))
    return Verification(tickets, lines, purged, tuple(dict.fromkeys(every)))


def verify_one(session: Session, vault: Vault, reference: str) -> Verification | None:
    """The same for the journal of one ticket; None when there never was such a ticket."""
    head = _head(session.execute(_heads().where(Journal.reference == reference)).first())
    ticket = session.scalar(select(Ticket.id).where(Ticket.reference == reference))
    if ticket is None and head is None:
        lost = [broken for broken in _counters(session, vault) if broken.reference == reference]
        return Verification(0, 0, 0, tuple(lost)) if lost else None
    if ticket is None:
        assert head is not None
        return Verification(0, 0, int(head.purged_at is not None), tuple(_of_purged(vault, head)))
    found = lines_of(session, ticket)
    return Verification(1, len(found), 0, tuple(_first_break(vault, reference, head, found)))


def head_of(session: Session, reference: str) -> Head | None:
    """Where the journal of a ticket ends, be the ticket there or purged."""
    return _head(session.execute(_heads().where(Journal.reference == reference)).first())


def lines_of(session: Session, ticket_id: int) -> list[Line]:
    """The lines of one journal in the order they were written."""
    return [_line(row) for row in session.execute(_lines().where(Event.ticket_id == ticket_id))]


def _first_break(vault: Vault, reference: str, head: Head | None, lines: Sequence[Line]) -> Iterator[Break]:
    """At most one: what follows on it proves nothing."""
    if head is None or head.purged_at is not None:
        yield Break(reference, 0, "ticket_inserted")
        return
    before, numbers = "", Tally(line.number for line in lines)
    for place, line in enumerate(lines, 1):
        ours = line.seal == vault.seal(sealed_line(line.hash))
        if line.number != place:
            yield Break(reference, place, _out_of_place(line, place, numbers, ours=ours))
            return
        if not ours or not line.follows(before, reference):
            yield Break(reference, place, "inserted" if place > head.length or numbers[place] > 1 else "altered")
            return
        before = line.hash
    if len(lines) < head.length:
        yield Break(reference, len(lines) + 1, "truncated")
    elif (len(lines), before) != (head.length, head.hash) or not head.is_ours(vault):
        yield Break(reference, len(lines) + 1, "end_altered")


def _out_of_place(line: Line, place: int, numbers: Tally[object], *, ours: bool) -> str:
    later = isinstance(line.number, int) and line.number > place
    if not ours or not later or numbers[line.number] > 1:
        return "inserted"
    return "reordered" if numbers[place] else "missing"


def _journals(session: Session) -> Iterator[tuple[Head | None, str, list[Line]]]:
    """Every ticket with its head and its lines, in the order of their ids: two streams, merged."""
    heads = select(Ticket.id, Ticket.reference.label("ticket"), *_HEAD).outerjoin(Journal, Journal.reference == Ticket.reference)
    tickets = session.execute(heads.order_by(Ticket.id), execution_options={"yield_per": _AT_ONCE})
    rows = session.execute(_lines(), execution_options={"yield_per": _AT_ONCE})
    groups = groupby(rows, key=lambda row: row.ticket_id)
    group = next(groups, None)
    for ticket in tickets:
        lines: list[Line] = []
        if group is not None and group[0] == ticket.id:
            lines = [_line(row) for row in group[1]]
            group = next(groups, None)
        yield _head(ticket), ticket.ticket, lines


_HEAD = (Journal.reference, Journal.length, Journal.hash, Journal.seal, Journal.purged_at)


def _heads() -> Select[*tuple[Any, ...]]:
    return select(*_HEAD)


def _head(row: Any) -> Head | None:
    return Head(row.reference, row.length, row.hash, row.seal, row.purged_at) if row is not None and row.reference is not None else None


def _lines() -> Select[*tuple[Any, ...]]:
    """As plain as the database has them: somebody may have written what our types can't read. Lines without a ticket are nobody's."""
    as_written = type_coerce(Event.at, String).label("at"), cast(Event.detail, String).label("detail")
    columns = (Event.ticket_id, Event.number, *as_written, Event.kind, Event.actor, Event.hash, Event.seal)
    return select(*columns).where(Event.ticket_id.in_(select(Ticket.id))).order_by(Event.ticket_id, Event.id)


def _line(row: Any) -> Line:
    return Line(row.number, _instant(row.at), row.kind, row.actor, _detail(row.detail), row.hash, row.seal)


def _instant(written: object) -> datetime | None:
    """SQLite keeps a text without zone, which is UTC."""
    try:
        at = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _detail(written: str | None) -> Mapping[str, Any] | None:
    try:
        detail = json.loads(written or "null")
    except (ValueError, RecursionError):
        return None
    return detail if isinstance(detail, dict) else None


def _without_ticket(session: Session, vault: Vault) -> tuple[int, list[Break]]:
    """How many tickets were purged, and which are gone without."""
    purged, breaks = 0, list[Break]()
    gone = _heads().outerjoin(Ticket, Ticket.reference == Journal.reference).where(Ticket.id.is_(None)).order_by(Journal.reference)
    for row in session.execute(gone, execution_options={"yield_per": _AT_ONCE}):
        head = _head(row)
        assert head is not None
        purged += head.purged_at is not None
        breaks += _of_purged(vault, head)
    return purged, breaks


def _of_purged(vault: Vault, head: Head) -> Iterator[Break]:
    if head.purged_at is None or not head.is_ours(vault):
        yield Break(head.reference, 0, "ticket_missing")


def _counters(session: Session, vault: Vault) -> Iterator[Break]:
    """Tickets are numbered without a gap: each number of a year has a journal, if only the head of a purged one."""
    sealed = {row.name: row for row in session.execute(select(Counter.name, Counter.value, Counter.seal)) if _YEAR.fullmatch(row.name)}
    there = session.scalars(select(Journal.reference).order_by(Journal.reference), execution_options={"yield_per": _AT_ONCE})
    numbers: dict[str, set[int]] = {}
    for reference in there:
        if REFERENCE.fullmatch(reference) is None:
            yield Break(reference, 0, "ticket_inserted")
            continue
        year, _, number = reference.rpartition("-")
        numbers.setdefault(year, set()).add(int(number))
    for year in sorted(sealed.keys() | numbers.keys()):
        row = sealed.get(year)
        if row is None or row.seal != vault.seal(sealed_counter(year, row.value)):
            yield Break(year, 0, "counter_altered")
        yield from _gaps(year, row.value if row else 0, numbers.get(year, set()))


def _gaps(year: str, drawn: int, there: Iterable[int]) -> Iterator[Break]:
    known = set(there)
    yield from (Break(f"{year}-{number:05d}", 0, "ticket_missing") for number in range(1, drawn + 1) if number not in known)
    yield from (Break(f"{year}-{number:05d}", 0, "ticket_inserted") for number in sorted(known) if number > drawn)
