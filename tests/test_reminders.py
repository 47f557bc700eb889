"""Reminders: each step once, whoever looks and however often; after a downtime only the latest; never about what is closed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intents.catalog import Intent
from models import Event
from tests.builders import MONDAY, Bench, sqlite_url
from tests.filing import JO, close, journal, notices, opened, rows, the_ticket
from tests.reminding import DAY, DUE_MORNING, claimed, live, look, places, steps_told, texts, told

REASONS = "Mehrere Systeme, viele Unterlagen."


class TestSteps:
    def test_come_once_each_in_order(self, any_bench: Bench) -> None:
        claimed(any_bench, Intent.ACCESS)
        live(any_bench, DUE_MORNING + timedelta(days=6, hours=4), every=timedelta(hours=3))
        # decided on the Friday before the 13th; told on the Friday before the 20th; nobody works from Christmas to the 27th
        assert steps_told(any_bench) == ["14d", "extend", "7d", "3d", "1d", "0d", "late-1", "late-5", "late-6"]

    def test_come_at_the_configured_time_where_the_controller_is(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), reminders={"at": "09:30"})
        claimed(bench, Intent.ACCESS)
        live(bench, DUE_MORNING, every=timedelta(minutes=30))
        times = {event.at.time().isoformat() for event in rows(bench, Event) if event.kind == "reminded"}
        assert times == {"08:30:00"}  # UTC
        bench.close()

    def test_asked_for_twice_at_the_same_moment_come_once(self, any_bench: Bench) -> None:
        claimed(any_bench, Intent.ACCESS)
        any_bench.clock.at = DUE_MORNING - 7 * DAY
        any_bench.app.remind()
        assert any_bench.app.remind() == 0
        assert steps_told(any_bench) == ["7d", "extend"]

    def test_come_once_though_the_request_is_looked_at_again(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        assert len(look(any_bench, DUE_MORNING)) > 0
        close(any_bench, reference, access="fulfilled", letter=False)
        any_bench.app.act("reopen", reference, "U7")
        assert look(any_bench, DUE_MORNING + timedelta(hours=2)) == []

    def test_after_a_downtime_only_the_latest_comes(self, any_bench: Bench) -> None:
        claimed(any_bench, Intent.ACCESS)
        look(any_bench, DUE_MORNING - 5 * DAY)
        assert steps_told(any_bench) == ["3d", "extend"]
        look(any_bench, DUE_MORNING + 12 * DAY)
        assert steps_told(any_bench) == ["3d", "extend", "late-12"]

    def test_go_on_daily_as_long_as_it_is_open(self, bench: Bench) -> None:
        claimed(bench, Intent.ACCESS)
        look(bench, DUE_MORNING + 400 * DAY)
        look(bench, DUE_MORNING + 401 * DAY)
        assert steps_told(bench)[-2:] == ["late-400", "late-401"]

    def test_of_each_request_run_by_themselves(self, bench: Bench) -> None:
        claimed(bench, Intent.ACCESS, Intent.BREACH_REPORT)
        look(bench, MONDAY + timedelta(hours=25))
        assert (steps_told(bench, "breach_report"), steps_told(bench, "access")) == (["48h"], [])

    def test_never_come_for_what_is_closed(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        close(any_bench, reference, access="fulfilled", letter=False)
        assert look(any_bench, DUE_MORNING + DAY) == []
        assert steps_told(any_bench) == []

    def test_come_again_for_what_was_reopened(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled", letter=False)
        bench.app.act("reopen", reference, "U7")
        look(bench, DUE_MORNING)
        assert steps_told(bench)[0] == "0d"

    def test_follow_the_new_date_after_an_extension(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        look(any_bench, DUE_MORNING - 7 * DAY)
        any_bench.app.act("extend", reference, "U7", reasons=REASONS)
        assert look(any_bench, DUE_MORNING) == []
        [line, *_] = texts(look(any_bench, datetime(2027, 2, 16, 7, tzinfo=UTC)))
        assert "due in 7 days, on 23 Feb 2027 (Tue)" in line
        assert steps_told(any_bench) == ["7d", "extend", "7d"]

    def test_start_at_once_for_a_mail_that_lay_there_for_weeks(self, bench: Bench) -> None:
        bench.clock.at = DUE_MORNING - DAY
        claimed(bench, Intent.ACCESS, at=MONDAY)
        bench.app.remind()
        assert steps_told(bench) == ["1d", "extend"]

    def test_over_the_clock_change_stay_at_eight(self, bench: Bench) -> None:
        bench.clock.at = datetime(2026, 10, 1, 7, tzinfo=UTC)
        claimed(bench, Intent.ACCESS)  # due on 2 November; the clocks change on 25 October
        live(bench, datetime(2026, 11, 3, tzinfo=UTC), every=timedelta(minutes=60))
        moments = [f"{event.at:%d %H:%M}" for event in rows(bench, Event) if event.kind == "reminded" and event.detail["step"] != "extend"]
        assert moments == ["19 06:00", "26 07:00", "30 07:00", "02 07:00"]  # the last three days before it are a weekend and its Friday


class TestQuietHours:
    def test_what_a_downtime_left_over_waits_for_the_next_working_morning(self, any_bench: Bench) -> None:
        claimed(any_bench, Intent.ACCESS)
        friday_night = datetime(2026, 12, 18, 19, tzinfo=UTC)
        for hours in (0, 12, 36):
            assert look(any_bench, friday_night + timedelta(hours=hours)) == []
        monday = datetime(2026, 12, 21, 7, tzinfo=UTC)
        assert look(any_bench, monday - timedelta(minutes=1)) == []
        assert any("due in 2 days" in line for line in texts(look(any_bench, monday)))

    def test_hold_for_days_and_not_for_hours(self, any_bench: Bench) -> None:
        friday_evening = datetime(2026, 11, 27, 18, tzinfo=UTC)
        any_bench.clock.at = friday_evening
        opened(any_bench, Intent.BREACH_REPORT)
        told(any_bench)
        seen = [texts(look(any_bench, friday_evening + timedelta(hours=hours)))[0] for hours in (24, 48, 60, 69)]
        assert [line.partition("the legal time ")[2].partition(".")[0] for line in seen] == [
            "ends in 48 hours", "ends in 24 hours", "ends in 12 hours", "ends in 3 hours",
        ]  # fmt: skip

    def test_hold_for_a_short_clock_of_the_law_that_counts_in_days(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), clocks={"regime": "au_app"})
        claimed(bench, Intent.UNSUBSCRIBE)  # five business days
        live(bench, MONDAY + 4 * DAY, every=timedelta(hours=3))
        lines = texts(told(bench))
        assert lines and not any("hours" in line for line in lines)
        bench.close()


class TestWords:
    def test_say_when_it_is_due(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS)
        for days, words in (
            (-14, "due in 14 days, on 23 Dec 2026 (Wed)."),
            (-7, "due in 7 days, on 23 Dec 2026 (Wed); decide whether to extend, the notice must leave by 23 Dec 2026 (Wed)."),
            (-1, "due in 1 day, on 23 Dec 2026 (Wed)."),
            (0, "due today, on 23 Dec 2026 (Wed)."),
            (1, "overdue since 23 Dec 2026 (Wed), for 1 day."),
            (5, "overdue since 23 Dec 2026 (Wed), for 5 days."),
        ):
            line = texts(look(bench, DUE_MORNING + days * DAY))[0]
            assert f"*{reference}* access: {words}" in line

    def test_say_by_when_to_look_at_what_is_paused(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS)
        bench.clock.at += DAY
        bench.app.act("ask", reference, "U7", about="id", question="")
        [line, *_] = texts(look(bench, DUE_MORNING - 5 * DAY))
        assert "to be looked at by 23 Dec 2026 (Wed), in 5 days" in line
        assert steps_told(bench) == ["3d"]  # and nobody is asked to extend what stands still

    @pytest.mark.parametrize(("hours", "words"), [(73, "ended 1 hour ago"), (74, "ended 2 hours ago"), (168, "ended 4 days ago")])
    def test_say_in_hours_or_days_how_long_a_short_time_is_over(self, bench: Bench, hours: int, words: str) -> None:
        opened(bench, Intent.BREACH_REPORT)
        told(bench)
        assert words in texts(look(bench, MONDAY + timedelta(hours=hours)))[0]

    def test_say_until_when_an_extension_can_be_told(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        look(any_bench, datetime(2026, 12, 9, 7, tzinfo=UTC))
        parcels = look(any_bench, datetime(2026, 12, 11, 7, tzinfo=UTC))
        assert places(parcels) == ["U7"]
        assert f"*{reference}* access: decide whether to extend, the notice must leave by 23 Dec 2026 (Wed)" in texts(parcels)[0]
        any_bench.clock.at += DAY
        any_bench.app.remind()
        assert steps_told(any_bench).count("extend") == 1

    def test_hold_nothing_of_the_person(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        payloads = " ".join(str(parcel.payload) for parcel in look(any_bench, DUE_MORNING))
        assert "PRV-2026-00001" in payloads
        assert not any(word in payloads for word in (JO, "Jo Doe", "My data", "Please see to it"))


@pytest.fixture
def two_apps(database: str) -> Iterator[tuple[Bench, Bench]]:
    one, other = Bench(database), Bench(database)
    yield one, other
    one.close()
    other.close()


def test_two_apps_at_once_tell_each_step_once(two_apps: tuple[Bench, Bench]) -> None:
    one = two_apps[0]
    references = [opened(one, Intent.ACCESS, Intent.ERASURE, number=number, sender=f"person{number}@home.example") for number in range(10)]
    together, failed = threading.Barrier(2), list[str]()

    def work(bench: Bench) -> None:
        bench.clock.at = DUE_MORNING
        together.wait()
        try:
            bench.app.remind()
            bench.app.remind()
        except Exception as error:  # any failure at all is what this looks for
            failed.append(type(error).__name__)

    workers = [threading.Thread(target=work, args=(bench,)) for bench in two_apps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    one.app.remind()  # what one app had in hands, the other left for its next turn
    letters = [str(letter.payload["text"]) for letter in notices(one, "escalation") if letter.payload]
    assert 1 <= len(letters) <= 3
    assert (
        sorted(sum((text.count(f"{reference} access, erasure: due today") for text in letters), 0) for reference in references) == [1] * 10
    )
    assert steps_told(one, "access").count("0d") == 10
    assert journal(one, references[0]).count("reminded") == 5  # due and extension of each request, and that nobody has it
    assert the_ticket(one, references[0]).requests[0].remind_at == DUE_MORNING + DAY


def test_a_colleague_who_acts_while_the_sweep_runs_and_the_sweep_never_wait_for_each_other(two_apps: tuple[Bench, Bench]) -> None:
    one, other = two_apps
    references = [opened(one, Intent.ACCESS, number=number, sender=f"person{number}@home.example") for number in range(8)]
    together, failed = threading.Barrier(2), list[str]()

    def act() -> None:
        together.wait()
        try:
            for reference in references:
                close(other, reference, access="fulfilled", letter=False)
        except Exception as error:  # a deadlock, a lost lock, whatever
            failed.append(type(error).__name__)

    def sweep() -> None:
        one.clock.at = DUE_MORNING
        together.wait()
        try:
            for days in range(5):
                one.clock.at = DUE_MORNING + days * DAY
                one.app.remind()
        except Exception as error:
            failed.append(type(error).__name__)

    workers = [threading.Thread(target=act), threading.Thread(target=sweep)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    assert {str(the_ticket(one, reference).status) for reference in references} == {"closed"}


def test_the_sweep_is_a_look_into_the_index(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    query = (
        "EXPLAIN QUERY PLAN SELECT * FROM requests JOIN tickets ON tickets.id = requests.ticket_id WHERE outcome IS NULL AND remind_at <= 1"
    )
    plan = bench.app.read(lambda session: [str(row) for row in session.execute(text(query + " ORDER BY remind_at LIMIT 5"))])
    assert any("ix_requests_remind" in line for line in plan) and not any("SCAN" in line or "TEMP B-TREE" in line for line in plan)
