"""`privacybot demo` as a newcomer runs it: what it shows, what it leaves, and that nothing stays behind."""

import email
import email.policy
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.dovecot import _children, _lives, wait_until
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 100.0
"""Seconds in which a demo is done on a slow machine."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", "demo", *arguments]


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PRIVACYBOT_")}
    return clean | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more


class Shown:
    """A demo under way, and what it has said so far."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            command(*arguments),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        return "".join(self._lines)

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.text or self.process.poll() is not None, PATIENCE)
        assert words in self.text, self.text

    def end(self, number: int) -> int:
        """Send a signal to it and all who share its terminal, as Ctrl-C does; the exit status."""
        os.killpg(self.process.pid, number)
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    demo = Shown("--serve", "--out", str(tmp_path / "out"))
    yield demo
    if demo.process.poll() is None:
        demo.process.terminate()
        demo.process.wait(PATIENCE)
    assert demo.process.stdout is not None
    demo.process.stdout.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """One demo played through: what it said, and the folder it left."""
    out = tmp_path_factory.mktemp("demo") / "out"
    done = subprocess.run(
        command("--out", str(out)),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, out


def test_it_says_what_came_in_and_what_became_of_it(played: tuple[str, Path]) -> None:
    said, _ = played
    references = set(re.findall(r"PRV-\d{4}-\d{5}", said))
    assert len(references) >= 10
    assert "erasure" in said and "acknowledgement (de)" in said and "acknowledgement (es)" in said
    reasons = set(re.findall(r"no answer: [a-z_ ]+", said))
    assert len(reasons) >= 3, reasons


def test_the_clock_brings_reminder_escalation_and_digest(played: tuple[str, Path]) -> None:
    said, _ = played
    parts = ["Next Monday: the weekly digest", "A week before the first month ends: the reminder", "On its last day: the escalation"]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    digest, reminder, escalation = said[places[0] : places[1]], said[places[1] : places[2]], said[places[2] :]
    assert "Example GmbH" in digest
    assert "PRV-" in reminder and "Slack, " in reminder
    assert "mail to legal@example.org:" in escalation and "PRV-" in escalation


def test_it_leaves_letters_cards_and_the_digest(played: tuple[str, Path]) -> None:
    said, out = played
    letters = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (out / "letters").glob("*.eml")]
    assert len(letters) >= 10
    assert all(letter["Message-ID"] and letter["X-Privacybot-Loop"] for letter in letters)
    assert sum(letter["Auto-Submitted"] is None for letter in letters) == 1  # the closing letter: a colleague decided on it
    cards = json.loads((out / "cards.json").read_text("utf-8"))
    assert any("PRV-" in json.dumps(card["blocks"]) for card in cards)
    shown = (out / "cards.html").read_text("utf-8").partition("</style>")[2]
    assert "Form: View" in shown and "PRV-" in shown and 'class="unknown"' not in shown and "broadcast" not in shown
    page = (out / "digest.html").read_text("utf-8")
    assert page.lstrip().startswith("<!doctype html>")
    assert page.count('src="data:image/png;base64,') == 3 and "cid:" not in page
    assert f"{out.name}" in said


def test_a_folder_that_can_not_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    answer = Terminal(tmp_path, monkeypatch, capsys).run("demo", "--out", "file/out")
    assert answer == (2, "", "--out file/out: can't be made (Not a directory)\n")


def test_a_mail_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    (tmp_path / "mail_devel.py").write_text("raise SystemExit(1)")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        command("--out", str(tmp_path / "out")),
        env=environment(PYTHONPATH=path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "the demo's mail server did not start\n")


def test_serving_ends_when_told_and_leaves_no_process(shown: Shown, tmp_path: Path) -> None:
    shown.wait_for("Ctrl-C ends it.")
    children = _children(shown.process.pid)
    assert children
    assert shown.end(signal.SIGTERM) == 0
    assert not any(_lives(child) for child in children)
    assert "Traceback" not in shown.text
    assert (tmp_path / "out" / "cards.json").exists() and list((tmp_path / "out" / "letters").glob("*.eml"))


def test_ended_in_the_middle_it_leaves_no_process_either(shown: Shown) -> None:
    shown.wait_for("IMAP and SMTP on 127.0.0.1")
    children = _children(shown.process.pid)
    assert shown.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert children and not any(_lives(child) for child in children)
    assert "Traceback" not in shown.text
