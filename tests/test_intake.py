"""Intake: one message becomes one ticket with its dates, its acknowledgement and its card, and filing it again changes nothing."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clerk import open_question
from bot.clocks import due
from bot.intake import Filing
from bot.mailbox import Mail
from bot.parsing import parse_email
from intents.catalog import Intent
from models import Message, Suppression, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, close, counts, journal, notices, opened, our_message_id, reading, record, reply, rows, take, the_ticket

GUIDE = "Please delete all my personal data. I ask for it under Article 17 GDPR."


class TestOneMail:
    def test_becomes_one_ticket_with_its_reference_and_due_date(self, any_bench: Bench) -> None:
        filed = take(any_bench, mail(GUIDE), Intent.ERASURE)
        assert filed.filing is Filing.OPENED
        assert filed.reference is not None
        assert re.fullmatch(r"PRV-2026-\d{5}", filed.reference)
        ticket = the_ticket(any_bench, filed.reference)
        [request] = ticket.requests
        law = due("eu_gdpr", "erasure", MONDAY, any_bench.app.config.place)
        assert (request.due_on, request.due_at, request.statute) == (law.due, law.instant, law.statute)
        assert request.due_on == date(2026, 12, 23)
        assert ticket.due_at == request.due_at
        assert (ticket.requester, ticket.requester_name, ticket.subject) == (JO, "Jo Doe", "My data")

    def test_is_acknowledged_once_in_its_thread(self, any_bench: Bench) -> None:
        take(
            any_bench, mail(GUIDE, headers="References: <old@home.example>\nIn-Reply-To: <newer@home.example>\n", number=7), Intent.ERASURE
        )
        any_bench.app.deliver()
        any_bench.app.deliver()
        [letter] = any_bench.letters.sent
        assert letter.key == "acknowledgement:PRV-2026-00001"
        assert letter.payload["to"] == JO
        assert letter.payload["in_reply_to"] == "<m7@home.example>"
        assert letter.payload["references"] == ["<old@home.example>", "<newer@home.example>"]
        assert "[PRV-2026-00001]" in letter.payload["subject"]
        assert "23 December 2026" in letter.payload["text"]

    def test_shows_one_card(self, any_bench: Bench) -> None:
        take(any_bench, mail(GUIDE), Intent.ERASURE)
        any_bench.app.deliver()
        [card] = any_bench.slack.sent
        assert card.payload["channel"] == "C0DESK"
        assert card.payload["card"]["reference"] == "PRV-2026-00001"
        assert card.payload["card"]["requests"][0]["due_on"] == "2026-12-23"

    def test_is_answered_to_its_sender_never_to_reply_to(self, bench: Bench) -> None:
        take(bench, mail(GUIDE, headers="Reply-To: victim@elsewhere.example\n"), Intent.ERASURE)
        assert [notice.payload and notice.payload["to"] for notice in notices(bench, "acknowledgement")] == [JO]

    def test_filed_again_changes_nothing(self, any_bench: Bench) -> None:
        raw = mail(GUIDE)
        first = take(any_bench, raw, Intent.ERASURE)
        before = counts(any_bench)
        copy = b"Received: from elsewhere.example by mx.example.test; Mon, 23 Nov 2026 10:00:00 +0000\r\n" + raw
        again = take(any_bench, copy, Intent.ERASURE, at=MONDAY + timedelta(hours=1))
        assert (again.filing, again.reference) == (Filing.KNOWN, first.reference)
        assert counts(any_bench) == before

    def test_through_the_whole_app_is_known_the_second_time(self, any_bench: Bench) -> None:
        raw = mail(GUIDE, subject="Request under Article 17 GDPR")
        first = any_bench.app.file_mail(Mail(1, MONDAY, raw))
        before = counts(any_bench)
        again = any_bench.app.file_mail(Mail(2, MONDAY, raw))
        assert again.filing is Filing.KNOWN
        assert again.reference == first.reference
        assert counts(any_bench) == before

    def test_without_slack_queues_only_the_letter(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/mail-only.db", slack=False)
        opened(bench, Intent.ACCESS)
        assert [notice.kind for notice in notices(bench)] == ["acknowledgement"]
        bench.close()


def test_the_reference_names_the_year_at_the_controller(bench: Bench) -> None:
    new_year_in_berlin = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    bench.clock.at = new_year_in_berlin + timedelta(minutes=1)
    assert opened(bench, Intent.ACCESS, at=new_year_in_berlin) == "PRV-2027-00001"


def test_a_double_request_runs_two_clocks(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.COMPLAINT, Intent.ERASURE, Intent.BREACH_REPORT)
    ticket = the_ticket(any_bench, reference)
    ends = {request.intent: request.due_at for request in ticket.requests}
    assert ends["breach_report"] == MONDAY + timedelta(hours=72)
    assert ends["erasure"] == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert ticket.due_at == ends["breach_report"]
    breach = next(request.id for request in ticket.requests if request.intent == "breach_report")
    any_bench.app.act("close", reference, "U1", outcomes={breach: "fulfilled"}, reasons="", letter=False)
    assert the_ticket(any_bench, reference).due_at == ends["erasure"]


class TestUnsubscribe:
    def test_is_suppressed_at_once_and_once(self, any_bench: Bench) -> None:
        for number in (1, 2):
            take(any_bench, mail("No more newsletters.", number=number), Intent.UNSUBSCRIBE)
        [suppression] = rows(any_bench, Suppression)
        assert (suppression.address, suppression.channel, suppression.since) == (JO, "mail", MONDAY)
        assert journal(any_bench, "PRV-2026-00001").count("suppressed") == 1

    def test_said_later_in_the_thread_takes_effect_at_once_too(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        take(bench, reply(to="<m1@home.example>"), Intent.UNSUBSCRIBE)
        assert [suppression.address for suppression in rows(bench, Suppression)] == [JO]
        assert "a later message may also ask for: unsubscribe" in the_ticket(bench, reference).warnings

    def test_of_a_stranger_in_the_thread_suppresses_nobody(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        payload = notices(bench, "acknowledgement")[0].payload
        assert payload
        take(bench, reply(to=payload["message_id"], sender="eve@else.example"), Intent.UNSUBSCRIBE)
        assert rows(bench, Suppression) == []

    def test_when_unclear_waits_for_a_person_who_says_so(self, bench: Bench) -> None:
        filed = take(bench, mail("Stop."), Intent.UNSUBSCRIBE, unclear=True)
        assert rows(bench, Suppression) == []
        bench.app.act("reclassify", filed.reference or "", "U1", intents=["unsubscribe"], regime="eu_gdpr")
        assert [suppression.address for suppression in rows(bench, Suppression)] == [JO]


class TestUrgency:
    @pytest.mark.parametrize("intent", [Intent.BREACH_REPORT, Intent.AUTHORITY])
    def test_pages_the_desk_at_once(self, any_bench: Bench, intent: Intent) -> None:
        reference = opened(any_bench, intent)
        any_bench.app.deliver()
        [line] = any_bench.slack.of_kind("line")
        assert line.payload["channel"] == "C0DESK"
        assert reference in line.payload["text"]

    def test_in_a_later_message_pages_too(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        take(bench, reply("By the way, your customer list is on the net.", to="<m1@home.example>"), Intent.BREACH_REPORT)
        assert len(notices(bench, "line")) == 1

    def test_goes_to_the_managers_where_there_is_no_desk(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/mail-only.db", slack=False)
        reference = opened(bench, Intent.BREACH_REPORT)
        bench.app.deliver()
        [page] = bench.letters.of_kind("page")
        assert page.payload["to"] == "boss@example.test"
        assert reference in page.payload["subject"]
        assert JO not in str(page.payload)
        bench.close()

    def test_is_not_cried_for_a_request(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        assert notices(bench, "line") == []


class TestNoise:
    def test_is_kept_without_a_ticket_and_without_an_answer(self, any_bench: Bench) -> None:
        filed = take(any_bench, mail("Our new chairs are 20% off."), Intent.OTHER)
        assert (filed.filing, filed.reference) == (Filing.NOISE, None)
        assert rows(any_bench, Ticket) == []
        assert notices(any_bench) == []
        assert [message.text for message in rows(any_bench, Message)] == ["Our new chairs are 20% off."]

    def test_is_never_what_could_not_be_read(self, bench: Bench) -> None:
        raw = mail("--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x--").replace(
            b"text/plain; charset=utf-8", b'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x'
        )
        filed = take(bench, raw, Intent.OTHER)
        assert filed.filing is Filing.OPENED
        assert "encrypted" in the_ticket(bench, filed.reference or "").warnings


def test_what_nobody_could_read_is_held_with_its_clock_running(any_bench: Bench) -> None:
    broken = replace(parse_email(mail("x"), MONDAY), problems=("unreadable: ValueError",))
    held = record(any_bench, broken, reading(Intent.ACCESS))
    ticket = the_ticket(any_bench, held.reference or "")
    assert (held.filing, held.answer) == (Filing.HELD, "no answer: held: unreadable")
    assert ticket.warnings == ["unreadable: ValueError", "held: unreadable"]
    assert ticket.due_at == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert notices(any_bench, "acknowledgement") == []


def test_nothing_of_a_message_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    opened(bench, Intent.ACCESS, sender="Zebulon Quux <zebulon@quux.example>")
    bench.app.deliver()
    assert "ebulon" not in caplog.text
    assert "Please see to it" not in caplog.text


def bounce(of: str, number: int = 9, action: str = "failed") -> bytes:
    """A mail server's report that the letter with this Message-ID came back (RFC 3464)."""
    lines = [
        "--b", "Content-Type: text/plain", "", "The letter could not be delivered.",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.home.example", "",
        "Final-Recipient: rfc822; jo@home.example", f"Action: {action}", "Status: 5.1.1", "",
        "--b", "Content-Type: text/rfc822-headers", "", "Subject: Thank you", f"Message-ID: {of}", "", "--b--",
    ]  # fmt: skip
    raw = mail(
        "\n".join(lines), sender="MAILER-DAEMON@home.example", subject="Undelivered Mail", number=number, headers="Return-Path: <>\n"
    )
    return raw.replace(b"text/plain; charset=utf-8", b'multipart/report; report-type=delivery-status; boundary="b"', 1)


