"""Register: what colleagues and commands see of the tickets; looking changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import Refused
from bot.register import find
from intents.catalog import Intent
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, counts, opened, request_ids, take


def references(bench: Bench, which: str, user: str = "U1", argument: str = "") -> list[str]:
    return [str(facts["reference"]) for facts in bench.app.tickets(which, user, argument)]


@pytest.fixture
def filled(any_bench: Bench) -> Bench:
    """1: access, with U1. 2: breach report, due first. 3: authority, no date by law. 4: closed."""
    asked = (Intent.ACCESS, Intent.BREACH_REPORT, Intent.AUTHORITY, Intent.ERASURE)
    for number, intent in enumerate(asked, 1):
        opened(any_bench, intent, number=number)
    any_bench.app.act("claim", "PRV-2026-00001", "U1")
    ids = request_ids(any_bench, "PRV-2026-00004")
    any_bench.app.act("close", "PRV-2026-00004", "U2", outcomes=dict.fromkeys(ids.values(), "fulfilled"), reasons="", letter=False)
    return any_bench


def test_lists_open_tickets_the_earliest_date_first_and_those_without_last(filled: Bench) -> None:
    assert references(filled, "list") == ["PRV-2026-00002", "PRV-2026-00001", "PRV-2026-00003"]
    assert references(filled, "mine") == ["PRV-2026-00001"]
    assert references(filled, "mine", user="U2") == []
    assert references(filled, "unassigned") == ["PRV-2026-00002", "PRV-2026-00003"]


def test_lists_what_is_due_and_what_is_late(filled: Bench) -> None:
    assert references(filled, "due") == ["PRV-2026-00002"]
    assert references(filled, "due", argument="60") == ["PRV-2026-00002", "PRV-2026-00001"]
    assert references(filled, "overdue") == []
    filled.clock.at = MONDAY + timedelta(days=4)
    assert references(filled, "overdue") == ["PRV-2026-00002"]


def test_shows_one_ticket_in_any_letter_case(filled: Bench) -> None:
    assert references(filled, "show", argument=" prv-2026-00004 ") == ["PRV-2026-00004"]


@pytest.mark.parametrize(
    ("which", "argument"), [("show", ""), ("show", "<!channel>"), ("show", JO), ("due", "soon"), ("due", "-1"), ("due", "9" * 9)]
)
def test_says_how_to_ask_and_repeats_nothing(bench: Bench, which: str, argument: str) -> None:
    with pytest.raises(Refused) as caught:
        bench.app.tickets(which, "U1", argument)
    assert not argument or argument not in str(caught.value)


@pytest.mark.parametrize(
    ("show", "seen", "hidden"),
    [
        ("reference", (), (JO, "j***@home.example", "Jo Doe", "My data", "Jo asks for access.")),
        ("masked", ("j***@home.example",), (JO, "Jo Doe", "My data", "Jo asks for access.")),
        ("full", (JO, "My data", "Jo asks for access."), ()),
    ],
)
def test_a_card_holds_what_the_config_lets_it_show(bench: Bench, show: str, seen: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    opened(bench, Intent.ACCESS)
    config = bench.app.config
    assert config.slack is not None
    office = replace(bench.app.office, config=config.model_copy(update={"slack": config.slack.model_copy(update={"show": show})}))
    facts = str(bench.app.read(lambda session: find(session, office, "list", "U1", "", bench.clock())))
    assert all(word in facts for word in seen)
    assert not any(word in facts for word in hidden)


def test_the_whole_ticket_has_texts_files_and_open_requests(any_bench: Bench) -> None:
    reference = take(any_bench, mail("All of it, please."), Intent.ACCESS, Intent.ERASURE).reference or ""
    seen = any_bench.app.look(reference, "U1")
    assert [request["intent"] for request in seen["open"]] == ["access", "erasure"]
    first, letter = seen["messages"]
    assert (first["who"], first["subject"], first["text"], first["direction"]) == (JO, "My data", "All of it, please.", "received")
    assert first["when"] == "23 Nov 2026 10:00"
    assert letter["direction"] == "sent"


def test_looking_at_lists_changes_nothing(filled: Bench) -> None:
    before = counts(filled)
    for which in ("list", "mine", "unassigned", "overdue", "due"):
        filled.app.tickets(which, "U1", "")
    filled.app.figures()
    assert counts(filled) == before


def test_figures_count_what_an_operator_watches(filled: Bench) -> None:
    filled.app.deliver()
    filled.clock.at = MONDAY + timedelta(days=4)
    figures = filled.app.figures()
    watched = ("tickets_open", "tickets_overdue", "tickets_unassigned", "requests_open", "outbox_waiting", "messages_received")
    assert [figures[name] for name in watched] == [3, 1, 2, 3, 0, 4]
