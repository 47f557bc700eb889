"""The turn of the day: cards say how many days are left, and are queued anew only where that is no longer true."""

from datetime import timedelta
from typing import Any

import pytest

from bot import day_turn
from intents.catalog import Intent
from tests.builders import Bench
from tests.filing import close, notices, opened

DAY = timedelta(days=1)
FAR, SOON = 1, 2  # numbers of the mails


def turn(bench: Bench) -> int:
    queued: int = bench.app.read(lambda session: day_turn.turn_cards(session, bench.app.office, bench.clock()))
    return queued


def days_shown(bench: Bench, reference: str) -> list[Any]:
    """How many days were left in each version of a ticket's card."""
    cards = [notice.payload["card"] for notice in notices(bench, "card") if notice.payload]
    return [card["requests"][0]["days_left"] for card in cards if card["reference"] == reference]


def test_each_day_has_its_card_and_only_one(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ERASURE)
    assert turn(any_bench) == 0
    for _ in range(3):
        any_bench.clock.at += DAY
        assert [turn(any_bench), turn(any_bench)] == [1, 0]
    assert days_shown(any_bench, reference) == [30, 29, 28, 27]


def test_the_day_is_that_of_the_office(bench: Bench) -> None:
    opened(bench, Intent.ERASURE)
    turn(bench)
    bench.clock.at = bench.clock.at.replace(hour=22, minute=59)  # 23:59 in Berlin
    assert turn(bench) == 0
    bench.clock.at += timedelta(minutes=1)
    assert turn(bench) == 1


def test_what_is_closed_or_has_no_date_is_left_alone(bench: Bench) -> None:
    close(bench, opened(bench, Intent.ERASURE), erasure="fulfilled", letter=False)
    opened(bench, Intent.UNSUBSCRIBE, number=2, sender="x@home.example")
    bench.app.act("ask", opened(bench, Intent.ACCESS, number=3, sender="y@home.example"), "U1", about="id", question="Who?", letter=True)
    turn(bench)
    before = len(notices(bench, "card"))
    bench.clock.at += DAY
    turn(bench)
    told = [notice.payload["card"] for notice in notices(bench, "card")[before:] if notice.payload]
    assert all(any(request["days_left"] is not None for request in card["requests"]) for card in told)
    assert "closed" not in [card["status"] for card in told]


def test_the_running_bot_turns_them_with_its_reminders(bench: Bench) -> None:
    reference = opened(bench, Intent.ERASURE)
    bench.app.remind()
    bench.clock.at += DAY
    bench.app.remind()
    assert days_shown(bench, reference) == [30, 29]


def test_without_slack_there_are_no_cards(tmp_path: Any) -> None:
    bench = Bench(f"sqlite:///{tmp_path}/mail-only.db", slack=False)
    opened(bench, Intent.ERASURE)
    assert [turn(bench), notices(bench, "card")] == [0, []]
    bench.close()


class TestManyTickets:
    """More than can be edited each day: far from their dates, cards count weeks."""

    @pytest.fixture(autouse=True)
    def many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(day_turn, "COUNTED", 1)

    def test_are_edited_when_a_week_is_over_and_each_day_of_the_last(self, any_bench: Bench) -> None:
        references = [opened(any_bench, Intent.ERASURE, number=n, sender=f"p{n}@home.example") for n in (1, 2)]
        turn(any_bench)
        edits = {}
        for day in range(1, 35):
            any_bench.clock.at += DAY
            if queued := turn(any_bench):
                edits[30 - day] = queued
        # the first day on which there are too many is the last one on which all are edited
        assert edits == {29: 2, 27: 2, 20: 2, 13: 2, **dict.fromkeys(range(7, -5, -1), 2)}
        assert days_shown(any_bench, references[0])[1:5] == [29, 27, 20, 13]
        cards = [notice.payload["card"] for notice in notices(any_bench, "card") if notice.payload]
        assert not cards[-1]["exact_days"]

    def test_no_week_is_missed_by_a_bot_that_was_down(self, bench: Bench) -> None:
        for number in (1, 2):
            opened(bench, Intent.ERASURE, number=number, sender=f"p{number}@home.example")
        turn(bench)
        bench.clock.at += DAY
        turn(bench)
        bench.clock.at += 4 * DAY  # 25 days are left; on the second of these days the fifth week began
        assert turn(bench) == 2

    def test_are_queued_in_batches(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(day_turn, "_BATCH", 2)
        for number in range(5):
            opened(bench, Intent.ERASURE, number=number, sender=f"p{number}@home.example")
        turn(bench)
        bench.clock.at += DAY
        assert [turn(bench) for _ in range(4)] == [2, 2, 1, 0]
