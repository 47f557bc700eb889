"""Outbox: every notice is told once, in order, whatever breaks between claiming and settling."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.outbox import Parcel, TryAgain, Undeliverable, pause
from intents.catalog import Intent
from models import Carrier
from tests.builders import MONDAY, Bench
from tests.filing import JO, notices, opened, the_ticket
from tests.outboxes import outbox, put, states


class TestDelivery:
    def test_sends_each_notice_once_and_remembers_the_receipt(self, any_bench: Bench) -> None:
        put(any_bench, "a", "b")
        assert (any_bench.app.deliver(), any_bench.app.deliver()) == (2, 0)
        assert [parcel.key for parcel in any_bench.letters.sent] == ["a", "b"]
        assert [(notice.state, notice.receipt) for notice in notices(any_bench)] == [
            ("sent", "C0DESK:1.000000"),
            ("sent", "C0DESK:2.000000"),
        ]

    def test_lets_the_connection_go_when_nothing_waits(self, bench: Bench) -> None:
        put(bench, "a")
        bench.app.deliver()
        assert bench.letters.rests == 1

    def test_a_key_exists_once(self, any_bench: Bench) -> None:
        put(any_bench, "a")
        put(any_bench, "a")
        assert any_bench.app.deliver() == 1

    def test_more_than_a_batch_goes_out_in_one_pass(self, bench: Bench) -> None:
        put(bench, *(f"key {number}" for number in range(120)))
        assert bench.app.deliver() == 120


class TestTrouble:
    def test_pauses_grow_and_differ(self) -> None:
        growing = [[pause(attempts) for _ in range(20)] for attempts in range(1, 6)]
        assert all(max(earlier) <= min(later) * 1.001 for earlier, later in pairwise(growing))
        assert all(len(set(pauses)) > 1 for pauses in growing)
        assert pause(10_000) <= timedelta(minutes=15)

    def test_of_one_notice_leaves_the_others_their_way(self, any_bench: Bench) -> None:
        put(any_bench, "greylisted", "fine")

        def refuse_one(parcel: Parcel) -> None:
            if parcel.key == "greylisted" and parcel.attempts == 1:
                raise TryAgain("smtp 451")

        any_bench.letters.before = refuse_one
        any_bench.app.deliver()
        assert states(any_bench) == {"greylisted": "queued", "fine": "sent"}
        any_bench.clock.at += timedelta(seconds=4)
        assert any_bench.app.deliver() == 0
        any_bench.clock.at += timedelta(seconds=7)
        assert any_bench.app.deliver() == 1
        assert notices(any_bench)[0].attempts == 2

    def test_waits_as_long_as_the_other_side_wishes(self, bench: Bench) -> None:
        put(bench, "a", carrier=Carrier.SLACK)
        bench.slack.trouble = TryAgain("ratelimited", timedelta(seconds=30), down=True)
        bench.app.deliver()
        bench.slack.trouble = None
        bench.clock.at += timedelta(seconds=29)
        assert bench.app.deliver() == 0
        bench.clock.at += timedelta(seconds=1)
        assert bench.app.deliver() == 1

    def test_of_the_carrier_leaves_it_alone_and_says_so_once(self, any_bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        tried: list[str] = []
        any_bench.letters.before = lambda parcel: tried.append(parcel.key)
        any_bench.letters.trouble = TryAgain("ConnectionRefusedError", down=True)
        put(any_bench, "a", "b", "c")
        put(any_bench, "d", carrier=Carrier.SLACK)
        for _ in range(20):
            any_bench.app.deliver()
            any_bench.clock.at += timedelta(seconds=3)
        assert [parcel.key for parcel in any_bench.slack.sent] == ["d"]
        assert 1 < len(tried) < 8
        assert caplog.text.count("mail does not take notices (ConnectionRefusedError)") == 1
        any_bench.letters.trouble = None
        any_bench.clock.at += timedelta(minutes=15)
        any_bench.app.deliver()
        any_bench.clock.at += timedelta(minutes=15)
        any_bench.app.deliver()
        assert [parcel.key for parcel in any_bench.letters.sent] == ["a", "b", "c"]
        assert caplog.text.count("mail takes notices again") == 1


class TestRefusedForGood:
    def test_letter_warns_on_the_card_and_is_never_tried_again(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.letters.trouble = Undeliverable("smtp 550")
        any_bench.app.deliver()
        any_bench.letters.trouble = None
        any_bench.clock.at += timedelta(days=1)
        any_bench.app.deliver()
        assert any_bench.letters.sent == []
        assert the_ticket(any_bench, reference).warnings == ["the acknowledgement could not be delivered (smtp 550)"]
        assert any_bench.slack.of_kind("card")[-1].payload["card"]["warnings"] == ["the acknowledgement could not be delivered (smtp 550)"]
        assert len(any_bench.slack.of_kind("note")) == 1

    def test_card_lets_the_next_one_pass(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.slack.trouble = Undeliverable("slack msg_too_long")
        bench.app.deliver()
        bench.slack.trouble = None
        bench.app.act("claim", reference, "U1")
        bench.app.deliver()
        assert [parcel.payload["card"]["handler"] for parcel in bench.slack.of_kind("card")] == ["U1"]


class TestLanes:
    def test_keep_their_order_through_a_retry(self, any_bench: Bench) -> None:
        put(any_bench, "first", "second", lane="one")
        put(any_bench, "other")

        def refuse_first(parcel: Parcel) -> None:
            if parcel.key == "first" and parcel.attempts == 1:
                raise TryAgain("smtp 451")

        any_bench.letters.before = refuse_first
        any_bench.app.deliver()
        assert [parcel.key for parcel in any_bench.letters.sent] == ["other"]
        any_bench.clock.at += timedelta(minutes=1)
        any_bench.app.deliver()
        assert [parcel.key for parcel in any_bench.letters.sent] == ["other", "first", "second"]

    def test_of_a_card_newer_versions_supersede_waiting_ones(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("claim", reference, "U1")
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        any_bench.app.deliver()
        [card] = any_bench.slack.of_kind("card")
        assert (card.payload["card"]["status"], card.anchor) == ("waiting", None)
        assert [notice.state for notice in notices(any_bench, "card")] == ["superseded", "superseded", "sent"]

    def test_of_a_card_edits_stand_where_the_first_one_was_sent(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.deliver()
        any_bench.app.act("claim", reference, "U1")
        any_bench.app.deliver()
        first, second = any_bench.slack.of_kind("card")
        [note] = any_bench.slack.of_kind("note")
        assert (first.anchor, second.anchor) == (None, "C0DESK:1.000000")
        assert note.anchor is not None

    def test_of_a_card_on_its_way_is_not_superseded(self, any_bench: Bench) -> None:
        """Somebody claims the ticket while its first card is being sent, and a second process looks: one card, edited, not two."""
        reference = opened(any_bench, Intent.ACCESS)

        def meanwhile(parcel: Parcel) -> None:
            if parcel.kind == "card" and parcel.anchor is None:
                any_bench.app.act("claim", reference, "U1")
                assert other.deliver(any_bench.clock) == 0

        other = outbox(any_bench, "other", any_bench.slack, Carrier.SLACK)
        any_bench.slack.before = meanwhile
        any_bench.app.deliver()
        assert [parcel.anchor for parcel in any_bench.slack.of_kind("card")] == [None, "C0DESK:1.000000"]


def test_nothing_of_a_letter_is_ever_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    bench = Bench(f"sqlite:///{tmp_path}/log.db")
    opened(bench, Intent.ACCESS)
    for trouble in (TryAgain("smtp 451"), TryAgain("TimeoutError", down=True), Undeliverable("smtp 550"), None):
        bench.letters.trouble = bench.slack.trouble = trouble
        bench.app.deliver()
        bench.clock.at = bench.clock.at + timedelta(hours=1) if bench.clock.at >= MONDAY else MONDAY
    bench.close()
    assert "smtp 550" in caplog.text
    for secret in (JO, "home.example", "Jo Doe", "Thank you"):
        assert secret not in caplog.text
    assert JO not in repr(Parcel(1, "key", "kind", {"to": JO}, MONDAY, None, 1))


@pytest.mark.parametrize("carrier", [Carrier.MAIL, Carrier.SLACK])
def test_a_carrier_that_is_out_for_a_day_is_asked_ever_more_seldom_and_then_takes_everything(
    bench: Bench, carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    put(bench, *(f"key {number}" for number in range(20)), carrier=carrier)
    courier = bench.letters if carrier is Carrier.MAIL else bench.slack
    courier.trouble, asked = TryAgain("smtp 451", down=True), []
    courier.before = lambda parcel: asked.append(parcel.key)
    for _ in range(24 * 60):
        bench.app.deliver()
        bench.clock.at += timedelta(minutes=1)
    assert 90 < len(asked) < 250  # some ten in the first quarter of an hour, then one in ten minutes or so
    assert caplog.text.count("does not take notices") == 1
    courier.trouble = None
    bench.clock.at += timedelta(minutes=16)
    bench.app.deliver()
    assert set(states(bench).values()) == {"sent"} and len(courier.sent) == 20
