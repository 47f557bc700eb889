"""Backlog: old mail in mbox files and maildirs, told apart, dated and put in order without holding more than one mail in memory."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.reading.headers import parse_date
from bot.reading.mime import read_fields

BY_RECEIVED, BY_FROM_LINE, BY_DATE, BY_FILE, BY_SERVER = "Received", "From_ line", "Date", "file date", "INTERNALDATE"

_HEAD = 65_536
_LARGEST_HEAD = 1_000_000
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# RFC 4155 asks for `From jo@home.example Mon Nov 23 09:00:00 2026`, in UTC; some write a zone before or behind the year
_FROM_LINE = re.compile(
    rb"From .*?\b([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d)(?::(\d\d))?(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s+(\d{4})(?:\s+([+-]\d{4}))?"
)
_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")


class NoMailbox(ValueError):
    """What was named can't be imported; the message says what it is and what is allowed."""


@dataclass(frozen=True, slots=True)
class Old:
    """A mail of the backlog that was not read yet: when it was received (aware), by which rule, and where it lies."""

    received_at: datetime
    rule: str
    file: Path
    offset: int
    size: int
    escaped: bool = False
    """Lines that begin with `From ` bear a `>`, as in an mbox."""


class Store(Protocol):
    """A place with old mail."""

    def index(self, now: datetime) -> Iterator[Old]:
        """Each mail with its date. Raises OSError."""


def in_order(stores: Sequence[Store], now: datetime) -> list[Old]:
    """All mails, the oldest first: an answer must not come before what it answers. Raises OSError."""
    return sorted((old for store in stores for old in store.index(now)), key=lambda old: old.received_at)


@dataclass(frozen=True, slots=True)
class Mbox:
    """An mbox file (RFC 4155, and what Thunderbird and Google Takeout make of it)."""

    file: Path

    def check(self) -> None:
        """Raises NoMailbox, or OSError if it can't be read."""
        with self.file.open("rb") as opened:
            first = opened.readline(_HEAD)
        if first and not first.startswith(b"From "):
            raise NoMailbox(f"{self.file}: is not an mbox file: its first line must begin with 'From '")

    def index(self, now: datetime) -> Iterator[Old]:
        """Each mail with its date; the file is read once, line by line."""
        written = datetime.fromtimestamp(self.file.stat().st_mtime, UTC)
        with self.file.open("rb") as opened:
            for separator, offset, size in _cut(opened):
                opened.seek(offset)
                found = _dated(opened.read(min(size, _HEAD)), now)
                received_at, rule = _best(found, (_from_line_date(separator), BY_FROM_LINE), (written, BY_FILE), now)
                yield Old(received_at, rule, self.file, offset, size, escaped=True)
                opened.seek(offset + size)


@dataclass(frozen=True, slots=True)
class Maildir:
    """A maildir: a file a mail, in cur/ and new/."""

    folder: Path

    def check(self) -> None:
        """Raises NoMailbox."""
        if not all((self.folder / name).is_dir() for name in ("cur", "new")):
            raise NoMailbox(f"{self.folder}: is not a maildir: it must be a folder that holds cur/ and new/")

    def index(self, now: datetime) -> Iterator[Old]:
        """Each mail with its date; the file's own is when the server stored it, unless it was copied since."""
        for name in ("cur", "new"):
            for file in sorted((self.folder / name).iterdir()):
                if file.is_file() and not file.name.startswith("."):
                    yield self._dated(file, now)

    def _dated(self, file: Path, now: datetime) -> Old:
        status = file.stat()
        with file.open("rb") as opened:
            found = _dated(opened.read(_HEAD), now)
        stored = datetime.fromtimestamp(status.st_mtime, UTC)
        return Old(*_best(found, (stored, BY_FILE), (None, BY_FILE), now), file, 0, status.st_size)


