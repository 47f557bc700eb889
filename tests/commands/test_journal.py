"""`privacybot journal verify`: what it says, to people and to scripts, and its exit codes."""

import json
from collections.abc import Iterator

import pytest

from intents.catalog import Intent
from tests.builders import Bench
from tests.filing import opened
from tests.terminal import Terminal

REF = "PRV-2026-00001"


@pytest.fixture
def bench(terminal: Terminal) -> Iterator[Bench]:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False)
    opened(bench, Intent.ACCESS)
    opened(bench, Intent.ACCESS, number=2, sender="Kim <kim@home.example>")
    yield bench
    bench.close()


def tamper(bench: Bench) -> None:
    statement = "UPDATE events SET actor = 'cli' WHERE ticket_id = 1 AND number = 2"
    bench.app.read(lambda session: session.connection().exec_driver_sql(statement))


def test_intact(terminal: Terminal, bench: Bench) -> None:
    assert terminal.run("journal", "verify") == (0, "Intact: 8 lines of 2 tickets; 0 purged.\n", "")
    assert terminal.run("journal", "verify", "--ticket", REF.lower()) == (0, "Intact: 4 lines of 1 tickets; 0 purged.\n", "")
    facts = json.loads(terminal.run("journal", "verify", "--json")[1])
    assert facts == {"intact": True, "tickets": 2, "lines": 8, "purged": 0, "breaks": []}


def test_not_intact(terminal: Terminal, bench: Bench) -> None:
    tamper(bench)
    words = f"{REF}: line 2 was altered"
    assert terminal.run("journal", "verify") == (1, f"{words}\nNOT intact: 1 found in 8 lines of 2 tickets; 0 purged.\n", "")
    code, out, _ = terminal.run("journal", "verify", "--ticket", REF, "--json")
    assert code == 1 and json.loads(out)["breaks"] == [{"reference": REF, "line": 2, "how": "altered", "words": words}]
    assert terminal.run("journal", "verify", "--ticket", "PRV-2026-00002")[0] == 0


@pytest.mark.parametrize("reference", ["PRV-2026-00003", "PRV-2025-00001", "everything", "jo@home.example"])
def test_a_ticket_that_is_none(terminal: Terminal, bench: Bench, reference: str) -> None:
    code, out, err = terminal.run("journal", "verify", "--ticket", reference)
    assert (code, out) == (2, "") and err.startswith("There is no ") and "jo@" not in err


def test_an_empty_database(terminal: Terminal) -> None:
    assert terminal.run("journal", "verify") == (0, "Intact: 0 lines of 0 tickets; 0 purged.\n", "")
