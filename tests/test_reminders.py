"""Reminders: each step is told once, after a downtime only the latest, to those it concerns, and never about what is closed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intents.catalog import Intent
from tests.builders import MONDAY, Bench
from tests.filing import JO, journal, notices, opened, request_ids, the_ticket

DUE_MORNING = datetime(2026, 12, 23, 7, tzinfo=UTC)  # 08:00 in Berlin; an access request of MONDAY is due on this day


def told(bench: Bench, kind: str = "line") -> list[str]:
    """What the lines or escalations that were sent since the last look say."""
    bench.app.deliver()
    sent = bench.slack.of_kind(kind) + bench.letters.of_kind(kind)
    texts = [str(parcel.payload["text"]) for parcel in sent]
    bench.slack.sent.clear()
    bench.letters.sent.clear()
    return texts


def live(bench: Bench, until: datetime, every: timedelta = timedelta(hours=1)) -> None:
    """Let the clock poke as the scheduler does."""
    while bench.clock.at < until:
        bench.app.remind()
        bench.clock.at += every


def steps_told(bench: Bench) -> list[str]:
    return [notice.key.split(":")[-1] for notice in notices(bench, "line") if notice.key.startswith("reminder:")]


class TestSteps:
    def test_come_once_each_in_order(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        live(any_bench, DUE_MORNING + timedelta(days=2, hours=4), every=timedelta(hours=3))
        assert steps_told(any_bench) == ["14d", "7d", "3d", "1d", "0d", "late-1", "late-2"]

    def test_come_at_eight_in_the_morning_where_the_controller_is(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        live(bench, DUE_MORNING, every=timedelta(minutes=15))
        mornings = {notice.created_at.time().isoformat() for notice in notices(bench, "line") if notice.key.startswith("reminder:")}
        assert mornings == {"07:00:00"}  # UTC

    def test_asked_for_twice_at_the_same_moment_come_once(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = DUE_MORNING - timedelta(days=7)
        any_bench.app.remind()
        assert any_bench.app.remind() == 0
        assert steps_told(any_bench) == ["7d"]

    def test_after_a_downtime_only_the_latest_comes(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = DUE_MORNING - timedelta(days=2)
        any_bench.app.remind()
        assert steps_told(any_bench) == ["3d"]
        any_bench.clock.at = DUE_MORNING + timedelta(days=10)
        any_bench.app.remind()
        assert steps_told(any_bench) == ["3d", "late-10"]
        assert journal(any_bench, reference).count("reminded") == 2

    def test_of_each_request_run_by_themselves(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS, Intent.BREACH_REPORT)
        bench.clock.at = MONDAY + timedelta(hours=25)
        bench.app.remind()
        assert [notice.key.split(":")[2] for notice in notices(bench, "line") if "reminder" in notice.key] == ["breach_report"]

    def test_say_when_it_is_due(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        for days, words in (
            (-7, "due in 7 days, on 23 Dec 2026"),
            (0, "due today, on 23 Dec 2026"),
            (2, "overdue since 23 Dec 2026 (2 days)"),
        ):
            bench.clock.at = DUE_MORNING + timedelta(days=days)
            bench.app.remind()
            [text] = [text for text in told(bench) if "alarm" in text]
            assert words in text
            assert reference in text

    def test_never_come_for_what_is_closed(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        ids = request_ids(any_bench, reference)
        any_bench.app.act("close", reference, "U1", outcomes=dict.fromkeys(ids.values(), "fulfilled"), reasons="", letter=False)
        any_bench.clock.at = DUE_MORNING + timedelta(days=1)
        any_bench.app.remind()
        assert steps_told(any_bench) == []

    def test_come_again_for_what_was_reopened(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        ids = request_ids(bench, reference)
        bench.app.act("close", reference, "U1", outcomes=dict.fromkeys(ids.values(), "fulfilled"), reasons="", letter=False)
        bench.app.act("reopen", reference, "U1")
        bench.clock.at = DUE_MORNING
        bench.app.remind()
        assert steps_told(bench) == ["0d"]

    def test_follow_the_new_date_after_a_pause(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.clock.at += timedelta(days=1)
        bench.app.act("ask", reference, "U1", about="id", question="")
        bench.clock.at = DUE_MORNING - timedelta(days=3)
        bench.app.remind()
        [text] = [text for text in told(bench) if "alarm" in text]
        assert "to be looked at by 23 Dec 2026 (in 3 days)" in text

    def test_start_at_once_for_a_mail_that_lay_there_for_weeks(self, bench: Bench) -> None:
        bench.clock.at = DUE_MORNING - timedelta(days=1)
        opened(bench, Intent.ACCESS, at=MONDAY)
        bench.app.remind()
        assert steps_told(bench) == ["1d"]


class TestShortClock:
    def test_is_told_in_hours_on_any_day(self, any_bench: Bench) -> None:
        friday_evening = datetime(2026, 11, 27, 18, tzinfo=UTC)
        any_bench.clock.at = friday_evening
        opened(any_bench, Intent.BREACH_REPORT)
        told(any_bench)
        seen = []
        for hours in (24, 48, 60, 69):
            any_bench.clock.at = friday_evening + timedelta(hours=hours)
            any_bench.app.remind()
            seen += told(any_bench)
        assert [text.partition("the legal time ")[2] for text in seen] == [
            "ends in 48 hours", "ends in 24 hours", "ends in 12 hours", "ends in 3 hours",
        ]  # fmt: skip

    def test_that_is_over_says_so_in_hours(self, bench: Bench) -> None:
        opened(bench, Intent.BREACH_REPORT)
        told(bench)
        bench.clock.at += timedelta(hours=74)
        bench.app.remind()
        [text] = told(bench)
        assert "ended 2 hours ago" in text


class TestWhoIsTold:
    def test_the_desk_while_nobody_has_it_then_the_handler(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = DUE_MORNING - timedelta(days=14)
        any_bench.app.remind()
        any_bench.app.act("claim", reference, "U7")
        any_bench.clock.at = DUE_MORNING - timedelta(days=7)
        any_bench.app.remind()
        any_bench.app.deliver()
        lines = [line for line in any_bench.slack.of_kind("line") if reference in line.payload["text"]]
        assert [line.payload["channel"] for line in lines] == ["C0DESK", "U7"]

    def test_managers_by_mail_when_it_is_nearly_late_without_personal_data(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        live(any_bench, DUE_MORNING - timedelta(days=2), every=timedelta(hours=6))
        any_bench.app.deliver()
        assert any_bench.letters.of_kind("escalation") == []
        live(any_bench, DUE_MORNING, every=timedelta(hours=6))
        any_bench.app.deliver()
        [letter] = any_bench.letters.of_kind("escalation")
        assert letter.payload["to"] == "boss@example.test"
        assert reference in letter.payload["subject"]
        assert "Nobody has taken it yet." in letter.payload["text"]
        assert not any(word in str(letter.payload) for word in (JO, "Jo Doe", "My data", "Please see to it"))

    def test_managers_get_each_step_where_there_is_no_desk(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/mail-only.db", slack=False)
        opened(bench, Intent.ACCESS)
        bench.clock.at = DUE_MORNING - timedelta(days=14)
        bench.app.remind()
        bench.app.deliver()
        assert len(bench.letters.of_kind("escalation")) == 1
        bench.close()


@pytest.fixture
def two_apps(database: str) -> Iterator[tuple[Bench, Bench]]:
    one, other = Bench(database), Bench(database)
    yield one, other
    one.close()
    other.close()


def test_two_apps_at_once_tell_each_step_once(two_apps: tuple[Bench, Bench]) -> None:
    for number in range(10):
        opened(two_apps[0], Intent.ACCESS, number=number, sender=f"person{number}@home.example")
    together, failed = threading.Barrier(2), list[str]()

    def work(bench: Bench) -> None:
        bench.clock.at = DUE_MORNING
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
    assert failed == []
    assert len(notices(two_apps[0], "escalation")) == 10
    assert len([key for key in steps_told(two_apps[0]) if key == "0d"]) == 10
    assert journal(two_apps[0], "PRV-2026-00001").count("reminded") == 1
    assert the_ticket(two_apps[0], "PRV-2026-00001").requests[0].remind_at == DUE_MORNING + timedelta(days=1)
