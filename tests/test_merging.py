"""Merging: the earliest receipt wins, nothing is lost, replies follow, and no answer goes to the wrong person unawares."""

import threading
from datetime import timedelta

import pytest

from bot.desk import Refused
from bot.outbox import Undeliverable
from intents.catalog import Intent
from models import Event, Outcome, Status
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, close, journal, notices, opened, our_message_id, reply, rows, take, take_slack, the_ticket
from tests.outboxes import run_together

OTHER = "Kim Roe <kim@other.example>"
NEXT_DAY = MONDAY + timedelta(days=1)


def merge(bench: Bench, duplicate: str, survivor: str, *, same_person: bool = False, user: str = "U1") -> None:
    bench.app.act("merge", duplicate, user, into=survivor, same_person=same_person)


def two(bench: Bench, *, second: str = "Jo Doe <jo@home.example>") -> tuple[str, str]:
    """Monday's ticket about access, and Tuesday's about erasure."""
    first = opened(bench, Intent.ACCESS, at=MONDAY)
    bench.clock.at = NEXT_DAY
    return first, opened(bench, Intent.ERASURE, number=2, sender=second)


class TestMerge:
    @pytest.mark.parametrize("earlier_survives", [True, False])
    def test_unites_the_requests_from_the_earliest_receipt(self, any_bench: Bench, earlier_survives: bool) -> None:
        first, second = two(any_bench)
        survivor, duplicate = (first, second) if earlier_survives else (second, first)
        due = the_ticket(any_bench, first).requests[0].due_on
        merge(any_bench, duplicate, survivor)
        ticket = the_ticket(any_bench, survivor)
        assert {request.intent for request in ticket.open_requests} == {"access", "erasure"}
        assert ticket.received_at == MONDAY
        assert {request.due_on for request in ticket.open_requests} == {due}

    def test_closes_the_duplicate_without_a_letter_and_says_where_it_went(self, any_bench: Bench) -> None:
        first, second = two(any_bench)
        merge(any_bench, second, first)
        ticket = the_ticket(any_bench, second)
        assert (ticket.status, ticket.requests[0].outcome, ticket.merged_into_id) == (
            Status.CLOSED, Outcome.DUPLICATE, the_ticket(any_bench, first).id,
        )  # fmt: skip
        assert notices(any_bench, "closing") == []
        any_bench.app.deliver()
        cards = {parcel.payload["card"]["reference"]: parcel.payload["card"] for parcel in any_bench.slack.of_kind("card")}
        assert cards[second]["merged_into"] == first and f"merged into {first}" in cards[second]["warnings"]
        assert {request["intent"] for request in cards[first]["requests"]} == {"access", "erasure"}
        lines = [parcel.payload["text"] for parcel in any_bench.slack.of_kind("note")]
        assert f"Merged into *{first}*; please go on there." in lines
        assert any(line.startswith(f"*{second}* was merged into this one") for line in lines)

    def test_of_the_same_request_twice_has_it_once(self, bench: Bench) -> None:
        first = opened(bench, Intent.ACCESS)
        bench.clock.at = NEXT_DAY
        second = opened(bench, Intent.ACCESS, number=2, sender="Jo Doe <jo@work.example>")
        merge(bench, second, first, same_person=True)
        assert [request.intent for request in the_ticket(bench, first).requests] == ["access"]

    def test_finds_all_messages_in_the_survivor(self, bench: Bench) -> None:
        first, second = two(bench)
        bench.app.act("note", second, "U1", text="She called, too.")
        merge(bench, second, first)
        assert the_ticket(bench, second).messages == []
        shown = bench.app.look(first, "U2")["messages"]
        assert [message["direction"] for message in shown].count("received") == 2
        assert "She called, too." in [message["text"] for message in shown]
        assert bench.app.look(second, "U2")["merged_into"] == first

    def test_lets_replies_to_the_duplicates_letters_land_in_the_survivor(self, any_bench: Bench) -> None:
        first, second = two(any_bench)
        letter = our_message_id(any_bench)
        merge(any_bench, second, first)
        by_id = take(any_bench, reply(to=letter, number=7))
        by_subject = take(any_bench, mail("And this.", subject=f"Re: [{second}] My data", number=8))
        assert (by_id.reference, by_subject.reference) == (first, first)
        assert the_ticket(any_bench, second).is_closed

    def test_lets_words_in_the_duplicates_slack_thread_follow(self, bench: Bench) -> None:
        first = opened(bench, Intent.ACCESS)
        post = {"channel": "C0INTAKE", "ts": "1795424400.000100", "user": "U5", "text": "Caller jo@home.example wants her data erased"}
        second = take_slack(bench, post, Intent.ERASURE).reference
        assert second and second != first
        merge(bench, second, first, same_person=True)
        more = {**post, "ts": "1795424500.000100", "thread_ts": post["ts"], "text": "and she wants a copy"}
        assert take_slack(bench, more, Intent.OTHER).reference == first

    def test_after_another_merge_follows_to_the_last_one(self, bench: Bench) -> None:
        first, second = two(bench)
        third = opened(bench, Intent.RESTRICTION, number=3)
        merge(bench, second, third)
        merge(bench, third, first)
        filed = take(bench, mail("And this.", subject=f"Re: [{second}] My data", number=8))
        assert filed.reference == first
        assert {request.intent for request in the_ticket(bench, first).open_requests} == {"access", "erasure", "restriction"}

    def test_a_mail_that_names_no_ticket_finds_the_survivor_as_the_only_one(self, bench: Bench) -> None:
        first, second = two(bench)
        merge(bench, second, first)
        assert take(bench, mail("Thank you, that is kind.", number=9), Intent.OTHER).reference == first

    def test_of_an_unclear_ticket_into_a_clear_one_adds_no_guess(self, bench: Bench) -> None:
        first = opened(bench, Intent.ACCESS)
        second = take(bench, mail("Hm.", number=2, sender="Jo <jo@work.example>"), Intent.COMPLAINT, unclear=True).reference
        assert second
        merge(bench, second, first, same_person=True)
        ticket = the_ticket(bench, first)
        assert ([request.intent for request in ticket.open_requests], ticket.unclear) == (["access"], False)

    def test_of_a_clear_ticket_into_an_unclear_one_settles_that(self, bench: Bench) -> None:
        first = take(bench, mail("Hm."), Intent.COMPLAINT, unclear=True).reference
        second = opened(bench, Intent.ACCESS, number=2, sender="Jo <jo@work.example>")
        assert first
        merge(bench, second, first, same_person=True)
        ticket = the_ticket(bench, first)
        assert ([request.intent for request in ticket.open_requests], ticket.unclear) == (["access"], False)

    def test_brings_the_handler_along_where_there_was_none(self, bench: Bench) -> None:
        first, second = two(bench)
        bench.app.act("claim", second, "U9")
        merge(bench, second, first)
        assert the_ticket(bench, first).handler == "U9"

    def test_a_letter_that_fails_later_is_told_where_the_matter_goes_on(self, bench: Bench) -> None:
        first, second = two(bench)
        merge(bench, second, first)
        bench.letters.trouble = Undeliverable("550")
        bench.app.deliver()
        assert journal(bench, first).count("letter_refused") == 2
        assert "letter_refused" not in journal(bench, second)

    def test_at_once_by_two_people_both_ways_is_done_one_way(self, any_bench: Bench) -> None:
        first, second = two(any_bench)
        told: list[str] = []
        together = threading.Barrier(2)

        def attempt(duplicate: str, survivor: str) -> None:
            together.wait()
            try:
                merge(any_bench, duplicate, survivor)
            except Refused as refusal:
                told.append(str(refusal))

        run_together([lambda: attempt(first, second), lambda: attempt(second, first)])
        assert len(told) == 1
        assert [event.kind for event in rows(any_bench, Event)].count("merged") == 1


