"""`privacybot report`: the register of a period by local days, counted once and named by nobody."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intents.catalog import Intent
from tests.builders import Bench
from tests.filing import JO, close, opened
from tests.terminal import Terminal


@pytest.fixture
def bench(terminal: Terminal) -> Iterator[Bench]:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False, at=datetime(2026, 2, 2, 9, tzinfo=UTC))
    yield bench
    bench.close()


def facts(terminal: Terminal, *arguments: str) -> dict[str, list[dict[str, object]]]:
    code, out, err = terminal.run("report", "--format", "json", *arguments)
    assert (code, err) == (0, "")
    found: dict[str, list[dict[str, object]]] = json.loads(out)
    return found


def test_a_period_is_local_days_and_inclusive(terminal: Terminal, bench: Bench) -> None:
    times = ("2025-12-31T22:59:59", "2025-12-31T23:00:00", "2026-01-31T22:59:59", "2026-01-31T23:00:00")  # Berlin is an hour ahead
    for number, time in enumerate(times, 1):
        opened(bench, Intent.ACCESS, number=number, sender=f"P <p{number}@home.example>", at=datetime.fromisoformat(f"{time}+00:00"))
    found = facts(terminal, "--from", "2026-01-01", "--to", "2026-01-31")["register"]
    assert [row["received_on"] for row in found] == ["2026-01-01", "2026-01-31"]


def test_each_request_is_a_line_with_how_it_ended(terminal: Terminal, bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
    bench.app.act("extend", reference, "U1", reasons="Very many.")
    bench.clock.at += timedelta(days=9)
    close(bench, reference, access="fulfilled")
    other = opened(bench, Intent.ACCESS, number=2, sender="Kim <kim@home.example>")
    bench.app.act("ask", other, "U1", about="id", question="Which shop?")
    first, second, third = facts(terminal, "--from", "2026-01-01", "--to", "2026-12-31")["register"]
    assert first == {
        "reference": reference, "received_on": "2026-02-02", "source": "mail", "intent": "access", "regime": "eu_gdpr",
        "due_on": "2026-05-04", "extended": True, "paused": False, "closed_on": "2026-02-11", "outcome": "fulfilled", "on_time": True,
        "days": 9,
    }  # fmt: skip
    assert (second["intent"], second["outcome"], second["extended"]) == ("erasure", None, True)
    assert (third["reference"], third["due_on"], third["paused"]) == (other, None, True)


def test_it_names_nobody(terminal: Terminal, bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    for form in ("html", "csv", "json"):
        code, out, _ = terminal.run("report", "--from", "2026-01-01", "--format", form)
        assert code == 0 and "PRV-2026-00001" in out
        assert not any(word in out for word in (JO, "Jo Doe", "My data", "Please see to it"))


def test_what_is_purged_is_counted_as_far_as_its_row_remains(terminal: Terminal, bench: Bench) -> None:
    close(bench, opened(bench, Intent.ACCESS), access="fulfilled")
    bench.clock.at += timedelta(days=400)
    bench.app.purge()
    assert len(facts(terminal, "--from", "2026-01-01")["register"]) == 1
    bench.clock.at += timedelta(days=2000)
    bench.app.purge()
    assert facts(terminal, "--from", "2026-01-01")["register"] == []
    assert '"purged_tickets": 1,' in terminal.run("report", "--from", "2026-01-01", "--format", "json")[1]


def test_a_file_is_never_written_over(terminal: Terminal, bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    arguments = ("report", "--from", "2026-01-01", "--format", "csv", "--out", "register.csv")
    code, out, err = terminal.run(*arguments)
    assert (code, err) == (0, "") and out.startswith("register.csv: 1 requests received from 2026-01-01 to 20")
    written = (terminal.folder / "register.csv").read_bytes()
    assert written.endswith(b"\r\n") and len(list(csv.reader(io.StringIO(written.decode())))) == 2
    assert terminal.run(*arguments) == (2, "", "--out register.csv: is there already; it was left as it is\n")
    assert terminal.run("report", "--out", "no/where.html")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2026-02-01", "--to", "2026-01-01"), "--from 2026-02-01 lies after --to 2026-01-01"),
        (("--from", "2099-01-01", "--to", "2099-12-31"), "--from 2099-01-01 lies in the future; today is "),
        (("--from", "1.1.2026"), "--from: write a date as 2026-12-24"), (("--to", "2026-02-30"), "--to: write a date as 2026-12-24"),
        (("--to", "9999-12-31"), "--to: write a year from 2000 to 2100"), (("--format", "xlsx"), "--format: allowed are html, csv, json"),
        (("--format", "csv", "--table", "all"), "--table: allowed are register, totals, metrics"),
    ],
)  # fmt: skip
def test_bad_input(terminal: Terminal, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = terminal.run("report", *arguments)
    assert (code, out) == (2, "") and err.startswith(words) and len(err.splitlines()) == 1
