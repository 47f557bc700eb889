"""A colleague's forward from mail to letter: the right requester and date, silence, and the acknowledgement when a person has confirmed."""

from datetime import UTC, date, datetime

import pytest

from bot.asking.forwards import CONFIRM, NO_REQUESTER
from bot.desk import Refused
from bot.letterbox import UNCONFIRMED
from bot.mailbox import Mail
from intents.catalog import Intent
from models import Suppression, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, journal, notices, our_message_id, reply, rows, take, the_ticket

ANN = "Ann Colleague <ann@example.test>"
FORWARD = """\
Please handle. Ann

-----Original Message-----
From: Jo Doe <jo@home.example>
Sent: Friday, November 20, 2026 9:00 AM
To: Info <info@example.test>
Subject: My data

Please delete all my data.
"""
GERMAN = """\
Kümmert ihr euch?

Von: Jo Doe <jo@home.example>
Gesendet: Freitag, 20. November 2026 09:00
An: Info <info@example.test>
Betreff: Löschung

Guten Tag,
bitte löschen Sie alle personenbezogenen Daten, die Sie über mich gespeichert haben (Art. 17 DSGVO).
"""
FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def forwarded(bench: Bench, *intents: Intent, body: str = FORWARD, number: int = 1) -> str:
    filed = take(bench, mail(body, sender=ANN, subject="FW: My data", number=number), *intents)
    assert filed.reference is not None
    return filed.reference


class TestForward:
    def test_opens_the_writers_ticket_from_the_day_it_first_came(self, any_bench: Bench) -> None:
        ticket = the_ticket(any_bench, forwarded(any_bench, Intent.ERASURE))
        assert (ticket.requester, ticket.requester_name, ticket.received_at) == (JO, "Jo Doe", FRIDAY)
        assert ticket.requests[0].due_on == date(2026, 12, 21)  # the 20th is a Sunday
        assert ticket.warnings == [CONFIRM]

    def test_is_journalled_without_an_address(self, bench: Bench) -> None:
        ticket = the_ticket(bench, forwarded(bench, Intent.ERASURE))
        assert "forwarded" in [event.kind for event in ticket.events]
        assert not any("@" in str(event.detail) for event in ticket.events)

    def test_is_answered_to_nobody(self, any_bench: Bench) -> None:
        reference = forwarded(any_bench, Intent.ERASURE)
        any_bench.app.deliver()
        assert any_bench.letters.sent == []
        reasons = [event.detail["reason"] for event in the_ticket(any_bench, reference).events if event.kind == "not_acknowledged"]
        assert reasons == [UNCONFIRMED]

    def test_is_never_noise(self, bench: Bench) -> None:
        assert the_ticket(bench, forwarded(bench, Intent.OTHER)).requester == JO

    def test_shows_the_buttons_until_a_person_has_confirmed(self, bench: Bench) -> None:
        reference = forwarded(bench, Intent.ERASURE)
        bench.app.act("confirm_sender", reference, "U1")
        bench.app.deliver()
        assert [card.payload["card"]["sender_waits"] for card in bench.slack.of_kind("card")][-1:] == [False]

    def test_of_the_requesters_answer_joins_their_ticket(self, bench: Bench) -> None:
        first = take(bench, mail("Delete me.", number=7), Intent.ERASURE).reference
        answer = f"In-Reply-To: {our_message_id(bench)}\n"
        joined = take(bench, mail(FORWARD, sender=ANN, subject="FW: My data", headers=answer, number=8), Intent.ERASURE)
        assert (joined.reference, joined.answer) == (first, "no answer: another address than the requester's")
        theirs = "References: <m7@home.example>\n"
        original = take(bench, mail(FORWARD, sender=ANN, subject="FW: x", headers=theirs, number=9), Intent.ERASURE)
        assert original.reference == first
        assert CONFIRM not in the_ticket(bench, first or "").warnings
        assert len(notices(bench, "acknowledgement")) == 1

    def test_without_a_readable_writer_has_no_requester_and_runs_from_the_forward(self, bench: Bench) -> None:
        ticket = the_ticket(bench, forwarded(bench, Intent.ERASURE, body="A customer wants to be deleted."))
        assert (ticket.requester, ticket.received_at, ticket.warnings) == (None, MONDAY, [NO_REQUESTER])

    def test_of_a_stranger_stays_theirs_and_is_acknowledged(self, bench: Bench) -> None:
        body = "Unsubscribe me.\n\nFrom: News <news@shop.example>\nSent: 20 November 2026 09:00\nTo: Kim\nSubject: Sale\n\nSale!"
        take(bench, mail(body, sender="kim@else.example", subject="Fwd: Sale"), Intent.UNSUBSCRIBE)
        assert [row.address for row in rows(bench, Suppression)] == ["kim@else.example"]
        assert [notice.payload and notice.payload["to"] for notice in notices(bench, "unsubscribed")] == ["kim@else.example"]