class TestDifferentRequesters:
    def test_are_refused_unless_a_person_says_it_is_one(self, any_bench: Bench) -> None:
        first, second = two(any_bench, second=OTHER)
        with pytest.raises(Refused, match="different requesters") as refusal:
            merge(any_bench, second, first)
        assert refusal.value.field == "same_person"
        assert not the_ticket(any_bench, second).is_closed
        merge(any_bench, second, first, same_person=True)
        assert the_ticket(any_bench, first).requester == JO

    @pytest.mark.parametrize("second", ["Kim Roe <jo@home.example>", "Kim Roe <kim@other.example>"])
    def test_are_told_by_name_or_address(self, bench: Bench, second: str) -> None:
        tickets = two(bench, second=second)
        with pytest.raises(Refused, match="different requesters"):
            merge(bench, tickets[1], tickets[0])

    def test_are_shown_masked(self, bench: Bench) -> None:
        first, second = two(bench, second=OTHER)
        with pytest.raises(Refused) as refusal:
            merge(bench, second, first)
        assert "k***@other.example here, j***@home.example there" in str(refusal.value)

    def test_of_which_one_is_unknown_are_different_too(self, bench: Bench) -> None:
        first = opened(bench, Intent.ACCESS)
        post = {"channel": "C0INTAKE", "ts": "1795424400.000100", "user": "U5", "text": "Somebody called"}
        second = take_slack(bench, post, Intent.ERASURE).reference
        assert second
        with pytest.raises(Refused, match="different requesters"):
            merge(bench, second, first)
        merge(bench, first, second, same_person=True)
        assert the_ticket(bench, second).requester == JO  # now somebody can be answered

    def test_of_one_matter_both_may_add_to_it(self, bench: Bench) -> None:
        first, second = two(bench, second=OTHER)
        merge(bench, second, first, same_person=True)
        filed = take(bench, mail("More.", subject=f"Re: [{second}] x", number=8, sender=OTHER))
        assert filed.reference == first
        assert filed.answer == "no answer: another address than the requester's"


