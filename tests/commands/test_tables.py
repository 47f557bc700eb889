"""`privacybot tickets` and `due`: what they print, for people and for scripts, and what they refuse."""

import json

import pytest

from bot.app import now
from intents.catalog import Intent
from tests.builders import Bench, mail, trusting
from tests.filing import JO, opened, take
from tests.terminal import Terminal


@pytest.fixture
def references(terminal: Terminal) -> list[str]:
    """Two open tickets that came in just now."""
    bench = Bench(f"sqlite:///{terminal.database}", slack=False)
    bench.clock.at = now()
    made = [opened(bench, Intent.ERASURE, Intent.ACCESS), opened(bench, Intent.BREACH_REPORT, number=2, sender="Kim <kim@home.example>")]
    bench.close()
    return made


class TestTickets:
    def test_the_most_urgent_first_and_whole_also_where_it_is_narrow(self, terminal: Terminal, references: list[str]) -> None:
        code, out, err = terminal.run("tickets")
        assert (code, err) == (0, "")
        assert out.index(references[1]) < out.index(references[0])
        assert "erasure" in out and "breach_report" in out and "eu_gdpr" in out

    def test_json_for_scripts_names_nobody(self, terminal: Terminal, references: list[str]) -> None:
        code, out, _ = terminal.run("tickets", "--json")
        found = json.loads(out)
        assert code == 0 and [ticket["reference"] for ticket in found] == [references[1], references[0]]
        assert [request["intent"] for request in found[1]["requests"]] == ["erasure", "access"]
        assert JO not in out and "Doe" not in out and "Please see to it" not in out and "My data" not in out

    def test_one_ticket_or_a_choice_of_them(self, terminal: Terminal, references: list[str]) -> None:
        for arguments, expected in (
            ((references[0],), [references[0]]),
            (("due", "--days", "7"), [references[1]]),
            (("due", "--days", "60"), [references[1], references[0]]),
            (("unassigned",), [references[1], references[0]]),
            (("overdue",), []),
        ):
            assert [ticket["reference"] for ticket in json.loads(terminal.run("tickets", *arguments, "--json")[1])] == expected

    def test_one_ticket_tells_what_is_known_of_its_sender(self, terminal: Terminal) -> None:
        bench = Bench(f"sqlite:///{terminal.database}", slack=False, **trusting())
        head = "Authentication-Results: mx.example.test; dmarc={} header.from=home.example\r\n"
        mails = [head.format(word).encode() + mail("Please.", number=number) for number, word in enumerate(("pass", "fail"))]
        filed = [take(bench, raw, Intent.ACCESS) for raw in mails]
        bench.close()
        shown = [terminal.run("tickets", one.reference or "")[1].splitlines() for one in filed]
        assert shown[0][-1] == "sender authenticated (DMARC)"
        assert "warning: sender not authenticated" in shown[1]

    def test_an_unknown_reference(self, terminal: Terminal, references: list[str]) -> None:
        for unknown in ("PRV-2026-99999", "everything", "'; DROP TABLE tickets"):
            code, out, err = terminal.run("tickets", unknown)
            assert (code, out) == (2, "")
            known = "list, overdue, unassigned, due, show REF, search TEXT, or a reference such as PRV-2026-00042"
            assert err == f"There is no such ticket. Write {known}.\n"

    @pytest.mark.parametrize("days", ["-1", "99999999999"])
    def test_days_that_are_none(self, terminal: Terminal, days: str) -> None:
        assert terminal.run("tickets", "due", f"--days={days}") == (2, "", "--days: write a number of days from 0 to 9999\n")

    def test_none_at_all(self, terminal: Terminal) -> None:
        assert terminal.run("tickets", "--json") == (0, "[]\n", "")
        assert terminal.run("tickets")[0] == 0


class TestDue:
    RIGHT = ("due", "--country", "DE", "--subdivision", "BE")

    def test_a_date_and_why(self, terminal: Terminal) -> None:
        code, out, err = terminal.run(*self.RIGHT, "--received", "2026-01-31T10:00+01:00")
        assert (code, err) == (0, "") and "due:            Mon 2026-03-02" in out

    @pytest.mark.parametrize(
        "received", ["31.1.2026", "yesterday", "2026-13-01T10:00+01:00", "2026-01-31", "2026-01-31T10:00", "\N{SNOWMAN}"]
    )
    def test_a_receipt_that_can_not_be_read_is_answered_with_one_that_can(self, terminal: Terminal, received: str) -> None:
        code, out, err = terminal.run(*self.RIGHT, "--received", received)
        assert (code, out) == (2, "") and received in err
        assert "write" in err and "for example 2026-01-31T10:00+01:00" in err and len(err.splitlines()) == 1

    def test_what_is_needed(self, terminal: Terminal) -> None:
        assert terminal.run("due") == (2, "", "--received and --country are needed (or --vectors FILE)\n")
