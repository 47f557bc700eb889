"""Handing over: the new handler is told directly, the card shows them, and nobody is overruled unawares."""

from typing import Any

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Status
from tests.builders import Bench
from tests.filing import close, journal, opened, the_ticket


def hand_over(bench: Bench, reference: str, handler: str, *, by: str = "U1", seen: str | None = None) -> None:
    bench.app.act("hand_over", reference, by, handler=handler, seen=seen)


def lines(bench: Bench) -> list[dict[str, Any]]:
    bench.app.deliver()
    return [dict(parcel.payload) for parcel in bench.slack.of_kind("line")]


def test_the_new_handler_is_told_directly_without_personal_data(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    hand_over(any_bench, reference, "U2")
    [line] = lines(any_bench)
    assert line["channel"] == "U2"
    assert line["text"] == f"*{reference}* was handed over to you by <@U1>: access, due 23 Dec 2026."
    assert (the_ticket(any_bench, reference).handler, the_ticket(any_bench, reference).status) == ("U2", Status.IN_PROGRESS)
    assert any_bench.slack.of_kind("card")[-1].payload["card"]["handler"] == "U2"
    assert any_bench.slack.of_kind("note")[-1].payload["text"] == "Handed over to <@U2>."


def test_a_ticket_that_somebody_has_can_be_handed_on_by_anyone(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("claim", reference, "U1")
    hand_over(bench, reference, "U3", by="U2", seen="U1")
    assert the_ticket(bench, reference).handler == "U3"
    hand_over(bench, reference, "U2", by="U2", seen="U3")
    assert [line["channel"] for line in lines(bench)] == ["U3"]  # who takes it over themselves knows
    hand_over(bench, reference, "U3", by="U2", seen="U2")
    assert [line["channel"] for line in lines(bench)] == ["U3", "U3"]


def test_it_can_be_given_back(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("claim", reference, "U1")
    hand_over(bench, reference, "", seen="U1")
    assert (the_ticket(bench, reference).handler, the_ticket(bench, reference).status) == (None, Status.OPEN)
    assert journal(bench, reference)[-1] == "given_back"
    assert lines(bench) == []
    bench.app.act("claim", reference, "U2")


def test_a_ticket_that_waits_for_the_requester_goes_on_waiting(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("ask", reference, "U1", about="id", question="")
    hand_over(bench, reference, "U2")
    assert the_ticket(bench, reference).status == Status.WAITING


def test_claiming_what_another_one_has_says_who_and_what_can_be_done(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("claim", reference, "U1")
    with pytest.raises(Refused, match=f"{reference} is with <@U1> already. It can be handed over"):
        bench.app.act("claim", reference, "U2")


def test_what_changed_meanwhile_is_not_overruled(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    hand_over(any_bench, reference, "U2")
    with pytest.raises(Refused, match="changed meanwhile"):
        hand_over(any_bench, reference, "U3")
    assert the_ticket(any_bench, reference).handler == "U2"


@pytest.mark.parametrize(("handler", "words"), [("U2", "that handler already"), ("", "nobody already")])
def test_to_whom_has_it_is_refused(bench: Bench, handler: str, words: str) -> None:
    reference = opened(bench, Intent.ACCESS)
    if handler:
        bench.app.act("claim", reference, handler)
    with pytest.raises(Refused, match=words):
        hand_over(bench, reference, handler, seen=handler or None)


def test_of_a_closed_ticket_is_refused(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    close(bench, reference, access="fulfilled", letter=False)
    with pytest.raises(Refused, match="closed"):
        hand_over(bench, reference, "U2")
