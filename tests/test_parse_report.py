"""The parse report: a mail as plain values, and the mails of a file."""

from datetime import UTC, datetime
from pathlib import Path

from bot.commands.parse_report import describe, mails_in
from bot.screening import Policy

MAILS = Path(__file__).parent / "mail"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")


def test_a_report_and_the_mails_of_a_file(tmp_path: Path) -> None:
    report = describe((MAILS / "person_attachment.eml").read_bytes(), "a.eml", NOW, POLICY)
    assert (report["file"], report["from"], report["verdict"], report["rule"]) == ("a.eml", "jana@example.org", "accept", "person")
    assert report["attachments"] == [{"name": "ausweis ä.pdf", "type": "application/pdf", "size": 9}]
    assert report["date"] == "2026-11-02T09:15:00+01:00"
    box = tmp_path / "box"
    box.write_bytes(b"From a Mon\nSubject: one\n\n>From here\nFrom there\n\nFrom b Mon\nSubject: two\n\nx\n\n")
    assert list(mails_in(box)) == [b"Subject: one\n\nFrom here\nFrom there\n", b"Subject: two\n\nx\n"]
    assert list(mails_in(MAILS / "person_plain.eml")) == [(MAILS / "person_plain.eml").read_bytes()]


def test_whose_word_on_the_sender_a_mail_carries_and_what_the_own_server_says() -> None:
    raw = (MAILS / "person_plain.eml").read_bytes()
    ours = b"Authentication-Results: MX.acme.example; dmarc=pass header.from=example.org\r\n"
    report = describe(ours + b"Authentication-Results: evil.example; none\r\n" + raw, "a.eml", NOW, POLICY, ("mx.acme.example",))
    assert report["authserv_ids"] == ["mx.acme.example", "evil.example"]
    assert report["authentication"] == {"verdict": "pass", "method": "dmarc", "domain": "example.org"}
    assert "authentication" not in describe(raw, "a.eml", NOW, POLICY)
