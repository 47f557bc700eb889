"""`privacybot suppressions`: the list as CSV, one address looked up by exit code, put down and taken off by people."""

import csv
import io
import stat
from pathlib import Path

import pytest

from intents.classifier import Classifier
from tests.terminal import Terminal
from tests.webhook_receiver import SECRET


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.write(model=None)
    assert Classifier.load() is not None  # once, for all commands
    return terminal


def exported(terminal: Terminal, *options: str) -> list[list[str]]:
    code, out, err = terminal.run("suppressions", "export", *options)
    assert (code, err) == (0, "")
    return list(csv.reader(io.StringIO(out)))


def test_an_address_is_found_however_its_letters_are_cased_and_by_its_channel(terminal: Terminal) -> None:
    assert terminal.run("suppressions", "add", "Jo+news@Home.Example")[:2] == (0, "mail: on the list now\n")
    assert terminal.run("suppressions", "add", "jo+NEWS@home.example")[:2] == (0, "mail: was on the list already\n")
    code, out, _ = terminal.run("suppressions", "check", "JO+news@home.example")
    assert code == 0 and out.startswith("suppressed: mail since ") and "(added by hand)" in out
    assert terminal.run("suppressions", "check", "jo@home.example")[:2] == (1, "not suppressed: mail\n")
    assert terminal.run("suppressions", "check", "jo+news@home.example", "--channel", "phone")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("check", "jo"), "ADDRESS: write a mail address as privacy@example.org"),
        (("add", "jo@home.example,kim@home.example"), "ADDRESS: write a mail address"),
        (("export", "--since", "yesterday"), "--since: write a date as 2026-12-24"),
        (("remove", "jo@home.example", "--reason", " "), "--reason: write a text of one line, such as: double opt-in of 2026-11-30"),
        (("export", "--out", "/nope/list.csv"), "--out /nope/list.csv: can't be written (No such file or directory)"),
        (("add", "jo@home.example", "--channel", "fax"), "'fax' is not one of 'mail', 'post', 'phone', 'sms'"),
    ],
)
def test_bad_input_is_told_with_what_is_allowed(terminal: Terminal, arguments: tuple[str, ...], answer: str) -> None:
    code, _, err = terminal.run("suppressions", *arguments)
    assert code == 2
    assert answer in " ".join(err.replace("│", " ").split())


def test_the_export_is_a_table_for_its_owners_eyes(terminal: Terminal) -> None:
    terminal.run("suppressions", "add", "jo@home.example")
    terminal.run("suppressions", "add", "kim@home.example", "--channel", "phone")
    target = terminal.folder / "list.csv"
    target.write_text("an old one")
    target.chmod(0o644)
    assert terminal.run("suppressions", "export", "--out", "list.csv")[:2] == (0, "2 addresses written to list.csv\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes().startswith(b"address,channel,since,reference\r\njo@home.example,mail,")
    assert [row[:2] for row in exported(terminal, "--channel", "phone")] == [["address", "channel"], ["kim@home.example", "phone"]]
    assert exported(terminal, "--since", "2999-01-01") == [["address", "channel", "since", "reference"]]


def test_no_spreadsheet_takes_an_address_for_a_formula(terminal: Terminal) -> None:
    terminal.run("suppressions", "add", "=1+1@home.example")
    assert exported(terminal)[1][0] == "'=1+1@home.example"
    assert exported(terminal, "--plain")[1][0] == "=1+1@home.example"


def test_who_consents_anew_is_taken_off_with_the_reason_and_may_object_again(terminal: Terminal) -> None:
    terminal.environ["PRIVACYBOT_WEBHOOK_SECRET"] = SECRET
    terminal.write(model=None, suppression={"webhook": {"url": "https://news.example.test/"}})
    remove = ("suppressions", "remove", "jo@home.example", "--reason", "double opt-in of 2026-11-30")
    assert terminal.run(*remove)[:2] == (1, "mail: not on the list\n")
    terminal.run("suppressions", "add", "jo@home.example")
    assert terminal.run(*remove)[:2] == (0, "mail: taken off the list\n")
    assert terminal.run("suppressions", "check", "jo@home.example")[0] == 1
    assert len(exported(terminal)) == 1
    assert terminal.run("suppressions", "add", "jo@home.example")[1] == "mail: on the list now\n"
    assert terminal.run("suppressions", "check", "jo@home.example")[0] == 0
