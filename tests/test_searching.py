"""Searching: by exact address in any spelling, or by part of a reference; never by text, and what was sought stays private."""

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from tests.builders import Bench, mail
from tests.filing import JO, close, journal, opened, our_message_id, reply, take, the_ticket


def search(bench: Bench, text: str) -> list[str]:
    return [facts["reference"] for facts in bench.app.show("search", "U1", text=text)]


@pytest.mark.parametrize("spelt", [JO, "JO@Home.EXAMPLE", "  jo@home.example ", "<mailto:jo@home.example|jo@home.example>"])
def test_an_address_finds_its_tickets_open_or_closed(any_bench: Bench, spelt: str) -> None:
    first = opened(any_bench, Intent.ACCESS)
    second = opened(any_bench, Intent.ERASURE, number=2)
    opened(any_bench, Intent.ACCESS, number=3, sender="Kim <kim@other.example>")
    close(any_bench, first, access="fulfilled", letter=False)
    assert search(any_bench, spelt) == [second, first]


def test_whoever_wrote_in_a_ticket_is_found_there(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    take(bench, reply(to=our_message_id(bench), sender="Lee <lee@lawyer.example>"))
    assert search(bench, "lee@lawyer.example") == [reference]


@pytest.mark.parametrize("part", ["jo", "home.example", "@home.example", "Please see to it", "%", "PRV-2026-0000_", "", "_"])
def test_anything_but_an_address_or_a_number_is_refused_without_repeating_it(bench: Bench, part: str) -> None:
    opened(bench, Intent.ACCESS)
    with pytest.raises(Refused) as refusal:
        search(bench, part)
    assert str(refusal.value).startswith("Say a whole mail address")


@pytest.mark.parametrize("part", ["PRV-2026-00001", "prv-2026-00001", "2026-00001", "00001", "1"])
def test_a_reference_or_a_part_of_one_finds_its_ticket(bench: Bench, part: str) -> None:
    reference = opened(bench, Intent.ACCESS)
    opened(bench, Intent.ACCESS, number=2, sender="Kim <kim@other.example>")
    assert search(bench, part) == [reference]


def test_an_address_nobody_has_finds_nothing(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    assert search(bench, "jo@home.example.org") == []


def test_a_search_for_a_person_is_journalled_and_counted_without_the_address(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    search(bench, JO)
    search(bench, "1")
    last = the_ticket(bench, reference).events[-1]
    assert (last.kind, last.actor, last.detail) == ("found", "slack:U1", {"by": "address"})
    assert journal(bench, reference).count("found") == 1
    assert bench.app.figures()["searches"] == 2


def test_no_more_is_shown_than_cards_may(bench: Bench) -> None:
    take(bench, mail("Please see to it."), Intent.ACCESS)
    assert JO not in str(bench.app.show("search", "U1", text=JO))
