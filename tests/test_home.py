"""What the home tab counts: one colleague's tickets and the desk's, as the calendar of the office has it; and the last full week."""

from datetime import timedelta
from typing import Any

from bot.home import overview
from intents.catalog import Intent
from tests.builders import Bench
from tests.filing import close, opened


def home(bench: Bench, user: str = "U1") -> dict[str, Any]:
    found: dict[str, Any] = bench.app.show("home", user)
    return found


def counts(bench: Bench, user: str = "U1") -> dict[str, int]:
    return {part["name"]: part["count"] for part in home(bench, user)["lists"]}


def test_each_ticket_is_counted_where_it_belongs(any_bench: Bench) -> None:
    bench = any_bench
    mine, other, _ = (opened(bench, Intent.ERASURE, number=number, sender=f"p{number}@people.example") for number in (1, 2, 3))
    bench.app.act("claim", mine, "U1")
    bench.app.act("claim", other, "U2")
    assert counts(bench) == {"overdue": 0, "mine": 1, "due this week": 0, "unassigned": 1, "held": 0}
    bench.clock.at += timedelta(days=40)
    assert counts(bench) == {"overdue": 3, "mine": 1, "due this week": 0, "unassigned": 1, "held": 0}


def test_a_due_date_of_this_week_is_not_late_yet(bench: Bench) -> None:
    opened(bench, Intent.BREACH_REPORT)
    assert counts(bench)["due this week"] == 1
    bench.clock.at += timedelta(days=4)
    assert (counts(bench)["due this week"], counts(bench)["overdue"]) == (0, 1)


def test_closed_ones_wait_for_nobody(bench: Bench) -> None:
    reference = opened(bench, Intent.ERASURE)
    bench.app.act("claim", reference, "U1")
    close(bench, reference, letter=False, erasure="fulfilled")
    assert set(counts(bench).values()) == {0}


def test_of_many_the_most_urgent_are_shown_and_all_are_counted(bench: Bench) -> None:
    for number in range(12):
        opened(bench, Intent.ERASURE, number=number, sender=f"p{number}@people.example")
    [unassigned] = [part for part in home(bench)["lists"] if part["name"] == "unassigned"]
    assert (unassigned["count"], len(unassigned["tickets"])) == (12, 8)


def test_the_digests_figures_are_those_of_the_last_full_week(bench: Bench) -> None:
    assert home(bench)["digest"] is None
    reference = opened(bench, Intent.ERASURE)
    close(bench, reference, letter=False, erasure="fulfilled")
    opened(bench, Intent.ACCESS, number=2)
    bench.clock.at += timedelta(days=7)
    figures = home(bench)["digest"]
    assert {name: figures[name] for name in ("week", "received", "closed", "open", "overdue")} == {
        "week": "2026-W48", "received": 2, "closed": 1, "open": 1, "overdue": 0,
    }  # fmt: skip
    opened(bench, Intent.ACCESS, number=3)
    assert home(bench)["digest"] == figures, "they stand until the next digest"
    bench.clock.at += timedelta(days=7)
    assert home(bench)["digest"]["week"] == "2026-W49"


def test_nothing_of_the_requester_is_shown_beyond_what_the_card_shows(bench: Bench) -> None:
    opened(bench, Intent.ERASURE, sender="Jo Doe <jo@home.example>")
    found = bench.app.read(lambda session: overview(session, bench.app.office, "slack:U1", bench.clock()))
    assert "jo@home.example" not in str(found)