class TestConfirmSender:
    def test_sends_the_acknowledgement_that_waited_once(self, any_bench: Bench) -> None:
        reference = forwarded(any_bench, Intent.ERASURE)
        any_bench.app.act("confirm_sender", reference, "U1")
        any_bench.app.deliver()
        [letter] = any_bench.letters.sent
        assert (letter.payload["to"], letter.payload["in_reply_to"]) == (JO, "")
        assert "20 November 2026" in letter.payload["text"]
        assert "ann@" not in str(letter.payload)
        assert the_ticket(any_bench, reference).warnings == []
        with pytest.raises(Refused, match="no sender to confirm"):
            any_bench.app.act("confirm_sender", reference, "U2")

    def test_speaks_the_requesters_language(self, any_bench: Bench) -> None:
        note_in_english = "Could you please take care of this? The customer called twice already.\n" + GERMAN
        filed = any_bench.app.file_mail(Mail(1, MONDAY, mail(note_in_english, sender=ANN, subject="WG: Löschung")))
        any_bench.app.act("confirm_sender", filed.reference or "", "U1")
        any_bench.app.deliver()
        [letter] = any_bench.letters.sent
        assert (letter.payload["to"], letter.payload["language"]) == (JO, "de")
        assert [request.intent for request in the_ticket(any_bench, filed.reference or "").requests] == ["erasure"]

    def test_of_what_is_unclear_waits_for_that_too(self, bench: Bench) -> None:
        reference = forwarded(bench)
        bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        assert notices(bench, "acknowledgement") == []
        bench.app.act("confirm_sender", reference, "U1")
        assert len(notices(bench, "acknowledgement")) == 1

    def test_before_it_is_clear_what_is_asked_waits_for_that(self, bench: Bench) -> None:
        reference = forwarded(bench)
        bench.app.act("confirm_sender", reference, "U1")
        assert notices(bench, "acknowledgement") == []
        bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        assert len(notices(bench, "acknowledgement")) == 1

    def test_of_an_authoritys_letter_leaves_the_answer_to_a_person(self, bench: Bench) -> None:
        bench.app.act("confirm_sender", forwarded(bench, Intent.AUTHORITY), "U1")
        assert notices(bench, "acknowledgement") == []

    def test_goes_also_where_the_colleagues_own_mail_would_get_no_answer(self, bench: Bench) -> None:
        sent_by_exchange = "X-Auto-Response-Suppress: All\n"
        filed = take(bench, mail(FORWARD, sender=ANN, subject="FW: x", headers=sent_by_exchange), Intent.ERASURE)
        bench.app.act("confirm_sender", filed.reference or "", "U1")
        assert len(notices(bench, "acknowledgement")) == 1

    def test_without_an_address_says_what_to_do(self, bench: Bench) -> None:
        reference = forwarded(bench, Intent.ERASURE, body="A customer wants to be deleted.")
        with pytest.raises(Refused, match="Correct sender"):
            bench.app.act("confirm_sender", reference, "U1")

    def test_of_what_nobody_forwarded_is_refused(self, bench: Bench) -> None:
        filed = take(bench, mail("Delete me."), Intent.ERASURE)
        with pytest.raises(Refused):
            bench.app.act("confirm_sender", filed.reference or "", "U1")

    def test_while_the_requester_writes_themselves_nothing_goes_out_unconfirmed(self, bench: Bench) -> None:
        reference = forwarded(bench, Intent.ERASURE)
        joined = take(bench, reply(to="<m1@home.example>", subject=f"Re: [{reference}]"), Intent.ERASURE)
        assert (joined.reference, joined.answer) == (reference, f"no answer: {UNCONFIRMED}")


