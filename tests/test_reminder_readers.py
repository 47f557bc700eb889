"""Who is told of what: handler, desk, managers; one notice for each reader; what nobody took or looked at; and what can't wait."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clerk import ticket_by_reference
from bot.reminders import look_again
from intents.catalog import Intent
from tests.builders import MONDAY, Bench, sqlite_url
from tests.filing import opened
from tests.reminding import DAY, DUE_MORNING, claimed, live, look, places, requester_answers, steps_told, texts, told


class TestWhoIsTold:
    def test_the_handler_first_then_the_desk_as_well_then_the_managers(self, database: str) -> None:
        bench = Bench(database, escalation={"managers": ["boss@example.test"], "slack": ["U0BOSS"]})
        claimed(bench, Intent.ACCESS)
        seen = [places(look(bench, DUE_MORNING - days * DAY)) for days in (14, 12, 7, 5, 1, 0)]
        assert seen == [
            ["U7"],
            ["U7"],  # whether to extend
            ["U7", "C0DESK"],
            ["U7", "C0DESK"],
            ["U7", "C0DESK", "U0BOSS", "boss@example.test"],
            ["U7", "C0DESK", "U0BOSS", "boss@example.test"],
        ]
        bench.close()

    def test_the_desk_while_nobody_has_it_then_the_handler_alone_first(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        assert set(places(look(any_bench, DUE_MORNING - 14 * DAY))) == {"C0DESK", "boss@example.test"}  # nobody took it for four days
        any_bench.app.act("claim", reference, "U7")
        assert places(look(any_bench, DUE_MORNING - 7 * DAY)) == ["U7"]
        assert places(look(any_bench, DUE_MORNING - 5 * DAY)) == ["U7", "C0DESK"]

    def test_managers_know_whether_anybody_has_it(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        look(any_bench, DUE_MORNING - 7 * DAY)
        [letter] = [parcel for parcel in look(any_bench, DUE_MORNING - DAY) if parcel.kind == "escalation"]
        assert letter.payload["subject"] == f"[{reference}] due in 1 day, on 23 Dec 2026 (Wed)"
        assert "Nobody has taken it yet." in letter.payload["text"]

    def test_managers_get_each_step_where_there_is_no_desk(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), slack=False)
        opened(bench, Intent.ACCESS)
        live(bench, DUE_MORNING + DAY, every=timedelta(hours=4))
        assert steps_told(bench) == ["14d", "extend", "7d", "3d", "1d", "0d"]
        assert set(places(parcels := told(bench))) == {"boss@example.test"}
        assert len(parcels) == 7  # the first says that nobody has it
        bench.close()


class TestOneNoticeForEachReader:
    def test_fourteen_requests_due_on_a_day_make_one_mail(self, any_bench: Bench) -> None:
        references = [claimed(any_bench, Intent.ACCESS, number=n, sender=f"person{n}@home.example") for n in range(1, 15)]
        parcels = look(any_bench, DUE_MORNING)
        assert places(parcels) == ["U7", "C0DESK", "boss@example.test"]
        assert parcels[-1].payload["subject"] == "Privacy desk: 14 requests due or late"
        assert all(reference in line for line in texts(parcels) for reference in references)

    def test_the_most_urgent_stands_first(self, bench: Bench) -> None:
        later = claimed(bench, Intent.ACCESS, number=1, sender="a@home.example")
        sooner = claimed(bench, Intent.ACCESS, number=2, sender="b@home.example", at=MONDAY - 5 * DAY)
        [line, *_] = texts(look(bench, DUE_MORNING))
        heading, first, second = line.split("\n")
        assert heading == ":alarm_clock: 2 requests due or late:"
        assert first.startswith(f"• *{sooner}* access: overdue since 18 Dec 2026 (Fri)") and later in second

    def test_requests_of_one_ticket_that_stand_alike_share_a_line(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS, Intent.ERASURE)
        letter = look(bench, DUE_MORNING)[-1]
        assert f"{reference} access, erasure: due today" in letter.payload["text"]
        assert letter.payload["subject"].startswith(f"[{reference}] due today, on 23 Dec 2026 (Wed)")

    def test_a_list_too_long_to_read_is_cut_and_says_so(self, bench: Bench) -> None:
        for number in range(1, 44):
            claimed(bench, Intent.ACCESS, number=number, sender=f"person{number}@home.example")
        lines = texts(look(bench, DUE_MORNING))[0].split("\n")
        assert len(lines) == 42 and lines[-1].startswith("… and 3 more")


class TestNobodyTookIt:
    def test_the_desk_hears_after_two_working_days_and_managers_after_four(self, any_bench: Bench) -> None:
        any_bench.clock.at = friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
        reference = opened(any_bench, Intent.ACCESS)
        seen = {}
        while any_bench.clock.at < friday + 8 * DAY:
            if parcels := look(any_bench, any_bench.clock.at):
                seen[f"{any_bench.clock.at:%a %H:%M}"] = places(parcels)
                assert f"{reference}* access: waits for somebody to take it since 27 Nov 2026 (Fri)" in texts(parcels)[0]
            any_bench.clock.at += timedelta(hours=1)
        assert seen == {"Tue 07:00": ["C0DESK"], "Thu 07:00": ["C0DESK", "boss@example.test"]}

    def test_nobody_hears_of_what_was_taken_in_time(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.remind()
        bench.clock.at += DAY
        bench.app.act("claim", reference, "U7")
        live(bench, MONDAY + 10 * DAY, every=timedelta(hours=3))
        assert told(bench) == []

    def test_a_question_without_any_date_counts_as_well(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.QUESTION)
        any_bench.app.read(lambda session: look_again(ticket_by_reference(session, reference), MONDAY))  # type: ignore[arg-type]
        assert look(any_bench, MONDAY + DAY) == []
        assert places(look(any_bench, MONDAY + 2 * DAY)) == ["C0DESK"]

    def test_two_requests_of_one_ticket_are_told_as_one(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS, Intent.ERASURE)
        [line] = texts(look(bench, MONDAY + 2 * DAY))
        assert "access, erasure: waits" in line and "\n" not in line


class TestNobodyLooked:
    def test_the_handler_hears_after_a_working_day_then_the_desk_then_managers(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        any_bench.app.remind()
        any_bench.clock.at = tuesday = MONDAY + DAY
        requester_answers(any_bench, reference)
        assert look(any_bench, tuesday + timedelta(hours=3)) == []
        seen = [look(any_bench, tuesday + days * DAY) for days in (1, 2, 3)]
        assert [places(parcels) for parcels in seen] == [["U7"], ["U7", "C0DESK"], ["U7", "C0DESK", "boss@example.test"]]
        assert "the requester wrote on 24 Nov 2026 (Tue); nobody has looked at it" in texts(seen[0])[0]
        assert look(any_bench, tuesday + 6 * DAY) == []

    def test_the_desk_hears_where_there_is_no_handler(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        requester_answers(bench, reference)
        parcels = look(bench, MONDAY + DAY)
        assert places(parcels) == ["C0DESK"] and "the requester wrote" in texts(parcels)[0]

    def test_looking_at_it_is_enough(self, any_bench: Bench) -> None:
        reference = claimed(any_bench, Intent.ACCESS)
        any_bench.clock.at += DAY
        requester_answers(any_bench, reference)
        any_bench.app.remind()
        any_bench.app.look(reference, "U7")
        live(any_bench, MONDAY + 6 * DAY, every=timedelta(hours=3))
        assert told(any_bench) == []

    def test_writing_again_does_not_start_the_wait_anew(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS)
        for days in (1, 2):
            bench.clock.at = MONDAY + days * DAY + timedelta(hours=3)
            requester_answers(bench, reference, number=50 + days)
        assert "wrote on 24 Nov" in texts(look(bench, MONDAY + 2 * DAY + timedelta(hours=4)))[0]


class TestPaging:
    @pytest.mark.parametrize("intent", [Intent.BREACH_REPORT, Intent.AUTHORITY])
    def test_what_cannot_wait_is_told_at_once_at_night_and_on_a_day_off(self, any_bench: Bench, intent: Intent) -> None:
        any_bench.clock.at = datetime(2026, 12, 26, 2, tzinfo=UTC)
        reference = opened(any_bench, intent)
        any_bench.app.deliver()
        [line] = any_bench.slack.of_kind("line")
        assert line.payload["channel"] == "C0DESK" and reference in line.payload["text"] and "Please look now" in line.payload["text"]

    def test_managers_are_paged_where_there_is_no_desk(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), slack=False)
        reference = opened(bench, Intent.AUTHORITY)
        bench.app.deliver()
        [letter] = bench.letters.of_kind("page")
        assert letter.payload["to"] == "boss@example.test" and reference in letter.payload["subject"]
        bench.close()