class TestRefusals:
    @pytest.mark.parametrize("into", ["", "nonsense", "PRV-2026-99999", "<!channel>"])
    def test_of_no_such_ticket(self, bench: Bench, into: str) -> None:
        first = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused) as refusal:
            merge(bench, first, into)
        assert "<" not in str(refusal.value) and refusal.value.field == "into"

    def test_of_itself(self, bench: Bench) -> None:
        first = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused, match="itself"):
            merge(bench, first, first.lower())

    def test_of_a_closed_ticket_either_way(self, bench: Bench) -> None:
        first, second = two(bench)
        close(bench, first, access="fulfilled", letter=False)
        for one, other in ((first, second), (second, first)):
            with pytest.raises(Refused, match=f"{first} is closed; reopen it first"):
                merge(bench, one, other)

    def test_of_a_merged_ticket_name_the_one_that_stays(self, bench: Bench) -> None:
        first, second = two(bench)
        third = opened(bench, Intent.RESTRICTION, number=3)
        merge(bench, second, first)
        for one, other in ((second, third), (third, second), (first, second)):
            with pytest.raises(Refused, match=f"{second} was merged into {first}"):
                merge(bench, one, other)

    @pytest.mark.parametrize(
        ("verb", "arguments"),
        [
            ("claim", {}), ("reopen", {}), ("answer_anyway", {}), ("confirm_sender", {}), ("id_received", {}),
            ("ask", {"about": "id", "question": ""}), ("extend", {"reasons": "Much."}), ("set_receipt", {"received_at": MONDAY}),
            ("reclassify", {"intents": ["access"], "regime": "eu_gdpr"}), ("hand_over", {"handler": "U2", "seen": None}),
            ("read_as", {"intent": "access"}), ("note", {"text": "x"}),
        ],
    )  # fmt: skip
    def test_of_every_step_on_a_merged_ticket_say_where_to_go(self, bench: Bench, verb: str, arguments: dict[str, object]) -> None:
        first, second = two(bench)
        merge(bench, second, first)
        before = journal(bench, second)
        with pytest.raises(Refused, match=f"merged into {first}"):
            bench.app.act(verb, second, "U1", **arguments)
        assert journal(bench, second) == before

    def test_where_a_date_would_come_later(self, bench: Bench) -> None:
        """No merge may lengthen a period: the requester was told of an extension of the other ticket only."""
        first, second = two(bench)
        bench.app.act("extend", first, "U1", reasons="Many systems.")
        with pytest.raises(Refused, match=f"Merge {first} into {second} instead"):
            merge(bench, second, first)
        assert not the_ticket(bench, second).is_closed
        merge(bench, first, second)
        assert {request.due_on for request in the_ticket(bench, second).open_requests} == {(MONDAY + timedelta(days=30)).date()}


class TestCandidates:
    def test_are_the_same_senders_first(self, bench: Bench) -> None:
        first, second = two(bench)
        third = opened(bench, Intent.ACCESS, number=3, sender=OTHER)
        found = bench.app.show("merge_candidates", "U1", reference=second, typed="")
        assert [(one["reference"], one["same"]) for one in found] == [(first, True), (third, False)]

    def test_hold_what_was_typed(self, bench: Bench) -> None:
        first, second = two(bench)
        assert [one["reference"] for one in bench.app.show("merge_candidates", "U1", reference=second, typed="00001")] == [first]
        assert bench.app.show("merge_candidates", "U1", reference=second, typed="%") == []
