"""`privacybot evaluate` as its user meets it: figures for labelled mails from anywhere, two models side by side, and clear refusals."""

import json
from pathlib import Path

import pytest

from intents.classifier import PIPELINE
from tests.terminal import Terminal

MAILS: list[dict[str, object]] = [
    {"id": "1", "subject": "", "body": "Please delete my account and all my data.", "labels": ["erasure"], "language": "en"},
    {"id": "2", "subject": "", "body": "Welche Daten haben Sie über mich gespeichert?", "labels": ["access"], "language": "de"},
    {"id": "3", "subject": "", "body": "Where is my parcel? It should have come on Friday.", "labels": ["other"], "language": "en"},
]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def write(terminal: Terminal, mails: list[dict[str, object]]) -> str:
    (terminal.folder / "mine.jsonl").write_text("".join(json.dumps(mail) + "\n" for mail in mails), encoding="utf-8")
    return "mine.jsonl"


def test_mails_from_anywhere_are_scored_by_label_and_language(terminal: Terminal) -> None:
    code, out, err = terminal.run("evaluate", write(terminal, MAILS))

    assert (code, err) == (0, "")
    assert out.startswith("mails 3, macro F1 1.000, micro F1 1.000, exact match 1.000\n")
    assert "calibration error of the top intent" in out
    assert [line.split()[:2] for line in out.splitlines() if line[:3] in ("de ", "en ")] == [["de", "1"], ["en", "2"]]


def test_two_models_stand_side_by_side(terminal: Terminal) -> None:
    code, out, _ = terminal.run("evaluate", write(terminal, MAILS), "--against", str(PIPELINE))

    assert code == 0
    assert out.splitlines()[0].split() == ["3", "mails", "first", "second", "second", "-", "first"]
    assert all(line.endswith("+0.000") for line in out.splitlines()[1:])


def test_an_unknown_label_is_refused_by_line_and_field(terminal: Terminal) -> None:
    code, out, err = terminal.run("evaluate", write(terminal, [MAILS[0], MAILS[1] | {"labels": ["deletion"]}]))

    assert (code, out) == (2, "")
    assert "mine.jsonl, line 2, field labels: 'deletion' is no label" in err


def test_a_model_that_is_not_there_is_named(terminal: Terminal) -> None:
    code, _, err = terminal.run("evaluate", write(terminal, MAILS), "--model", str(Path("no") / "model"))

    assert code == 1
    assert "no trained model at no/model" in err
