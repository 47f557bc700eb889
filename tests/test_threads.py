"""Threads: replies find their ticket, a guessed reference never does, and a robot's answer moves nothing."""

from datetime import date, timedelta

import pytest

from bot.intake import Filing
from intents.catalog import Intent
from models import Status, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, journal, notices, opened, our_message_id, reply, request_ids, rows, take, take_slack, the_ticket

EVE = "Eve <eve@else.example>"


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


def close_all(bench: Bench, reference: str) -> None:
    outcomes = dict.fromkeys(request_ids(bench, reference).values(), "fulfilled")
    bench.app.act("close", reference, "U1", outcomes=outcomes, reasons="", letter=False)


class TestReply:
    def test_to_our_letter_joins(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to=our_message_id(any_bench), subject="Something else entirely"))
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        ticket = the_ticket(any_bench, reference)
        assert len([message for message in ticket.messages if message.direction == "in"]) == 2
        assert ticket.warnings == []
        assert [notice.kind for notice in notices(any_bench, "note")] == ["note"]

    def test_to_our_letter_from_another_address_joins_warned_and_unanswered(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to=our_message_id(any_bench), sender=EVE))
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        assert "another address" in filed.answer
        assert the_ticket(any_bench, reference).warnings == ["a message came from another address"]
        assert notices(any_bench, "follow-up") == []

    def test_to_the_requesters_own_mail_joins(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        assert take(any_bench, reply(to="<m1@home.example>")).reference == reference

    def test_of_a_stranger_to_the_requesters_mail_opens_a_ticket_of_its_own(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to="<m1@home.example>", sender=EVE), Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert filed.reference != reference

    def test_with_our_reference_in_the_subject_joins_from_a_participant(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        again = mail("Any news?", subject=f"AW: your letter [{reference.lower()}]", sender="JO@HOME.example", number=2)
        assert take(any_bench, again).reference == reference

    def test_with_a_guessed_reference_opens_a_ticket_of_its_own(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        guessed = mail("Any news?", subject=f"Re: [{reference}]", sender=EVE, number=2)
        filed = take(any_bench, guessed, Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert len(the_ticket(any_bench, reference).messages) == 2  # the request and its acknowledgement

    def test_is_told_to_the_handler(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("claim", reference, "U7")
        take(bench, reply(to=our_message_id(bench)))
        assert [notice.payload and notice.payload.get("mention") for notice in notices(bench, "note")] == [None, "U7"]

    def test_that_could_not_be_read_warns_on_the_card(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        raw = reply("x", to=our_message_id(bench)).replace(
            b"text/plain; charset=utf-8", b"application/pkcs7-mime; smime-type=enveloped-data"
        )
        take(bench, raw)
        assert "encrypted" in the_ticket(bench, reference).warnings


class TestRestingTicket:
    def test_closed_is_reopened_by_a_reply(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        close_all(any_bench, reference)
        take(any_bench, reply(to=our_message_id(any_bench)))
        ticket = the_ticket(any_bench, reference)
        assert ticket.status == Status.OPEN
        assert [(request.outcome, request.due_on) for request in ticket.requests] == [(None, date(2026, 12, 23))]
        assert ticket.due_at is not None

    def test_waiting_is_taken_up_again_but_its_pause_ends_only_by_a_person(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        take(any_bench, reply("My passport.", to=our_message_id(any_bench)))
        ticket = the_ticket(any_bench, reference)
        assert (ticket.status, ticket.due_at) == (Status.OPEN, None)
        any_bench.app.act("id_received", reference, "U1")
        assert the_ticket(any_bench, reference).due_at is not None

    def test_waiting_is_not_moved_by_an_out_of_office(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        before, queued = the_ticket(any_bench, reference), len(notices(any_bench))
        away = mail("I am away.", number=3, headers=f"Auto-Submitted: auto-replied\nIn-Reply-To: {our_message_id(any_bench)}\n")
        filed = take(any_bench, away)
        after = the_ticket(any_bench, reference)
        assert (filed.filing, filed.reference) == (Filing.IGNORED, reference)
        assert (after.status, after.warnings, after.card_version) == (before.status, before.warnings, before.card_version)
        assert len(notices(any_bench)) == queued
        assert [event.kind for event in after.events[len(before.events) :]] == ["auto_reply"]


class TestSecondLetter:
    def test_in_the_same_words_joins_and_keeps_the_first_date(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = MONDAY + timedelta(days=9)
        filed = take(any_bench, mail("Please see to it.", number=2, subject="Reminder"), Intent.ACCESS)
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        ticket = the_ticket(any_bench, reference)
        assert ticket.requests[0].due_on == date(2026, 12, 23)
        assert ticket.warnings == ["the same letter came again"]

    def test_on_the_same_matter_is_linked_and_the_first_keeps_its_date(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = MONDAY + timedelta(days=9)
        filed = take(any_bench, mail("I asked you before.", number=2, subject="Reminder"), Intent.ACCESS)
        assert filed.filing is Filing.OPENED and filed.reference
        first, second = the_ticket(any_bench, reference), the_ticket(any_bench, filed.reference)
        assert first.requests[0].due_on == date(2026, 12, 23)
        assert first.warnings == [f"the same sender asked again: {filed.reference}"]
        assert second.warnings == [f"the same sender asked for this before: {reference}"]

    def test_of_an_agent_for_one_client_after_the_other_never_merges_them(self, any_bench: Bench) -> None:
        agent = "Acme Deletions <req@acme.example>"
        filed = [take(any_bench, mail(f"Erase client {n}.", sender=agent, number=n), Intent.ERASURE) for n in range(1, 6)]
        assert len({f.reference for f in filed}) == 5

    def test_on_another_matter_opens_a_ticket(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        assert take(any_bench, mail("And now delete it.", number=2), Intent.ERASURE).filing is Filing.OPENED

    def test_after_the_first_was_closed_opens_a_ticket(self, bench: Bench) -> None:
        close_all(bench, opened(bench, Intent.ACCESS))
        assert take(bench, mail("Once more, please.", number=2), Intent.ACCESS).filing is Filing.OPENED

    def test_for_another_person_from_the_same_address_opens_a_ticket(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS, sender="Jo Doe <family@home.example>")
        other = mail("I want mine, too.", number=2, sender="Mia Doe <family@home.example>")
        assert take(bench, other, Intent.ACCESS).filing is Filing.OPENED

    @pytest.mark.parametrize("name", ["", '"Doe, Jo" ', "Jo "])
    def test_of_the_same_person_under_a_shorter_name_is_known_as_such(self, bench: Bench, name: str) -> None:
        reference = opened(bench, Intent.ACCESS)
        filed = take(bench, mail("Again.", number=2, sender=f"{name}<{JO}>"), Intent.ACCESS)
        assert the_ticket(bench, filed.reference or "").warnings == [f"the same sender asked for this before: {reference}"]


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


class TestSlack:
    POST = {"channel": "C0INTAKE", "user": "U5", "ts": "1795424400.000100"}  # noqa: RUF012

    def test_post_opens_a_ticket_and_is_answered_in_its_thread(self, any_bench: Bench) -> None:
        event = {**self.POST, "text": "A customer phoned, <mailto:kim@home.example|kim@home.example> wants her data deleted."}
        filed = take_slack(any_bench, event, Intent.ERASURE)
        ticket = the_ticket(any_bench, filed.reference or "")
        assert (ticket.source, ticket.requester) == ("slack", "kim@home.example")
        any_bench.app.deliver()
        [answer] = any_bench.slack.of_kind("answer")
        assert (answer.payload["channel"], answer.payload["thread_ts"]) == ("C0INTAKE", "1795424400.000100")
        assert ticket.reference in answer.payload["text"]
        assert any_bench.letters.sent == []

    def test_same_post_is_known_the_second_time(self, any_bench: Bench) -> None:
        event = {**self.POST, "text": "Somebody wants her data deleted."}
        take_slack(any_bench, event, Intent.ERASURE)
        assert take_slack(any_bench, event, Intent.ERASURE).filing is Filing.KNOWN
        assert len(rows(any_bench, Ticket)) == 1

    def test_thread_reply_joins_and_may_name_the_requester(self, any_bench: Bench) -> None:
        filed = take_slack(any_bench, {**self.POST, "text": "Somebody wants her data deleted."}, Intent.ERASURE)
        later = {**self.POST, "ts": "1795424460.000200", "thread_ts": self.POST["ts"], "text": "It is kim@home.example"}
        joined = take_slack(any_bench, later)
        assert (joined.filing, joined.reference) == (Filing.JOINED, filed.reference)
        ticket = the_ticket(any_bench, filed.reference or "")
        assert (ticket.requester, ticket.warnings) == ("kim@home.example", [])
        assert ticket.events[-1].actor == "slack:U5"

    def test_thanks_below_a_closed_ticket_does_not_reopen_it(self, bench: Bench) -> None:
        reference = take_slack(bench, {**self.POST, "text": "Somebody wants her data deleted."}, Intent.ERASURE).reference or ""
        close_all(bench, reference)
        take_slack(bench, {**self.POST, "ts": "1795424460.000200", "thread_ts": self.POST["ts"], "text": "Great, thanks!"})
        assert the_ticket(bench, reference).is_closed
