"""Weekly: the digest is queued once per week, whatever happens to the clock, the process or the machine."""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.weekly import last_due_week
from intents.catalog import Intent
from tests.builders import MONDAY, Bench, sqlite_url
from tests.filing import JO, close, notices, opened

NEXT_MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)  # 08:00 in Berlin


def digests(bench: Bench) -> list[str]:
    return [notice.key for notice in notices(bench) if notice.key.startswith("digest:")]


@pytest.fixture
def bench_of(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes an app over SQLite with sections of the config."""
    made: list[Bench] = []

    def make(**sections: Any) -> Bench:
        made.append(Bench(sqlite_url(tmp_path), **sections))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def test_comes_once_on_its_day_and_hour(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    any_bench.clock.at = NEXT_MONDAY - timedelta(minutes=1)
    any_bench.app.remind()
    assert digests(any_bench) == []
    for minutes in (0, 15, 60 * 24 * 3):
        any_bench.clock.at = NEXT_MONDAY + timedelta(minutes=minutes)
        any_bench.app.remind()
    assert digests(any_bench) == ["digest:2026-W48:0", "digest:2026-W48:slack", "digest:2026-W48:slack:chart"]


def test_says_what_happened_without_personal_data(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    any_bench.clock.at = NEXT_MONDAY
    any_bench.app.remind()
    any_bench.app.deliver()
    [letter] = any_bench.letters.of_kind("digest")
    [post] = any_bench.slack.of_kind("blocks")
    assert letter.payload["to"] == "board@example.test"
    assert "PRV-2026-00001" in letter.payload["text"]
    assert not any(word in f"{letter.payload} {post.payload}" for word in (JO, "Jo Doe", "My data"))


def test_after_three_weeks_of_downtime_only_the_latest_comes(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    any_bench.clock.at = NEXT_MONDAY + timedelta(days=21, hours=5)
    any_bench.app.remind()
    assert digests(any_bench) == ["digest:2026-W51:0", "digest:2026-W51:slack", "digest:2026-W51:slack:chart"]


def test_the_weeks_that_a_downtime_left_without_one_are_named(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    for days in (0, 21, 28):
        any_bench.clock.at = NEXT_MONDAY + timedelta(days=days, hours=5)
        any_bench.app.remind()
    any_bench.app.deliver()
    said = [letter.payload["text"] for letter in any_bench.letters.of_kind("digest")]
    assert ["No digest went out" in text for text in said] == [False, True, False]
    assert "No digest went out for 2026-W49, 2026-W50." in said[1].splitlines()
    assert "No digest went out for 2026-W49, 2026-W50." in str(any_bench.slack.of_kind("blocks")[1].payload)


def test_each_reader_gets_it_in_their_language_with_its_pictures(bench_of: Callable[..., Bench]) -> None:
    readers = ["board@example.test", {"address": "chef@example.test", "language": "de"}]
    bench = bench_of(digest={"recipients": readers, "languages": ["en", "fr"]})
    opened(bench, Intent.ACCESS)
    bench.clock.at = NEXT_MONDAY
    bench.app.remind()
    bench.app.deliver()
    board, chef = bench.letters.of_kind("digest")
    assert (board.payload["language"], chef.payload["language"]) == ("en, fr", "de")
    assert chef.payload["subject"] == "Datenschutz 2026-W48: 1 offen, 1 eingegangen, 0 erledigt"
    assert "1 received, 1 open, 0 overdue" in board.payload["text"] and "1 reçu, 1 ouvert, 0 en retard" in board.payload["text"]
    for letter, languages in ((board, 2), (chef, 1)):
        named = re.findall(r'src="cid:([^"]+)"', letter.payload["html"])
        assert named == [picture["cid"] for picture in letter.payload["inline"]]
        assert len(named) == 3 * languages
    [post] = bench.slack.of_kind("blocks")
    assert post.payload["text"].startswith("Privacy desk 2026-W48: ")


def test_pictures_that_can_not_be_drawn_cost_nothing_else(bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
                                                          ) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "executable", "/bin/false")
    opened(bench, Intent.ACCESS)
    bench.clock.at = NEXT_MONDAY
    bench.app.remind()
    assert digests(bench) == ["digest:2026-W48:0", "digest:2026-W48:slack"]
    [letter] = notices(bench, "digest")
    assert letter.payload and "inline" not in letter.payload and "cid:" not in letter.payload["html"]
    assert "the digest's charts could not be drawn (CalledProcessError); it goes out without them" in caplog.text


def test_an_empty_week_comes_as_one_line(bench: Bench) -> None:
    close(bench, opened(bench, Intent.ACCESS), access="fulfilled")
    bench.clock.at = NEXT_MONDAY + timedelta(days=7)
    bench.app.remind()
    bench.app.deliver()
    [letter], [post] = bench.letters.of_kind("digest"), bench.slack.of_kind("blocks")
    assert letter.payload["text"].rstrip().splitlines()[-1] == "A quiet week: nothing received, nothing closed, nothing open."
    assert "inline" not in letter.payload
    assert "A quiet week" in str(post.payload["blocks"])
    assert digests(bench) == ["digest:2026-W49:0", "digest:2026-W49:slack"]


def test_does_not_tell_of_weeks_before_the_bot(bench: Bench) -> None:
    bench.app.remind()
    opened(bench, Intent.ACCESS)
    bench.app.remind()
    assert digests(bench) == []


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "2026-W41"),  # 01:59
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-W42"),  # 02:30, still summer time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-W42"),  # 02:30 once more, winter time
    ],
)
def test_an_hour_that_comes_twice_counts_once(tmp_path: object, moment: datetime, week: str) -> None:
    bench = Bench(f"sqlite:///{tmp_path}/clock.db", digest={"day": "sunday", "at": "02:00", "recipients": ["board@example.test"]})
    assert str(last_due_week(bench.app.office, moment)) == week
    bench.close()


@pytest.mark.parametrize("change", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)])
@pytest.mark.parametrize("at", ["02:30", "00:00", "23:45"])
def test_over_a_clock_change_each_week_comes_once(tmp_path: object, change: datetime, at: str) -> None:
    bench = Bench(
        f"sqlite:///{tmp_path}/clock.db", digest={"day": "sunday", "at": at, "recipients": ["board@example.test"], "slack": False}
    )
    bench.clock.at = change - timedelta(days=15)
    opened(bench, Intent.ACCESS)
    while bench.clock.at < change + timedelta(days=8):
        bench.app.remind()
        bench.clock.at += timedelta(minutes=45)
    weeks = digests(bench)
    assert len(weeks) == len(set(weeks)) == 3
    bench.close()


@pytest.fixture
def two_apps(database: str) -> Iterator[tuple[Bench, Bench]]:
    one, other = Bench(database), Bench(database)
    yield one, other
    one.close()
    other.close()


def test_two_apps_at_once_send_it_once(two_apps: tuple[Bench, Bench]) -> None:
    opened(two_apps[0], Intent.ACCESS, at=MONDAY)
    together, failed = threading.Barrier(2), list[str]()

    def work(bench: Bench) -> None:
        bench.clock.at = NEXT_MONDAY
        together.wait()
        try:
            bench.app.remind()
        except Exception as error:  # any failure at all is what this looks for
            failed.append(type(error).__name__)

    workers = [threading.Thread(target=work, args=(bench,)) for bench in two_apps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for bench in two_apps:
        bench.app.deliver()
    assert failed == []
    assert sum(len(bench.letters.of_kind("digest")) for bench in two_apps) == 1
    assert sum(len(bench.slack.of_kind("blocks")) for bench in two_apps) == 1
    assert sum(len(bench.slack.of_kind("chart")) for bench in two_apps) == 1
