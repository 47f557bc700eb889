"""`privacybot digest`: what it prints, writes and queues, and what it refuses."""

import re
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.app import now
from bot.weeks import Week
from intents.catalog import Intent
from tests import builders
from tests.builders import Bench
from tests.filing import JO, opened
from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """With the packaged model, the key that the bench uses, and a ticket that came in just now."""
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.environ["PRIVACYBOT_KEY"] = builders.KEY
    terminal.write(model=None)
    bench = Bench(f"sqlite:///{terminal.database}", slack=False)
    bench.clock.at = now()
    opened(bench, Intent.ERASURE, Intent.ACCESS)
    bench.close()
    return terminal


def queued(terminal: Terminal) -> list[str]:
    engine = create_engine(f"sqlite:///{terminal.database}")
    with engine.connect() as connection:
        keys = [str(key) for key in connection.scalars(text("SELECT key FROM notices WHERE key LIKE 'digest%' ORDER BY id"))]
    engine.dispose()
    return keys


def this_week() -> Week:
    return Week.of(now().date())


def test_it_is_printed(terminal: Terminal) -> None:
    code, out, err = terminal.run("digest")
    assert (code, err) == (0, "") and "Example GmbH" in out
    assert JO not in out


def test_the_present_week_is_shown_so_far(terminal: Terminal) -> None:
    code, out, err = terminal.run("digest", "--week", str(this_week()))
    assert (code, err) == (0, "")
    assert f"Privacy desk, week {this_week().number} (so far): " in out
    assert "1 received, 1 open, 0 overdue" in out.splitlines()


def test_in_another_language(terminal: Terminal) -> None:
    code, out, _ = terminal.run("digest", "--week", str(this_week()), "--language", "de")
    assert code == 0 and "1 eingegangen, 1 offen, 0 überfällig" in out.splitlines()
    assert terminal.run("digest", "--language", "da") == (2, "", "--language: must be one of en, de, fr, es, it, nl, pl\n")
    code, out, err = terminal.run("digest", "--language", "de", "--send")
    assert (code, out) == (2, "") and err.startswith("--language: goes with printing and --html")
    assert queued(terminal) == []


def test_a_page_that_needs_nothing_else(terminal: Terminal) -> None:
    assert terminal.run("digest", "--week", str(this_week()), "--html", "digest.html") == (0, "", "")
    page = (terminal.folder / "digest.html").read_text("utf-8")
    assert page.lstrip().startswith("<!doctype html>") and "Example GmbH" in page and JO not in page
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert [b64decode(picture)[:8] for picture in pictures] == [b"\x89PNG\r\n\x1a\n"] * 3
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", page)


def test_a_page_that_can_not_be_written(terminal: Terminal) -> None:
    answer = terminal.run("digest", "--html", "nowhere/digest.html")
    assert answer == (2, "", "--html nowhere/digest.html: can't be written (No such file or directory)\n")
    assert terminal.run("digest", "--html", ".")[0] == 2


@pytest.mark.parametrize("week", ["2026-W54", "2026-47", "last", "", "2026-W00", "0000-W01"])
def test_a_week_that_is_none(terminal: Terminal, week: str) -> None:
    code, out, err = terminal.run("digest", "--week", week)
    assert (code, out) == (2, "") and err.startswith("--week: ") and len(err.splitlines()) == 1


@pytest.mark.parametrize("send", [(), ("--send",)], ids=["shown", "sent"])
def test_a_week_to_come(terminal: Terminal, send: tuple[str, ...]) -> None:
    said = f"--week: 2099-W01 has not begun yet; the latest is {this_week()}\n"
    assert terminal.run("digest", "--week", "2099-W01", *send) == (2, "", said)
    following = this_week().next()
    assert terminal.run("digest", "--week", str(following), *send)[0] == 2
    assert queued(terminal) == []


def test_it_is_queued_once_and_says_when(terminal: Terminal) -> None:
    week = Week.of(now().date() - timedelta(days=7))
    assert terminal.run("digest", "--week", str(week), "--send") == (0, "queued 1 notice; the running bot sends them\n", "")
    code, out, err = terminal.run("digest", "--week", str(week), "--send")
    assert (code, err) == (0, "")
    assert re.fullmatch(rf"nothing queued: the digest {week} was queued on [0-9-]{{10}} at [0-9:]{{5}}; 0 of 1 sent\n", out)
    assert queued(terminal) == [f"digest:{week}:0"]


def test_the_present_week_sent_so_far_does_not_take_the_place_of_the_whole_weeks_digest(terminal: Terminal) -> None:
    assert terminal.run("digest", "--week", str(this_week()), "--send")[0] == 0
    assert terminal.run("digest", "--week", str(this_week()), "--send")[1].startswith(f"nothing queued: the digest {this_week()}:")
    [key] = queued(terminal)
    assert key.startswith(f"digest:{this_week()}:20")


def test_without_anybody_to_tell_it_says_so(terminal: Terminal) -> None:
    terminal.write(model=None, digest={"recipients": []})
    assert terminal.run("digest", "--send") == (
        0, "nothing queued: config.yaml names no digest.recipients, and there is no desk in Slack\n", "",
    )  # fmt: skip
