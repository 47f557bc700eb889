"""Outbox: what a crash, a stalled worker or a second process leaves behind is put right, and nothing is told twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.outbox import Parcel, TryAgain
from models import Carrier, NoticeState
from tests.builders import Bench, FakeCourier
from tests.filing import notices
from tests.outboxes import outbox, put, run_together, states


class PowerCut(Exception):
    """The process is gone."""


class TestCrash:
    def test_after_sending_is_asked_for_and_not_sent_twice(self, any_bench: Bench) -> None:
        put(any_bench, "a", carrier=Carrier.SLACK)
        courier = any_bench.slack
        send = courier.send

        def send_and_die(parcel: Parcel) -> str:
            send(parcel)
            raise PowerCut

        courier.send = send_and_die  # type: ignore[method-assign]
        with pytest.raises(PowerCut):
            any_bench.app.deliver()
        courier.send = send  # type: ignore[method-assign]
        assert states(any_bench) == {"a": "claimed"}
        any_bench.app.deliver()
        assert states(any_bench) == {"a": "claimed"}  # its claim may still be alive
        any_bench.clock.at += timedelta(minutes=6)
        any_bench.app.deliver()
        assert states(any_bench) == {"a": "sent"}
        assert len(courier.sent) == 1

    def test_before_sending_is_sent_after_all(self, any_bench: Bench) -> None:
        put(any_bench, "a")
        any_bench.letters.trouble = PowerCut()
        with pytest.raises(PowerCut):
            any_bench.app.deliver()
        any_bench.letters.trouble = None
        any_bench.clock.at += timedelta(minutes=6)
        any_bench.app.deliver()
        assert states(any_bench) == {"a": "sent"}
        assert len(any_bench.letters.sent) == 1

    def test_leaves_the_claim_while_the_other_side_cannot_be_asked(self, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
        put(bench, "a", carrier=Carrier.SLACK)
        bench.slack.trouble = PowerCut()
        with pytest.raises(PowerCut):
            bench.app.deliver()
        bench.slack.trouble = None
        asked = []

        def find(parcel: Parcel) -> str | None:
            asked.append(parcel.key)
            raise TryAgain("URLError", down=True)

        bench.slack.find = find  # type: ignore[method-assign]
        bench.clock.at += timedelta(minutes=6)
        for _ in range(3):
            bench.app.deliver()
            bench.clock.at += timedelta(seconds=2)
        assert states(bench) == {"a": "claimed"}
        assert len(asked) == 1  # left alone, not asked again every few seconds
        assert caplog.text.count("does not take notices") == 1

    def test_whose_claim_was_taken_over_does_not_put_it_back(self, any_bench: Bench) -> None:
        """A worker stalls in sending for longer than the lease; another one sends; the first then fails."""
        put(any_bench, "a")
        any_bench.letters.find = lambda parcel: None  # type: ignore[method-assign]  # as SMTP, which can't be asked
        quick = outbox(any_bench, "quick", any_bench.letters)
        stalled = FakeCourier()
        stalled.trouble = TryAgain("TimeoutError")

        def meanwhile(_: Parcel) -> None:
            any_bench.clock.at += timedelta(minutes=6)
            quick.deliver(any_bench.clock)
            any_bench.clock.at += timedelta(minutes=6)

        stalled.before = meanwhile
        outbox(any_bench, "slow", stalled).deliver(any_bench.clock)
        any_bench.clock.at += timedelta(hours=1)
        quick.deliver(any_bench.clock)
        assert states(any_bench) == {"a": "sent"}
        assert len(any_bench.letters.sent) == 1


def test_two_processes_that_queue_a_key_at_once_queue_it_once(any_bench: Bench) -> None:
    together = threading.Barrier(4)
    failed: list[str] = []

    def decide() -> None:
        together.wait()
        try:
            put(any_bench, *(f"key {number}" for number in range(10)))
        except Exception as error:  # any failure at all is what this looks for
            failed.append(type(error).__name__)

    run_together([decide] * 4)
    assert failed == []
    assert len(notices(any_bench)) == 10


@pytest.fixture
def two_benches(database: str) -> Iterator[tuple[Bench, Bench]]:
    """Two apps, each with connections of its own, over one database."""
    one, other = Bench(database), Bench(database)
    yield one, other
    one.close()
    other.close()


def test_two_outboxes_on_one_database_tell_each_notice_once(two_benches: tuple[Bench, Bench]) -> None:
    put(two_benches[0], *(f"notice {number}" for number in range(100)))
    together = threading.Barrier(2)

    def work(bench: Bench) -> None:
        together.wait()
        while bench.app.deliver():
            pass

    run_together([lambda bench=bench: work(bench) for bench in two_benches])  # type: ignore[misc]
    for bench in two_benches:
        bench.app.deliver()
    told = Counter(parcel.key for bench in two_benches for parcel in bench.letters.sent)
    assert len(told) == 100
    assert set(told.values()) == {1}
    assert set(states(two_benches[0]).values()) == {NoticeState.SENT.value}