def read(old: Old, largest: int) -> tuple[bytes, bool]:
    """The mail's bytes; of one larger than `largest` bytes its headers only, and True. Raises OSError."""
    with old.file.open("rb") as opened:
        opened.seek(old.offset)
        if old.size > largest:
            raw = opened.read(min(old.size, _LARGEST_HEAD))
            return raw[: read_fields(raw)[1]], True
        raw = opened.read(old.size)
    return _unescaped(raw) if old.escaped else raw, False


def _cut(opened: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Separator, offset and size of each mail. A line "From ..." in a text is none: it has no date, or no header follows it.

    What follows the file's first line is a mail, whatever it looks like. Where that line has no date, the others need none: else a file
    by a program with lines of its own would be one mail, or none at all.
    """
    separator, start, end, is_dated = b"", -1, 0, True
    position, waits, after_blank, line_begins = 0, b"", True, True
    while line := opened.readline(_HEAD):
        if waits and (start < 0 or _HEADER.match(line) or line.startswith(b">From ") or (is_dated and not line.strip())):
            if start >= 0:
                yield separator, start, end - start
                opened.seek(position + len(line))
            separator, start = waits, position
        is_dated = is_dated and (position > 0 or _separates(line))
        is_separator = line_begins and after_blank and (_separates(line) or (not is_dated and line.startswith(b"From ")))
        waits, end = (line, position) if is_separator else (b"", end)
        after_blank, line_begins = line_begins and not line.strip(), line.endswith(b"\n")
        position += len(line)
    if start >= 0:
        yield separator, start, position - start


def _separates(line: bytes) -> bool:
    return line.startswith(b"From ") and (line.strip() == b"From" or _FROM_LINE.match(line) is not None)


def _unescaped(raw: bytes) -> bytes:
    """One `>` taken off before each `From ` at a line's beginning, and the blank line that only ends the mail in its file."""
    raw = re.sub(rb"(?m)^>(?=>*From )", b"", raw)
    return re.sub(rb"(\r?\n)\r?\n\Z", rb"\1", raw)


def _dated(head: bytes, now: datetime) -> tuple[datetime, str] | None:
    """By the topmost Received line, which the receiving server wrote, or by the next one that makes sense."""
    fields = read_fields(head)[0]
    for name, values in (("received", fields.get("received", ())), ("date", fields.get("date", ()))):
        for value in values:
            moment = parse_date(value.rpartition(";")[2].strip() if name == "received" else value)
            if moment is not None and _makes_sense(moment, now):
                return moment, BY_RECEIVED if name == "received" else BY_DATE
    return None


def _best(found: tuple[datetime, str] | None, own: tuple[datetime | None, str], last: tuple[datetime | None, str], now: datetime
          ) -> tuple[datetime, str]:  # fmt: skip
    """Received, then what the store says, then the sender's own Date, which can be anything."""
    choices = [found] if found and found[1] == BY_RECEIVED else []
    choices += [(moment, rule) for moment, rule in (own,) if moment is not None]
    choices += [found] if found and found[1] == BY_DATE else []
    choices += [(moment, rule) for moment, rule in (last,) if moment is not None]
    moment, rule = next((choice for choice in choices if _makes_sense(choice[0], now)), (now, BY_FILE))
    return min(moment, now), rule


def _makes_sense(moment: datetime, now: datetime) -> bool:
    return _OLDEST <= moment <= now + timedelta(days=1)


def _from_line_date(line: bytes) -> datetime | None:
    if (found := _FROM_LINE.match(line)) is None:
        return None
    month, day, hour, minute, second, zone, year, late_zone = (part.decode() if part else "" for part in found.groups())
    if month not in _MONTHS:
        return None
    try:
        moment = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    return moment.replace(tzinfo=_zone(late_zone or zone)).astimezone(UTC)


def _zone(written: str) -> timezone:
    """`+0200`; names of zones mean too many things to be believed."""
    if not re.fullmatch(r"[+-]\d{4}", written) or int(written[1:3]) > 23:
        return UTC
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[3:]))
    return timezone(-ahead if written[0] == "-" else ahead)
