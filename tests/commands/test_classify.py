"""`privacybot classify` as a script meets it: a line in, a line out, and a broken line by its number."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal

ERASE = {"id": "a1", "subject": "Löschung", "body": "Bitte löschen Sie alle personenbezogenen Daten über mich (Art. 17 DSGVO)."}
ACCESS = {"id": 2, "body": "Please send me a copy of all personal data you hold about me under Article 15 GDPR."}


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def write(terminal: Terminal, *lines: object, encoding: str = "utf-8") -> str:
    """A file of lines; what is no text becomes JSON."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    (terminal.folder / "mails.jsonl").write_text(text, encoding)
    return "mails.jsonl"


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_good_lines_are_answered_in_order(terminal: Terminal) -> None:
    code, out, err = terminal.run("classify", write(terminal, ERASE, "", ACCESS, ""))
    erase, access = answers(out)
    assert (code, err) == (0, "")
    assert (erase["id"], erase["labels"], erase["language"]) == ("a1", ["erasure"], "de")
    assert (access["id"], access["labels"], access["language"]) == (2, ["access"], "en")
    assert erase["scores"]["erasure"] > 0.5 and erase["unclear"] is False
    assert erase["evidence"][0]["label"] == "erasure" and erase["evidence"][0]["text"] in ERASE["body"]


def test_standard_input(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ERASE).encode()), "utf-8"))
    assert answers(terminal.run("classify", "-")[1])[0]["labels"] == ["erasure"]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ('{"id": 3', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('["a", "b"]', "must be an object with id, subject and body"),
        ('"text"', "must be an object with id, subject and body"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_half_done(terminal: Terminal, broken: str, message: str) -> None:
    answer = terminal.run("classify", write(terminal, ERASE, broken, ACCESS))
    assert answer == (2, "", f"mails.jsonl, line 2: {message}\n")


def test_a_file_that_is_not_there_or_no_text(terminal: Terminal) -> None:
    assert terminal.run("classify", "none.jsonl") == (2, "", "none.jsonl: can't be read (No such file or directory)\n")
    write(terminal, ERASE, encoding="utf-16")
    assert terminal.run("classify", "mails.jsonl") == (2, "", "mails.jsonl: is not UTF-8 text\n")


def test_an_empty_file_has_no_answers(terminal: Terminal) -> None:
    assert terminal.run("classify", write(terminal, "")) == (0, "", "")


def test_odd_lines_are_answered_all_the_same(terminal: Terminal) -> None:
    odd = [{}, {"id": None, "subject": None, "body": 17}, {"id": [1], "body": ""}, '{"id": "\\ud83d", "body": "delete my data \\ud83d"}']
    code, out, _ = terminal.run("classify", write(terminal, *odd))
    assert code == 0
    assert [answer["id"] for answer in answers(out)] == [None, None, [1], "\ud83d"]


def test_a_byte_order_mark_is_no_text(terminal: Terminal) -> None:
    assert answers(terminal.run("classify", write(terminal, ERASE, encoding="utf-8-sig"))[1])[0]["id"] == "a1"
