"""`privacybot tickets list|show|search`: what people see at a terminal, what scripts get, and who may be read about."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import now
from intents.catalog import Intent
from tests import builders
from tests.builders import Bench
from tests.filing import JO, close, journal, opened
from tests.terminal import Terminal

FIRST, SECOND, THIRD = (f"PRV-{now().year}-{number:05d}" for number in (1, 2, 3))
PERSONAL = (JO, "j***", "Jo Doe", "My data", "Please see to it", "Jo asks for")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.environ["PRIVACYBOT_KEY"] = builders.KEY
    terminal.write(model=None, slack={"desk_channel": "C0DESK", "show": "full"})
    return terminal


@pytest.fixture
def bench(terminal: Terminal) -> Iterator[Bench]:
    """Three tickets, of which the second is claimed and the third closed."""
    bench = Bench(f"sqlite:///{terminal.database}", slack=True)
    bench.clock.at = now()
    opened(bench, Intent.ACCESS)
    opened(bench, Intent.BREACH_REPORT, number=2, sender="Kim <kim@home.example>")
    opened(bench, Intent.ERASURE, number=3, sender="Lee <lee@home.example>")
    bench.app.act("claim", SECOND, "U0ANN")
    close(bench, THIRD, erasure="fulfilled")
    yield bench
    bench.close()


def listed(terminal: Terminal, *arguments: str) -> list[str]:
    code, out, err = terminal.run("tickets", *arguments, "--json")
    assert (code, err) == (0, "")
    return [ticket["reference"] for ticket in json.loads(out)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), [SECOND, FIRST]), (("list",), [SECOND, FIRST]), (("list", "--status", "closed"), [THIRD]),
        (("list", "--status", "all"), [SECOND, FIRST, THIRD]), (("list", "--status", "in_progress"), [SECOND]), (("--overdue",), []),
        (("--unassigned",), [FIRST]), (("--due", "7"), [SECOND]), (("--due", "60"), [SECOND, FIRST]), (("--intent", "access"), [FIRST]),
        (("--regime", "uk_gdpr"), []), (("--handler", "U0ANN"), [SECOND]), (("--handler", "slack:U0ANN"), [SECOND]),
        (("--limit", "1"), [SECOND]), (("unassigned", "--intent", "breach_report"), []), (("search", JO), [FIRST]),
        (("search", " JO@HOME.example "), [FIRST]), (("search", "nobody@home.example"), []), (("search", SECOND.lower()), [SECOND]),
        (("search", "3"), [THIRD]), (("search", "77"), []),
    ],
)  # fmt: skip
def test_which_are_found(terminal: Terminal, bench: Bench, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert listed(terminal, *arguments) == expected


@pytest.mark.parametrize("arguments", [("list",), ("show", FIRST), ("search", JO)])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_nobody_is_named_unless_somebody_asks(
    terminal: Terminal, bench: Bench, arguments: tuple[str, ...], form: tuple[str, ...]
) -> None:
    code, out, _ = terminal.run("tickets", *arguments, *form)
    assert code == 0 and FIRST in out and not any(word in out for word in PERSONAL)
    assert "viewed" not in journal(bench, FIRST)


def test_one_ticket_with_its_dates_their_reasons_and_its_journal(terminal: Terminal, bench: Bench) -> None:
    code, out, err = terminal.run("tickets", "show", FIRST)
    assert (code, err) == (0, "")
    for words in ("access: open, due 20", "1 month", "Art 12(3)", "clocks-20", "letter_queued", "bot"):
        assert words in out
    facts = json.loads(terminal.run("tickets", "show", FIRST, "--json")[1])
    assert [line["kind"] for line in facts["journal"]] == journal(bench, FIRST)
    assert set(facts["requests"][0]) >= {"intent", "outcome", "due_on", "statute", "reasoning", "rules", "extension_notice_by"}


def test_the_texts_are_shown_to_who_asks_and_that_is_journalled(terminal: Terminal, bench: Bench) -> None:
    code, out, _ = terminal.run("tickets", "show", FIRST, "--full")
    assert code == 0 and all(word in out for word in (JO, "Jo Doe", "My data", "Please see to it"))
    assert journal(bench, FIRST)[-1] == "viewed"
    facts = json.loads(terminal.run("tickets", "show", FIRST, "--full", "--json")[1])
    assert facts["requester"] == JO and facts["letters"][0]["text"] == "Please see to it."


@pytest.mark.parametrize("width", [40, 60, 200])
def test_references_are_whole_at_any_width_and_no_line_is_wider(terminal: Terminal, bench: Bench, width: int) -> None:
    terminal.environ["COLUMNS"] = str(width)
    for arguments in (("list",), ("show", FIRST)):
        out = terminal.run_apart("tickets", *arguments)[1]
        assert FIRST in out and "\x1b" not in out
        table = out.splitlines() if arguments == ("list",) else out[out.index("No.") :].splitlines()
        assert len(table) > 3 and all(len(line.rstrip()) <= width for line in table)


def test_how_many_more_there_are(terminal: Terminal, bench: Bench) -> None:
    assert "... and 1 more: --limit 2 shows all" in terminal.run("tickets", "--limit", "1")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "--status", "done"), "--status: allowed are open, in_progress, waiting, closed, all"),
        (("list", "--intent", "x"), "--intent: allowed are access, "), (("list", "--regime", "x"), "--regime: allowed are eu_gdpr, "),
        (("list", "--due", "-1"), "--due: write a number of days from 0 to 9999"), (("--limit", "0"), "--limit: write a number from 1"),
        (("search", "passport"), "Write a whole mail address, a reference"), (("search",), "Write a whole mail address, a reference"),
        (("show",), "There is no such ticket."), (("show", "PRV-2026-99999"), "There is no such ticket."),
        (("list", "x"), "list: takes nothing more"), (("list", "--full"), "--full goes with show REF"),
    ],
)  # fmt: skip
def test_bad_input(terminal: Terminal, bench: Bench, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = terminal.run("tickets", *arguments)
    assert (code, out) == (2, "") and err.startswith(words) and len(err.splitlines()) == 1
