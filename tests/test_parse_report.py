"""The parse report: a mail as plain values, the mails of a file or folder, and the command as a person meets it."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands.parse_report import describe, mails_in, mails_of
from bot.screening import Policy
from tests.terminal import Terminal

MAILS = Path(__file__).parent / "mail"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
KEYS = {"file", "message_id", "from", "from_name", "subject", "date", "text", "body", "quoted", "attachments", "problems", "verdict",
        "acknowledge", "rule", "kind", "authserv_ids"}  # fmt: skip
ROOT = Path(__file__).parent.parent


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def test_a_report_says_what_was_read() -> None:
    report = describe((MAILS / "person_attachment.eml").read_bytes(), "a.eml", NOW, POLICY)
    assert set(report) == KEYS
    assert (report["file"], report["from"], report["verdict"], report["rule"]) == ("a.eml", "jana@example.org", "accept", "person")
    assert report["attachments"] == [{"name": "ausweis ä.pdf", "type": "application/pdf", "size": 9}]
    assert report["date"] == "2026-11-02T09:15:00+01:00"


TWO = [b"Subject: one\n\nFrom here\nFrom there\n", b"Subject: two\n\nx\n"]


@pytest.mark.parametrize(("mbox", "mails"), [
    (b"From a Mon\nSubject: one\n\n>From here\nFrom there\n\nFrom b Mon\nSubject: two\n\nx\n\n", TWO),
    (b"\nFrom a Mon\nSubject: one\n\n>>From here\n", [b"Subject: one\n\n>From here\n"]),
    (b"From a Mon\nSubject: one\nContent-Length: 23\n\nFrom me\n\nFrom you\n\nxxx\n\nFrom b Mon\nSubject: two\n\nx\n",
     [b"Subject: one\nContent-Length: 23\n\nFrom me\n\nFrom you\n\nxxx\n", b"Subject: two\n\nx\n"]),
    (b"From a Mon\nSubject: one\nContent-Length: 9999\n\nFrom here\n\nFrom b Mon\nSubject: two\n\nx\n",
     [b"Subject: one\nContent-Length: 9999\n\nFrom here\n", b"Subject: two\n\nx\n"]),
    (b"From a Mon\r\nSubject: one\r\n\r\n>From x\r\n\r\nFrom b Mon\r\nSubject: two\r\n\r\nx\r\n",
     [b"Subject: one\r\n\r\nFrom x\r\n", b"Subject: two\r\n\r\nx\r\n"]),
    (b"Subject: one\n\nx\n\nFrom here on\n", [b"Subject: one\n\nx\n\nFrom here on\n"]),
    (b"", [b""]),
])  # fmt: skip
def test_the_dialects_of_mbox(mbox: bytes, mails: list[bytes]) -> None:
    assert list(mails_of(io.BytesIO(mbox))) == mails


def test_a_folder_is_walked_for_mails(tmp_path: Path) -> None:
    for name in ("box/cur/1:2,S", "box/new/2", "box/tmp/3", "deep/down/a.EML", "deep/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    assert [(Path(file).name, raw) for file, raw in mails_in(tmp_path)] == [
        ("1:2,S", b"box/cur/1:2,S"), ("2", b"box/new/2"), ("a.EML", b"deep/down/a.EML"),
    ]  # fmt: skip


def test_the_command_gives_a_line_for_each_mail_whatever_it_is(tmp_path: Path, terminal: Terminal) -> None:
    (tmp_path / "junk.eml").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "broken.eml").write_bytes(b"From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n")
    code, out, err = terminal.run("parse", str(MAILS / "person_plain.eml"), str(tmp_path))
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err, [set(line) for line in lines]) == (0, "", [KEYS] * 4)
    assert [Path(line["file"]).name for line in lines] == ["person_plain.eml", "broken.eml", "empty.eml", "junk.eml"]
    assert lines[1]["verdict"] == "hold"


def test_the_command_reads_an_mbox_from_standard_input(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    mbox = b"From a Mon\nSubject: one\n\nx\n\nFrom b Mon\nSubject: two\n\ny\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mbox)))
    _, out, _ = terminal.run("parse", "-")
    assert [(line["file"], line["subject"]) for line in map(json.loads, out.splitlines())] == [("-", "one"), ("-", "two")]


def test_what_is_no_mail_is_named_without_a_traceback(tmp_path: Path, terminal: Terminal) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for wrong, said in ((empty, "no mail in this folder"), (tmp_path / "absent.eml", "can't be read (No such file or directory)")):
        code, out, err = terminal.run("parse", str(wrong))
        assert (code, out) == (2, "")
        assert str(wrong) in err
        assert said in err


def test_a_reader_who_leaves_early_ends_it_silently(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(b"".join(b"From a Mon\nSubject: one\n\n%b\n\n" % (b"word " * 2_000) for _ in range(100)))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-m", "bot", "parse", str(box)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=env) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(100) == 0


def test_whose_word_on_the_sender_a_mail_carries_and_what_the_own_server_says() -> None:
    raw = (MAILS / "person_plain.eml").read_bytes()
    ours = b"Authentication-Results: MX.acme.example; dmarc=pass header.from=example.org\r\n"
    report = describe(ours + b"Authentication-Results: evil.example; none\r\n" + raw, "a.eml", NOW, POLICY, ("mx.acme.example",))
    assert report["authserv_ids"] == ["mx.acme.example", "evil.example"]
    assert report["authentication"] == {"verdict": "pass", "method": "dmarc", "domain": "example.org"}
    assert "authentication" not in describe(raw, "a.eml", NOW, POLICY)
