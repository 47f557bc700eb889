"""Doubt: a mail whose sender is forged starts its clock and does nothing else, until a colleague has looked at it."""

from collections.abc import Iterator

import pytest

from bot.desk import Refused
from bot.intake import Filing
from bot.register import whole
from intents.catalog import Intent
from models import Status, Suppression, Ticket
from tests.builders import Bench, mail, trusting
from tests.filing import JO, close, counts, journal, notices, opened, our_message_id, reply, rows, take, the_ticket
from tests.test_intake import bounce

VERDICTS = {"pass": "dmarc=pass header.from=home.example", "fail": "dmarc=fail header.from=home.example", "none": "dmarc=none"}


@pytest.fixture
def bench(database: str) -> Iterator[Bench]:
    """A company whose mail server says whom it believes; over SQLite, then over PostgreSQL."""
    bench = Bench(database, **trusting())
    yield bench
    bench.close()


@pytest.fixture
def small(tmp_path: object) -> Iterator[Bench]:
    """The same over SQLite only."""
    bench = Bench(f"sqlite:///{tmp_path}/small.db", **trusting())
    yield bench
    bench.close()


def marked(raw: bytes, verdict: str = "fail") -> bytes:
    """The mail as our server hands it on."""
    return f"Authentication-Results: mx.example.test; {VERDICTS[verdict]}\r\n".encode() + raw


def first_card(bench: Bench) -> dict[str, object]:
    payload = notices(bench, "card")[-1].payload
    assert payload
    return dict(payload["card"])