class TestCorrectSender:
    def test_sets_address_and_receipt_and_acknowledges(self, any_bench: Bench) -> None:
        reference = forwarded(any_bench, Intent.ERASURE, body="A customer wants to be deleted.")
        any_bench.app.act("correct_sender", reference, "U1", address=" Kim@Else.example ", received_at=FRIDAY)
        ticket = the_ticket(any_bench, reference)
        assert (ticket.requester, ticket.received_at, ticket.warnings) == ("kim@else.example", FRIDAY, [])
        assert ticket.requests[0].due_on == date(2026, 12, 21)
        assert [notice.payload and notice.payload["to"] for notice in notices(any_bench, "acknowledgement")] == ["kim@else.example"]
        assert {"sender_corrected", "receipt_set", "sender_confirmed"} <= set(journal(any_bench, reference))
        assert not any("@" in str(event.detail) for event in ticket.events)

    def test_takes_back_what_was_done_in_the_wrong_name(self, bench: Bench) -> None:
        reference = forwarded(bench, Intent.UNSUBSCRIBE)
        assert [row.address for row in rows(bench, Suppression)] == [JO]
        bench.app.act("correct_sender", reference, "U1", address="kim@else.example", received_at=FRIDAY)
        assert [row.address for row in rows(bench, Suppression)] == ["kim@else.example"]

    @pytest.mark.parametrize(
        ("address", "received_at"),
        [("nobody", FRIDAY), ("", FRIDAY), ("privacy@example.test", FRIDAY), (JO, datetime(2027, 1, 1, tzinfo=UTC))],
    )
    def test_refuses_what_can_not_be(self, bench: Bench, address: str, received_at: datetime) -> None:
        reference = forwarded(bench, Intent.ERASURE)
        with pytest.raises(Refused):
            bench.app.act("correct_sender", reference, "U1", address=address, received_at=received_at)
        assert the_ticket(bench, reference).requester == JO
        assert notices(bench, "acknowledgement") == []


class TestAgents:
    def test_letters_of_one_service_are_never_merged_or_linked(self, any_bench: Bench) -> None:
        for number in (1, 2, 3):  # the same words: whose data it is stands in the attachment
            take(any_bench, mail("See the form.", sender="Incogni <dsr@incogni.com>", number=number), Intent.ERASURE)
        tickets = rows(any_bench, Ticket)
        assert len(tickets) == 3
        assert {warning for ticket in tickets for warning in ticket.warnings} == {"agent: Incogni; no authority found"}

    def test_open_tickets_are_grouped_for_one_look(self, any_bench: Bench) -> None:
        for number in range(1, 24):
            take(any_bench, mail(f"For person {number}.", sender="Incogni <dsr@incogni.com>", number=number), Intent.ERASURE)
        take(any_bench, mail("I write on behalf of Mr Roe.", sender="Lee <lee@law.example>", number=30), Intent.ACCESS)
        take(any_bench, mail("Delete my data.", number=31), Intent.ERASURE)
        service, lawyer = any_bench.app.tickets("agents", "U1", "")
        assert (service["agent"], service["count"], len(service["references"])) == ("Incogni", 23, 20)
        assert (lawyer["agent"], lawyer["references"]) == ("another representative (l***@law.example)", ["PRV-2026-00024"])

    def test_closed_ones_are_left_out(self, bench: Bench) -> None:
        filed = take(bench, mail("Delete.", sender="dsr@incogni.com"), Intent.ERASURE)
        ids = {request.id: "fulfilled" for request in the_ticket(bench, filed.reference or "").requests}
        bench.app.act("close", filed.reference or "", "U1", outcomes=ids, reasons="", letter=False)
        assert bench.app.tickets("agents", "U1", "") == []

    def test_an_authority_that_comes_later_is_told(self, bench: Bench) -> None:
        lee = "Lee <lee@law.example>"
        filed = take(bench, mail("I write on behalf of Mr Roe.", sender=lee), Intent.ACCESS)
        later = "On behalf of Mr Roe: the signed authorization attached."
        take(bench, reply(later, to="<m1@home.example>", sender=lee), Intent.ACCESS)
        told = "sent on behalf of somebody; an authority is spoken of, no file came"
        assert the_ticket(bench, filed.reference or "").warnings[-1] == told


def test_a_group_that_rewrote_from_is_answered_to_the_writer(bench: Bench) -> None:
    sender = "'Jo Doe' via Privacy <privacy@example.test>"
    take(bench, mail("Delete me.", sender=sender, headers="Reply-To: Jo Doe <jo@home.example>\n"), Intent.ERASURE)
    assert [notice.payload and notice.payload["to"] for notice in notices(bench, "acknowledgement")] == [JO]
