"""Complaints and domain reports are known with and without the parts of the standard; a person who complains is not one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.parsing import parse_email
from bot.screening import Decision, Policy, screen

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
REPORTS = sorted((Path(__file__).parent / "mail" / "feedback_report").glob("*.eml"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_each_report_is_ignored(path: Path) -> None:
    verdict = screen(parse_email(path.read_bytes(), NOW), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.kind) == (Decision.IGNORE, False, "feedback_report")


@pytest.mark.parametrize(
    "subject", ["Complaint about message from your marketing", "Abuse report: you abuse my data", "Fwd: Report domain: acme.example"]
)
def test_a_person_who_complains_is_heard(subject: str) -> None:
    raw = (
        f"From: Jana <jana@example.org>\nTo: privacy@acme.example\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\n\nStop sending me this, I object to it.\n--b\nContent-Type: message/rfc822\n\nSubject: Offer\n\nBuy\n--b--\n"
    )
    assert screen(parse_email(raw.encode(), NOW), POLICY).rule == "person"


def test_a_complaint_inside_a_forwarded_mail_stays_inside() -> None:
    raw = (
        b"From: Jana <jana@example.org>\nTo: privacy@acme.example\nSubject: What is this?\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nYour partner sent me this. Which data have they?\n--b\nContent-Type: message/rfc822\n\nSubject: x\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=c\n\n--c\nContent-Type: message/feedback-report\n\n"
        b"Feedback-Type: abuse\n--c--\n--b--\n"
    )
    assert screen(parse_email(raw, NOW), POLICY).rule == "person"


def test_a_report_that_spamcop_sends_is_known_by_its_field() -> None:
    raw = b"From: 123@reports.example\nSubject: [SpamCop (192.0.2.1) id:123]Re: Hello\nX-SpamCop-SourceIP: 192.0.2.1\n\nBrief.\n"
    assert screen(parse_email(raw, NOW), POLICY).kind == "feedback_report"