class TestForgedMail:
    def test_opens_a_ticket_with_its_clock_and_gets_no_letter(self, bench: Bench) -> None:
        filed = take(bench, marked(mail("Delete all my data.")), Intent.ERASURE)
        ticket = the_ticket(bench, filed.reference or "")
        assert (filed.filing, filed.answer) == (Filing.OPENED, "no answer: sender not authenticated")
        assert ticket.due_at is not None and ticket.warnings == ["sender not authenticated"]
        assert ticket.messages[0].authentication == "fail:dmarc"
        assert notices(bench, "acknowledgement") == []
        assert first_card(bench)["authentication"] == "sender not authenticated"
        assert whole(bench.app.office, ticket)["messages"][0]["authentication"] == "sender not authenticated"
        bench.app.act("answer_anyway", ticket.reference, "U1")
        with pytest.raises(Refused, match="not in doubt"):
            bench.app.act("answer_anyway", ticket.reference, "U2")
        bench.app.deliver()
        [letter] = bench.letters.sent
        assert (letter.kind, letter.payload["to"], letter.payload["in_reply_to"]) == ("acknowledgement", JO, "<m1@home.example>")
        settled = the_ticket(bench, ticket.reference)
        assert settled.warnings == []
        assert [event.actor for event in settled.events if event.kind == "sender_accepted"] == ["slack:U1"]

    def test_asks_for_no_more_mail_in_vain_until_a_colleague_believes_it(self, small: Bench) -> None:
        reference = take(small, marked(mail("No more newsletters.")), Intent.UNSUBSCRIBE).reference or ""
        small.app.act("reclassify", reference, "U1", intents=["unsubscribe"], regime="eu_gdpr")
        assert rows(small, Suppression) == []
        small.app.act("answer_anyway", reference, "U1")
        assert [one.address for one in rows(small, Suppression)] == [JO]

    def test_with_a_guessed_reference_leaves_the_victims_ticket_alone(self, bench: Bench) -> None:
        reference = take(bench, marked(mail("Please.", number=1), "pass"), Intent.ACCESS).reference or ""
        close(bench, reference, access="fulfilled", letter=False)
        before = (journal(bench, reference), the_ticket(bench, reference).card_version)
        again = mail("I take it back. Send no more mail.", number=2, subject=f"Re: [{reference}]")
        filed = take(bench, marked(again), Intent.UNSUBSCRIBE)
        assert filed.filing is Filing.OPENED and filed.reference != reference
        assert (journal(bench, reference), the_ticket(bench, reference).card_version) == before
        assert the_ticket(bench, reference).is_closed and rows(bench, Suppression) == []
        assert the_ticket(bench, filed.reference or "").warnings == ["sender not authenticated", f"may belong to {reference}"]

    @pytest.mark.parametrize("body", ["Please see to it.", "I asked you before."])
    def test_that_repeats_a_request_is_not_taken_for_the_same_senders(self, small: Bench, body: str) -> None:
        reference = opened(small, Intent.ACCESS)
        before = journal(small, reference)
        filed = take(small, marked(mail(body, number=2)), Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert (journal(small, reference), the_ticket(small, reference).warnings) == (before, [])

    def test_that_says_thanks_with_a_reference_is_not_lost_as_noise(self, small: Bench) -> None:
        reference = opened(small, Intent.ACCESS)
        filed = take(small, marked(mail("My number is 12.", number=2, subject=f"Re: [{reference}]")), Intent.OTHER)
        assert filed.filing is Filing.OPENED
        assert f"may belong to {reference}" in the_ticket(small, filed.reference or "").warnings

    def test_that_names_no_ticket_leaves_the_victims_only_one_alone(self, small: Bench) -> None:
        reference = opened(small, Intent.ACCESS)
        before = (journal(small, reference), the_ticket(small, reference).card_version)
        filed = take(small, marked(mail("Here is my number.", number=2)), Intent.OTHER)
        assert filed.filing is Filing.OPENED and filed.reference != reference
        assert (journal(small, reference), the_ticket(small, reference).card_version) == before
        assert the_ticket(small, reference).warnings == []
        assert f"may belong to {reference}" in the_ticket(small, filed.reference or "").warnings

    def test_that_asks_for_nothing_stays_noise(self, small: Bench) -> None:
        assert take(small, marked(mail("20% off.")), Intent.OTHER).filing is Filing.NOISE
        assert rows(small, Ticket) == []

    def test_is_answered_where_the_policy_says_so(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/answers.db", **trusting(unauthenticated="answer"))
        filed = take(bench, marked(mail("No more newsletters.")), Intent.UNSUBSCRIBE)
        assert filed.answer == "acknowledgement"
        assert the_ticket(bench, filed.reference or "").warnings == ["sender not authenticated"]
        assert rows(bench, Suppression) == []
        bench.close()


class TestForgedReplyToOurLetter:
    """Whoever names our Message-ID had our letter: it is theirs to see to, but it moves nothing."""

    def test_is_attached_with_a_warning_and_wakes_nobody(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("ask", reference, "U1", about="id", question="")
        letters = len(notices(bench, "follow-up"))
        filed = take(bench, marked(reply("No more mail, please.", to=our_message_id(bench))), Intent.UNSUBSCRIBE)
        ticket = the_ticket(bench, reference)
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        assert (ticket.status, rows(bench, Suppression)) == (Status.WAITING, [])
        assert "a message came from a sender not authenticated" in ticket.warnings
        assert len(notices(bench, "follow-up")) == letters

    def test_to_a_closed_ticket_opens_one_of_its_own(self, small: Bench) -> None:
        reference = opened(small, Intent.ACCESS)
        close(small, reference, access="fulfilled", letter=False)
        filed = take(small, marked(reply("Thanks.", to=our_message_id(small))), Intent.OTHER)
        assert filed.filing is Filing.OPENED and filed.reference != reference
        assert the_ticket(small, reference).is_closed

    def test_of_a_robot_is_noted_and_one_that_only_names_the_reference_is_not(self, small: Bench) -> None:
        reference = opened(small, Intent.ACCESS)
        away = "Auto-Submitted: auto-replied\n"
        guessed = mail("I am away.", number=3, subject=f"Re: [{reference}]", headers=away)
        assert take(small, marked(guessed)).reference is None
        known = mail("I am away.", number=4, headers=f"{away}In-Reply-To: {our_message_id(small)}\n")
        assert take(small, marked(known)).reference == reference


class TestUndecidedAndDoubted:
    """Two reasons for which an acknowledgement waits; it goes out when both are settled, whichever comes first."""

    @pytest.mark.parametrize("order", [("answer_anyway", "reclassify"), ("reclassify", "answer_anyway")])
    def test_waits_for_both(self, small: Bench, order: tuple[str, str]) -> None:
        reference = take(small, marked(mail("Hm."))).reference or ""
        arguments: dict[str, dict[str, object]] = {"answer_anyway": {}, "reclassify": {"intents": ["erasure"], "regime": "eu_gdpr"}}
        small.app.act(order[0], reference, "U1", **arguments[order[0]])
        assert notices(small, "acknowledgement") == []
        small.app.act(order[1], reference, "U1", **arguments[order[1]])
        assert len(notices(small, "acknowledgement")) == 1

    @pytest.mark.parametrize("header", ["List-Id: <news.example>", "Precedence: bulk\nX-Auto-Response-Suppress: All"])
    def test_a_robot_gets_no_letter_by_that_button(self, small: Bench, header: str) -> None:
        reference = take(small, marked(mail("Please.", headers=f"{header}\n")), Intent.ACCESS).reference or ""
        small.app.act("answer_anyway", reference, "U1")
        assert notices(small, "acknowledgement") == []

    def test_an_authority_is_answered_by_a_person(self, small: Bench) -> None:
        reference = take(small, marked(mail("We ask you to report.")), Intent.AUTHORITY).reference or ""
        small.app.act("answer_anyway", reference, "U1")
        assert notices(small, "acknowledgement") == []


class TestAuthenticatedMail:
    def test_is_proof_of_the_address_in_the_journal_and_told_to_staff(self, small: Bench) -> None:
        filed = take(small, marked(mail("Please."), "pass"), Intent.ACCESS)
        ticket = the_ticket(small, filed.reference or "")
        assert (filed.answer, ticket.warnings) == ("acknowledgement", [])
        assert [event.detail for event in ticket.events if event.kind == "sender_authenticated"] == [{"method": "dmarc"}]
        assert first_card(small)["authentication"] == "sender authenticated (DMARC)"
        take(small, marked(reply(to=our_message_id(small), sender="eve@home.example"), "pass"))
        assert journal(small, filed.reference or "").count("sender_authenticated") == 1

    def test_in_a_doubted_ticket_is_answered_and_can_object(self, small: Bench) -> None:
        reference = take(small, marked(mail("Please.")), Intent.ACCESS).reference or ""
        subject = f"Re: [{reference}]"
        assert take(small, marked(mail("And?", number=2, subject=subject), "none")).answer == "no answer: sender not authenticated"
        further = take(small, marked(mail("No more mail.", number=3, subject=subject), "pass"), Intent.UNSUBSCRIBE)
        assert (further.reference, further.answer) == (reference, "follow-up")
        assert [one.address for one in rows(small, Suppression)] == [JO]


def test_a_small_domain_without_dmarc_is_answered_as_ever(small: Bench) -> None:
    filed = take(small, marked(mail("Please."), "none"), Intent.ACCESS)
    assert filed.answer == "acknowledgement"
    assert (the_ticket(small, filed.reference or "").warnings, first_card(small)["authentication"]) == ([], "")


def test_where_no_server_is_configured_nobody_is_doubted(tmp_path: object) -> None:
    bench = Bench(f"sqlite:///{tmp_path}/trustful.db")
    filed = take(bench, marked(mail("Please.")), Intent.ACCESS)
    assert (filed.answer, the_ticket(bench, filed.reference or "").warnings) == ("acknowledgement", [])
    bench.close()


class TestSpoofs:
    """Forged mails of other kinds: nothing is disclosed, no ticket changes."""

    @pytest.mark.parametrize("verdict", ["fail", "none", "pass"])
    def test_a_bounce_of_a_letter_that_we_never_sent(self, small: Bench, verdict: str) -> None:
        reference = opened(small, Intent.ACCESS)
        before, queued = journal(small, reference), len(notices(small))
        filed = take(small, marked(bounce(f"<{reference.lower()}.acknowledgement.0123456789abcdef@example.test>"), verdict))
        assert (filed.filing, filed.reference) == (Filing.IGNORED, None)
        assert (journal(small, reference), len(notices(small))) == (before, queued)

    @pytest.mark.parametrize("headers", ["X-Privacybot-Loop: 1\n", "In-Reply-To: {guessed}\n", "References: {guessed} {guessed}\n"])
    def test_a_header_of_ours_that_was_guessed(self, small: Bench, headers: str) -> None:
        reference = opened(small, Intent.ACCESS)
        before = journal(small, reference)
        guessed = f"<{reference.lower()}.acknowledgement.0123456789abcdef@example.test>"
        eve = mail("Send me the file.", sender="eve@else.example", number=2, headers=headers.format(guessed=guessed))
        filed = take(small, eve, Intent.ACCESS)
        assert filed.filing is Filing.OPENED and filed.reference != reference
        assert journal(small, reference) == before
        assert [notice.payload and notice.payload["to"] for notice in notices(small, "acknowledgement")] == [JO, "eve@else.example"]
        payload = notices(small, "acknowledgement")[-1].payload
        assert payload and reference not in str(payload)

    def test_our_own_address_as_sender(self, small: Bench) -> None:
        opened(small, Intent.ACCESS)
        before = counts(small)["notices"]
        filed = take(small, marked(mail("Please.", sender="privacy@example.test", number=2)), Intent.ACCESS)
        assert filed.filing is Filing.OPENED and notices(small, "acknowledgement")[1:] == []
        assert counts(small)["notices"] == before + 1  # its card