class TestBounce:
    def test_of_our_letter_warns_on_the_card(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, bounce(our_message_id(any_bench)))
        assert (filed.filing, filed.reference) == (Filing.IGNORED, reference)
        assert the_ticket(any_bench, reference).warnings == ["our letter came back undelivered"]
        any_bench.app.deliver()
        assert any_bench.slack.of_kind("card")[-1].payload["card"]["warnings"] == ["our letter came back undelivered"]
        assert len(any_bench.slack.of_kind("note")) == 1

    def test_that_is_forged_does_nothing(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        before = journal(any_bench, reference)
        forged = take(any_bench, bounce(f"<{reference.lower()}.acknowledgement.0123456789abcdef@example.test>"))
        assert (forged.filing, forged.reference) == (Filing.IGNORED, None)
        of_requester = take(any_bench, bounce("<m1@home.example>", number=10))
        assert of_requester.reference is None
        assert the_ticket(any_bench, reference).warnings == []
        assert journal(any_bench, reference) == before

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
    def test_that_only_says_where_the_letter_is_warns_of_nothing(self, bench: Bench, action: str) -> None:
        reference = opened(bench, Intent.ACCESS)
        assert take(bench, bounce(our_message_id(bench), action=action)).reference == reference
        assert the_ticket(bench, reference).warnings == []
        assert journal(bench, reference)[-1] == "bounce"

    def test_that_says_in_words_alone_that_the_letter_is_late_warns_of_nothing(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        words = (
            "This is a warning message only. You do not need to resend your message.\n\nThe delivery to jo@home.example has been delayed "
            f"for 24 hours.\n\n----- Original message -----\nMessage-ID: {our_message_id(bench)}\nSubject: Thank you\n"
        )
        subject = "Warning: message delayed 24 hours"
        late = mail(words, sender="MAILER-DAEMON@home.example", subject=subject, headers="Return-Path: <>\n", number=9)
        assert take(bench, late).reference == reference
        assert the_ticket(bench, reference).warnings == []


class TestAnsweringMachine:
    """A robot's mail changes nothing but the journal: what waits goes on waiting, what is closed stays closed."""

    @pytest.mark.parametrize("headers", [
        "Auto-Submitted: auto-replied\nIn-Reply-To: {ours}\n", "In-Reply-To: {ours}\n", "References: {ours}\n", "",
    ])  # fmt: skip
    def test_moves_nothing_and_is_no_answer_to_a_question(self, any_bench: Bench, headers: str) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        before, queued = the_ticket(any_bench, reference), len(notices(any_bench))
        subject = f"Automatic reply: Your message has arrived [{reference}]"
        away = mail("I am away until Monday.", number=3, subject=subject, headers=headers.format(ours=our_message_id(any_bench)))
        filed = take(any_bench, away)
        after = the_ticket(any_bench, reference)
        assert (filed.filing, filed.reference) == (Filing.IGNORED, reference)
        assert (after.status, after.due_at, after.warnings) == (before.status, None, before.warnings)
        assert (after.card_version, len(notices(any_bench))) == (before.card_version, queued)
        assert [event.kind for event in after.events[len(before.events) :]] == ["auto_reply"]
        assert open_question(after, "id")

    def test_leaves_a_closed_ticket_closed(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled", letter=False)
        away = mail("Away.", number=3, headers=f"Auto-Submitted: auto-replied\nIn-Reply-To: {our_message_id(bench)}\n")
        assert take(bench, away).filing is Filing.IGNORED
        assert the_ticket(bench, reference).is_closed
