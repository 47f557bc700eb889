"""What staff do to the clocks: extend with notice, ask and be answered, set the true receipt."""

from datetime import date, timedelta

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Status
from tests.builders import MONDAY, Bench, mail
from tests.filing import close, journal, notices, opened, take, take_slack, the_ticket

REASONS = "Mehrere Systeme, viele Unterlagen."


def letters(bench: Bench) -> list[str]:
    return [notice.key.partition(":")[0] for notice in notices(bench) if notice.carrier == "mail"]


class TestExtend:
    def test_gives_three_months_from_the_receipt_and_tells_the_requester(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
        any_bench.clock.at += timedelta(days=10)
        any_bench.app.act("extend", reference, "U1", reasons=REASONS)
        ticket = the_ticket(any_bench, reference)
        assert [request.due_on for request in ticket.requests] == [date(2027, 2, 23)] * 2
        assert letters(any_bench) == ["acknowledgement", "extension"]
        any_bench.app.deliver()
        text = any_bench.letters.sent[-1].payload["text"]
        assert REASONS in text and "23 February 2027" in text

    def test_needs_reasons_happens_once_and_in_time(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        with pytest.raises(Refused, match="reasons"):
            any_bench.app.act("extend", reference, "U1", reasons="  ")
        any_bench.app.act("extend", reference, "U1", reasons=REASONS)
        with pytest.raises(Refused, match="once"):
            any_bench.app.act("extend", reference, "U1", reasons=REASONS)
        late = opened(any_bench, Intent.ACCESS, number=7, sender="Li <li@home.example>")
        any_bench.clock.at = MONDAY + timedelta(days=31)
        with pytest.raises(Refused, match=r"too late.*23 Dec 2026"):
            any_bench.app.act("extend", late, "U1", reasons=REASONS)
        assert "extension_notice" not in journal(any_bench, late)

    def test_on_the_last_day_is_in_time(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.clock.at = MONDAY + timedelta(days=30, hours=12)
        bench.app.act("extend", reference, "U1", reasons=REASONS)
        assert the_ticket(bench, reference).requests[0].due_on == date(2027, 2, 23)

    def test_is_refused_where_the_law_knows_none(self, bench: Bench) -> None:
        reference = opened(bench, Intent.QUESTION)
        with pytest.raises(Refused, match="no law lets"):
            bench.app.act("extend", reference, "U1", reasons=REASONS)

    def test_without_an_address_only_when_told_another_way(self, bench: Bench) -> None:
        post = {"channel": "C0INTAKE", "user": "U1", "ts": f"{bench.clock().timestamp():.6f}", "text": "A caller wants a copy of the data."}
        reference = take_slack(bench, post, Intent.ACCESS).reference or ""
        with pytest.raises(Refused, match="no address"):
            bench.app.act("extend", reference, "U1", reasons=REASONS)
        assert "extension_notice" not in journal(bench, reference)
        bench.app.act("extend", reference, "U1", reasons=REASONS, letter=False)
        assert the_ticket(bench, reference).requests[0].due_on == date(2027, 2, 23)


class TestAsk:
    def test_sends_the_question_and_waits(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("ask", reference, "U1", about="id", question="In which year did you join?")
        assert letters(any_bench) == ["acknowledgement", "id-question"]
        assert the_ticket(any_bench, reference).status == Status.WAITING
        any_bench.app.deliver()
        assert "In which year did you join?" in any_bench.letters.sent[-1].payload["text"]

    def test_for_clarification_needs_a_question(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused):
            bench.app.act("ask", reference, "U1", about="clarification", question=" ")
        assert letters(bench) == ["acknowledgement"]


class TestReceipt:
    def test_set_earlier_moves_the_date_and_keeps_the_old_value(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("set_receipt", reference, "U1", received_at=MONDAY - timedelta(days=5))
        ticket = the_ticket(any_bench, reference)
        assert ticket.requests[0].due_on == date(2026, 12, 18)
        [event] = [event for event in ticket.events if event.kind == "receipt_set"]
        assert event.detail["before"].startswith("2026-11-23T09:00") and event.actor == "slack:U1"

    @pytest.mark.parametrize("days", [1, -4 * 366])
    def test_in_the_future_or_long_ago_is_a_slip(self, bench: Bench, days: int) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused):
            bench.app.act("set_receipt", reference, "U1", received_at=MONDAY + timedelta(days=days))

    def test_of_a_closed_ticket_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled")
        with pytest.raises(Refused, match="reopen it first"):
            bench.app.act("set_receipt", reference, "U1", received_at=MONDAY)


def test_a_breach_hides_its_hours_from_the_requester(bench: Bench) -> None:
    opened(bench, Intent.ERASURE, Intent.BREACH_REPORT)
    bench.app.deliver()
    text = bench.letters.sent[0].payload["text"]
    assert "23 December 2026" in text and "26 November" not in text


def test_an_authority_gets_no_letter_from_a_machine(bench: Bench) -> None:
    reference = opened(bench, Intent.AUTHORITY)
    assert "acknowledgement" not in letters(bench)
    assert "not_acknowledged" in journal(bench, reference)


def test_a_letter_that_goes_by_another_law_proposes_it(bench: Bench) -> None:
    filed = take(bench, mail("Under the CCPA I ask for my data.", number=3), Intent.ACCESS)
    ticket = the_ticket(bench, filed.reference or "")
    assert ticket.regime == "eu_gdpr"
    assert ticket.warnings == ["names the CCPA: press Change if that law applies"]
    assert bench.app.look(ticket.reference, "U1")["proposed"] == "us_ca_ccpa"
