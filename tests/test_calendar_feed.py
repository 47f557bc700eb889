"""The calendar file: every open due date as one entry, nothing personal, rewritten only when something changed."""

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from icalendar import Event as Entry

from bot.calendar_feed import draw, due_dates
from intents.catalog import Intent
from tests.builders import MONDAY, Bench, mail, sqlite_url
from tests.filing import close, opened, request_ids, take


def feed(bench: Bench) -> bytes:
    """The file as it would be written now."""
    return bench.app.read(lambda session: draw(due_dates(session, bench.app.office, bench.clock())))  # type: ignore[no-any-return]


def entries(content: bytes) -> list[Entry]:
    """What a calendar program finds in the file."""
    return Calendar.from_ical(content).events


def text(entry: Entry, name: str) -> str:
    return str(entry[name])


class TestEntries:
    def test_a_date_is_a_whole_day(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ERASURE)
        [entry] = entries(feed(any_bench))
        assert entry.decoded("dtstart") == date(2026, 12, 23)
        assert "dtend" not in entry
        assert text(entry, "summary") == "PRV-2026-00001 erasure due"

    def test_a_clock_in_hours_is_a_moment(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.BREACH_REPORT)
        [entry] = entries(feed(any_bench))
        assert entry.decoded("dtstart") == MONDAY + timedelta(hours=72)
        assert text(entry, "summary") == "PRV-2026-00001 breach report due"

    def test_a_clock_in_hours_that_ends_at_midnight_is_a_moment_too(self, bench: Bench) -> None:
        opened(bench, Intent.BREACH_REPORT, at=datetime(2026, 11, 22, 23, tzinfo=UTC))  # midnight in Berlin
        [entry] = entries(feed(bench))
        assert entry.decoded("dtstart") == datetime(2026, 11, 25, 23, tzinfo=UTC)

    def test_says_law_statute_reason_and_status(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        description = text(entries(feed(bench))[0], "description").splitlines()
        assert description == [
            "Law: the GDPR",
            "Statute: GDPR Art 12(3), 15; Reg. 1182/71 Art 3",
            "Reason: received Mon 2026-11-23 (Europe/Berlin); 1 month until Wed 2026-12-23",
            "Status: open",
        ]

    def test_says_who_is_at_it_only_by_the_status_and_when_it_is_overdue(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("claim", reference, "U1")
        assert text(entries(feed(bench))[0], "description").endswith("Status: in progress")
        bench.clock.at = datetime(2026, 12, 23, 22, 59, tzinfo=UTC)
        assert text(entries(feed(bench))[0], "description").endswith("Status: in progress")
        bench.clock.at = datetime(2026, 12, 23, 23, tzinfo=UTC)
        assert text(entries(feed(bench))[0], "description").endswith("Status: in progress, overdue")

    def test_are_one_for_each_request_the_earliest_first(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS, Intent.ERASURE)
        opened(any_bench, Intent.BREACH_REPORT, number=2)
        found = entries(feed(any_bench))
        assert [text(entry, "summary").split(" ", 1)[1] for entry in found] == ["breach report due", "access due", "erasure due"]
        assert len({text(entry, "uid") for entry in found}) == 3

    def test_keep_their_name_when_the_ticket_moves_on(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        [before] = entries(feed(bench))
        bench.clock.at += timedelta(days=2)
        bench.app.act("claim", reference, "U1")
        [after] = entries(feed(bench))
        assert text(after, "uid") == text(before, "uid")
        assert after.decoded("dtstamp") == before.decoded("dtstamp") + timedelta(days=2)  # the time of the revision: RFC 5545 3.8.7.2

    def test_vanish_with_their_date_or_outcome(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
        close(any_bench, reference, access="fulfilled")
        assert [text(entry, "summary") for entry in entries(feed(any_bench))] == [f"{reference} erasure due"]
        close(any_bench, reference, erasure="fulfilled")
        opened(any_bench, Intent.AUTHORITY, number=2)  # its date stands in the letter, not in the law
        assert entries(feed(any_bench)) == []


def test_holds_nothing_personal(bench: Bench) -> None:
    raw = mail("I am Jo Doe, born in Lund. Delete my data.", subject="Lund file", sender="Jo Doe <jo@home.example>")
    take(bench, raw, Intent.ERASURE)
    content = feed(bench).decode().replace("\r\n ", "").lower()
    assert "erasure due" in content
    assert [word for word in ("jo ", "doe", "jo@", "home.example", "lund", "delete my data") if word in content] == []


class TestFile:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "out" / "due-dates.ics"

    @pytest.fixture
    def with_file(self, tmp_path: Path, path: Path) -> Bench:
        bench = Bench(sqlite_url(tmp_path), calendar={"file": str(path)})
        opened(bench, Intent.ACCESS)
        return bench

    def test_is_written_with_the_reminders(self, with_file: Bench, path: Path) -> None:
        path.parent.mkdir()
        with_file.app.remind()
        assert path.read_bytes() == feed(with_file)
        assert [file.name for file in path.parent.iterdir()] == ["due-dates.ics"]

    def test_is_left_alone_while_nothing_changes(self, with_file: Bench, path: Path) -> None:
        path.parent.mkdir()
        with_file.app.remind()
        first = path.stat()
        with_file.clock.at += timedelta(hours=1)
        with_file.app.remind()
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
        reference = text(entries(path.read_bytes())[0], "summary").split()[0]
        close(with_file, reference, access="fulfilled")
        with_file.app.remind()
        assert entries(path.read_bytes()) == []

    def test_that_can_not_be_written_is_said_once_and_stops_nothing(
        self, with_file: Bench, path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "privacybot")
        with_file.clock.at += timedelta(days=16)
        assert with_file.app.remind() > 0  # though the folder is missing
        with_file.app.remind()
        assert [line for line in caplog.messages if "calendar" in line] == [
            "calendar.file can't be written: No such file or directory; due dates and reminders go on without it"
        ]
        path.parent.mkdir()
        with_file.app.remind()
        assert caplog.messages[-1] == "calendar.file: works again"
        assert path.exists()

    def test_where_a_folder_stands_leaves_no_draft_behind(self, with_file: Bench, path: Path) -> None:
        path.mkdir(parents=True)
        with_file.app.write_calendar()
        assert [file.name for file in path.parent.iterdir()] == ["due-dates.ics"]

    def test_is_not_written_without_the_section(self, bench: Bench, tmp_path: Path) -> None:
        opened(bench, Intent.ACCESS)
        bench.app.remind()
        assert list(tmp_path.glob("*.ics")) == []


def test_knows_a_request_by_ticket_and_number(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    [number] = request_ids(bench, reference).values()
    assert text(entries(feed(bench))[0], "uid") == f"{reference.lower()}-{number}@example.test"
