"""Desk: how requests end, what the requester is told of it, and how a ticket is taken up again."""

from datetime import timedelta

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Status
from tests.builders import MONDAY, Bench
from tests.filing import JO, close, notices, opened, the_ticket


def closing_texts(bench: Bench) -> list[str]:
    return [str(notice.payload["text"]) for notice in notices(bench, "closing") if notice.payload]


class TestClose:
    def test_writes_the_closing_letter_in_the_thread(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        close(any_bench, reference, "Your data are attached.", access="fulfilled")
        ticket = the_ticket(any_bench, reference)
        assert (ticket.status, ticket.due_at, ticket.closed_at) == (Status.CLOSED, None, MONDAY)
        any_bench.app.deliver()
        [letter] = any_bench.letters.of_kind("closing")
        assert (letter.payload["to"], letter.payload["in_reply_to"]) == (JO, "<m1@home.example>")
        assert "Your data are attached." in letter.payload["text"]

    @pytest.mark.parametrize("outcome", ["refused", "partly"])
    @pytest.mark.parametrize("reasons", ["", " \n"])
    def test_refusing_without_reasons_is_refused(self, any_bench: Bench, outcome: str, reasons: str) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        with pytest.raises(Refused, match="reasons"):
            close(any_bench, reference, reasons, erasure=outcome)
        assert the_ticket(any_bench, reference).status == Status.OPEN
        close(any_bench, reference, "The tax law makes us keep the invoices.", erasure=outcome)
        assert "The tax law makes us keep the invoices." in closing_texts(any_bench)[0]

    def test_with_mixed_outcomes_says_of_each_how_it_ended_with_the_reasons(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
        close(any_bench, reference, "The tax law makes us keep the invoices.", access="fulfilled", erasure="refused")
        [text] = closing_texts(any_bench)
        done, refused = "This has been done:\n\n- information about personal data, and a copy of them", "This we cannot do:\n\n- erasure of"
        assert text.index(done) < text.index(refused) < text.index("The tax law") < text.index("You can also take the matter to court.")

    def test_with_no_data_held_says_so_and_needs_no_reasons(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="no_data")
        assert the_ticket(bench, reference).requests[0].outcome == "no_data"
        [text] = closing_texts(bench)
        assert "found no personal data about you" in text
        assert "take the matter to court" not in text

    def test_in_two_steps_writes_one_letter_with_the_reasons_of_the_first(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
        close(any_bench, reference, "The tax law makes us keep the invoices.", erasure="refused")
        assert closing_texts(any_bench) == []
        assert the_ticket(any_bench, reference).status == Status.OPEN
        close(any_bench, reference, access="fulfilled")
        [text] = closing_texts(any_bench)
        assert "The tax law" in text

    def test_in_two_steps_the_colleague_sees_the_reasons_that_wait(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
        close(bench, reference, "The tax law makes us keep the invoices.", erasure="refused")
        assert bench.app.look(reference, "U2")["messages"][-1]["direction"] == "for the closing letter"

    def test_after_a_refusal_that_no_letter_explained_asks_for_the_reasons(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
        close(bench, reference, erasure="refused", letter=False)
        with pytest.raises(Refused, match="reasons"):
            close(bench, reference, access="fulfilled")
        assert the_ticket(bench, reference).status == Status.OPEN

    @pytest.mark.parametrize(("other", "words"), [("withdrawn", "has been done"), ("not_a_request", "has been done")])
    def test_as_done_and_nothing_refused_says_done(self, bench: Bench, other: str, words: str) -> None:
        reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
        close(bench, reference, access="fulfilled", erasure=other)
        [text] = closing_texts(bench)
        assert words in text
        assert "cannot do" not in text

    def test_of_one_request_leaves_the_ticket_open_and_moves_its_due_date(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS, Intent.BREACH_REPORT)
        close(bench, reference, breach_report="fulfilled")
        ticket = the_ticket(bench, reference)
        assert ticket.status == Status.OPEN
        assert ticket.due_at is not None
        assert ticket.due_at > MONDAY + timedelta(days=20)
        with pytest.raises(Refused, match="already closed"):
            close(bench, reference, breach_report="refused", reasons="Again.")

    @pytest.mark.parametrize("outcomes", [{}, {99_999: "fulfilled"}])
    def test_of_nothing_is_refused(self, bench: Bench, outcomes: dict[int, str]) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused):
            bench.app.act("close", reference, "U1", outcomes=outcomes, reasons="", letter=True)

    def test_with_an_unknown_outcome_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused, match="Allowed are fulfilled"):
            close(bench, reference, access="solved")

    def test_without_a_letter_writes_none(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        close(bench, reference, erasure="refused", letter=False)
        assert the_ticket(bench, reference).is_closed
        assert closing_texts(bench) == []


class TestReopen:
    def test_recomputes_the_due_dates(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        before = the_ticket(any_bench, reference).due_at
        close(any_bench, reference, access="fulfilled")
        any_bench.app.act("reopen", reference, "U2")
        ticket = the_ticket(any_bench, reference)
        assert (ticket.status, ticket.due_at, ticket.closed_at) == (Status.OPEN, before, None)
        assert ticket.requests[0].outcome is None

    def test_lets_a_second_closing_letter_go_out(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, "First.", access="fulfilled")
        bench.clock.at += timedelta(days=1)
        bench.app.act("reopen", reference, "U2")
        close(bench, reference, "Second.", access="fulfilled")
        first, second = closing_texts(bench)
        assert "First." in first
        assert "Second." in second
        assert "First." not in second

    def test_of_an_open_ticket_is_refused(self, bench: Bench) -> None:
        with pytest.raises(Refused, match="not closed"):
            bench.app.act("reopen", opened(bench, Intent.ACCESS), "U1")
