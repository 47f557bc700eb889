"""Desk: every verb's lawful steps, its refusals, and what the requester hears of it."""

import threading
from datetime import date, timedelta

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Status
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, close, journal, notices, opened, take, the_ticket
from tests.outboxes import run_together


class TestClaim:
    def test_gives_the_ticket_to_the_colleague_and_shows_it(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("claim", reference, "U1")
        ticket = the_ticket(any_bench, reference)
        assert (ticket.handler, ticket.status) == ("U1", Status.IN_PROGRESS)
        any_bench.app.deliver()
        assert any_bench.slack.of_kind("card")[-1].payload["card"]["handler"] == "U1"
        assert any_bench.slack.of_kind("note")[-1].payload["by"] == "slack:U1"

    @pytest.mark.parametrize("second", ["U1", "U2"])
    def test_is_refused_for_a_ticket_that_is_taken(self, any_bench: Bench, second: str) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("claim", reference, "U1")
        with pytest.raises(Refused, match=reference):
            any_bench.app.act("claim", reference, second)
        assert the_ticket(any_bench, reference).handler == "U1"

    def test_by_four_people_at_once_has_one_winner(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        told: list[str] = []
        together = threading.Barrier(4)

        def try_it(user: str) -> None:
            together.wait()
            try:
                any_bench.app.act("claim", reference, user)
            except Refused:
                told.append(user)

        run_together([lambda user=user: try_it(user) for user in ("U1", "U2", "U3", "U4")])  # type: ignore[misc]
        ticket = the_ticket(any_bench, reference)
        assert len(told) == 3
        assert ticket.handler not in told
        assert journal(any_bench, reference).count("claimed") == 1

    def test_of_a_closed_ticket_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled", letter=False)
        with pytest.raises(Refused, match="closed"):
            bench.app.act("claim", reference, "U1")

    def test_of_no_ticket_is_refused_without_repeating_what_was_asked(self, bench: Bench) -> None:
        with pytest.raises(Refused) as caught:
            bench.app.act("claim", JO, "U1")
        assert JO not in str(caught.value)


def test_steps_of_different_people_at_once_are_all_kept(any_bench: Bench) -> None:
    """Each changes the card; none may be lost, and the last card shows them all."""
    reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
    together = threading.Barrier(2)

    def claim() -> None:
        together.wait()
        any_bench.app.act("claim", reference, "U1")

    def ask() -> None:
        together.wait()
        any_bench.app.act("ask", reference, "U2", about="id", question="")

    run_together([claim, ask])
    any_bench.app.deliver()
    assert {"claimed", "id_requested"} <= set(journal(any_bench, reference))
    last = any_bench.slack.of_kind("card")[-1].payload["card"]
    assert (last["handler"], last["id_asked"]) == ("U1", True)


class TestReclassify:
    def test_gives_each_request_its_own_clock_from_the_receipt(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.QUESTION)
        any_bench.clock.at += timedelta(days=3)
        any_bench.app.act("reclassify", reference, "U1", intents=["access", "breach_report"], regime="eu_gdpr")
        ticket = the_ticket(any_bench, reference)
        assert {request.intent: request.due_on for request in ticket.requests} == {
            "access": date(2026, 12, 23), "breach_report": date(2026, 11, 26),
        }  # fmt: skip
        assert ticket.due_at == MONDAY + timedelta(hours=72)

    def test_changes_the_law(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("reclassify", reference, "U1", intents=["access"], regime="us_ca_ccpa")
        ticket = the_ticket(bench, reference)
        assert ticket.regime == "us_ca_ccpa"
        assert ticket.requests[0].due_on == date(2027, 1, 7)

    def test_keeps_what_is_closed_and_never_leaves_a_ticket_that_cannot_be_closed(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
        close(bench, reference, access="fulfilled")
        bench.app.act("reclassify", reference, "U1", intents=["access"], regime="eu_gdpr")
        ticket = the_ticket(bench, reference)
        assert [(request.intent, request.outcome) for request in ticket.requests] == [("access", "fulfilled"), ("access", None)]

    @pytest.mark.parametrize(
        ("intents", "regime"), [([], "eu_gdpr"), (["other", "access"], "eu_gdpr"), (["lunch"], "eu_gdpr"), (["access"], "moon")]
    )
    def test_refuses_what_makes_no_sense(self, bench: Bench, intents: list[str], regime: str) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused):
            bench.app.act("reclassify", reference, "U1", intents=intents, regime=regime)

    def test_of_a_closed_ticket_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled")
        with pytest.raises(Refused, match="reopen it first"):
            bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")


class TestIdentity:
    def test_asked_pauses_the_clock_with_a_review_date(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at += timedelta(days=1)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        ticket = the_ticket(any_bench, reference)
        assert (ticket.status, ticket.due_at, ticket.requests[0].due_on) == (Status.WAITING, None, None)
        assert "review by 2026-12-23" in ticket.requests[0].due_reason
        any_bench.app.deliver()
        [request] = any_bench.slack.of_kind("card")[-1].payload["card"]["requests"]
        assert (request["due_on"], request["look_by"]) == (None, "2026-12-23")

    def test_received_starts_it_again_with_the_days_of_the_pause(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at += timedelta(days=1)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        any_bench.clock.at += timedelta(days=4)
        any_bench.app.act("id_received", reference, "U1")
        ticket = the_ticket(any_bench, reference)
        assert ticket.status == Status.OPEN
        assert ticket.requests[0].due_on == date(2026, 12, 28)

    def test_cannot_be_received_unasked_nor_asked_twice(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        with pytest.raises(Refused, match="nothing was asked"):
            any_bench.app.act("id_received", reference, "U1")
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        with pytest.raises(Refused, match="asked already"):
            any_bench.app.act("ask", reference, "U1", about="id", question="")

    def test_of_a_closed_ticket_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled")
        with pytest.raises(Refused, match="reopen it first"):
            bench.app.act("ask", reference, "U1", about="id", question="")

    def test_before_the_receipt_is_refused_and_leaves_nothing(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.clock.at -= timedelta(days=1)
        with pytest.raises(Refused, match="before the receipt"):
            bench.app.act("ask", reference, "U1", about="id", question="")
        assert "id_requested" not in journal(bench, reference)

    def test_clarification_is_a_question_of_its_own(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("ask", reference, "U1", about="id", question="")
        bench.app.act("ask", reference, "U1", about="clarification", question="Which shop?")
        assert journal(bench, reference)[-2:] == ["clarification_requested", "waiting"]
        letters = [notice.key.partition(":")[0] for notice in notices(bench) if notice.carrier == "mail"]
        assert letters == ["acknowledgement", "id-question", "clarification-question"]
        bench.app.act("id_received", reference, "U1")
        assert the_ticket(bench, reference).status == Status.WAITING
        bench.app.act("clarification_received", reference, "U1")
        assert the_ticket(bench, reference).status == Status.OPEN


def test_looking_is_journalled(any_bench: Bench) -> None:
    reference = take(any_bench, mail("The text itself."), Intent.ACCESS).reference or ""
    seen = any_bench.app.look(reference, "U3")
    assert seen["messages"][0]["text"] == "The text itself."
    last = the_ticket(any_bench, reference).events[-1]
    assert (last.kind, last.actor) == ("viewed", "slack:U3")
