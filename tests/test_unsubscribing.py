"""Unsubscribing: put down at once, passed on to the newsletter tool, confirmed once, and closed by itself where nothing needs a person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Status, Suppression
from tests.builders import Bench, mail, sqlite_url, trusting
from tests.filing import JO, close, journal, notices, opened, reply, rows, take, the_ticket
from tests.webhook_receiver import Receiver

UNSUBSCRIBE = Intent.UNSUBSCRIBE
NEWS = "No more newsletters, please."
FORGED = "Authentication-Results: mx.example.test; dmarc=fail header.from=home.example\n"
FORWARD = """Please see to it.

From: Jo Doe <jo@home.example>
Sent: 20 November 2026 09:00
To: Shop
Subject: Stop

No more newsletters."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


def with_tool(database: str, receiver: Receiver, **sections: Any) -> Bench:
    return Bench(database, suppression={"webhook": {"url": receiver.url, "timeout": "1s"}}, **sections)


@pytest.fixture
def bench(tmp_path: Path, receiver: Receiver) -> Iterator[Bench]:
    bench = with_tool(sqlite_url(tmp_path), receiver)
    yield bench
    bench.close()


def pass_on(bench: Bench) -> int:
    return bench.app.deliver_to("suppression")


def confirmations(bench: Bench) -> list[dict[str, Any]]:
    return [notice.payload for notice in notices(bench, "unsubscribed") if notice.payload]


class TestWithTheNewsletterTool:
    def test_the_address_is_passed_on_the_person_confirmed_and_the_ticket_closed(self, database: str, receiver: Receiver) -> None:
        bench = with_tool(database, receiver)
        filed = take(bench, mail(NEWS), UNSUBSCRIBE)
        assert notices(bench, "unsubscribed") + notices(bench, "acknowledgement") == []
        assert pass_on(bench) == 1
        [event] = receiver.events
        assert event == {
            "id": "webhook:suppression:PRV-2026-00001:mail:suppressed", "occurred_at": "2026-11-23T09:00:00Z", "type": "suppressed",
            "address": JO, "channel": "mail", "since": "2026-11-23T09:00:00Z", "reference": "PRV-2026-00001",
        }  # fmt: skip
        ticket = the_ticket(bench, filed.reference or "")
        assert (ticket.status, ticket.outcome, ticket.requests[0].outcome) == (Status.CLOSED, "fulfilled", "fulfilled")
        [letter] = confirmations(bench)
        assert letter["to"] == JO and letter["in_reply_to"] == "<m1@home.example>"
        assert "You will get no more advertising from us at this address" in " ".join(letter["text"].split())
        bench.app.deliver()
        assert [parcel.kind for parcel in bench.letters.sent] == ["unsubscribed"]
        assert bench.slack.of_kind("card")[-1].payload["card"]["status"] == "closed"
        bench.close()

    def test_with_another_right_only_the_unsubscribing_closes_and_the_acknowledgement_is_all_that_is_written(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS, UNSUBSCRIBE)
        pass_on(bench)
        ticket = the_ticket(bench, reference)
        assert {request.intent: request.outcome for request in ticket.requests} == {"access": None, "unsubscribe": "fulfilled"}
        assert ticket.status == Status.OPEN and ticket.due_at is not None
        assert [notice.kind for notice in notices(bench) if notice.carrier == "mail"] == ["acknowledgement"]

    def test_every_channel_must_have_been_passed_on(self, bench: Bench, receiver: Receiver) -> None:
        filed = take(bench, mail("No more e-mails, and don't call me."), UNSUBSCRIBE)
        receiver.answer = (503, {})
        pass_on(bench)
        receiver.answer = (204, {})
        bench.clock.at += timedelta(minutes=1)
        assert pass_on(bench) == 2
        assert {event["channel"] for event in receiver.events} == {"mail", "phone"}
        assert the_ticket(bench, filed.reference or "").is_closed
        assert len(confirmations(bench)) == 1

    def test_out_for_an_hour_does_not_keep_the_person_waiting_and_one_confirmation_is_all_they_get(
        self, bench: Bench, receiver: Receiver
    ) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        receiver.answer = (500, {})
        for _ in range(13):
            pass_on(bench)
            bench.app.watch("")
            bench.clock.at += timedelta(minutes=5)
        [letter] = confirmations(bench)
        assert "We have noted that you want no more advertising" in " ".join(letter["text"].split())
        assert not the_ticket(bench, reference).is_closed
        receiver.answer = (200, {})
        bench.clock.at += timedelta(hours=1)
        pass_on(bench)
        assert the_ticket(bench, reference).is_closed
        assert len(confirmations(bench)) == 1

    def test_that_refuses_for_good_leaves_it_to_a_person(self, bench: Bench, receiver: Receiver) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        receiver.answer = (410, {})
        for _ in range(6):
            pass_on(bench)
            bench.clock.at += timedelta(hours=1)
        assert not [event for event in journal(bench, reference) if event == "suppression_refused"]
        bench.clock.at += timedelta(days=7)
        pass_on(bench)
        ticket = the_ticket(bench, reference)
        assert not ticket.is_closed
        assert ticket.warnings == ["the newsletter tool was not told (http 410): take the address off its lists by hand, View shows it"]
        assert len(confirmations(bench)) == 1
        [line] = [notice.payload["text"] for notice in notices(bench, "line") if notice.payload and "refused" in notice.payload["text"]]
        assert line == ":warning: Webhook *suppression* has refused events (http 410); they were given up."

    def test_a_crash_after_the_answer_repeats_the_delivery_under_the_same_id_and_closes_once(
        self, bench: Bench, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        outbox = bench.app._receivers["suppression"]

        def power_cut(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(outbox, "_settle", power_cut)
        with pytest.raises(KeyboardInterrupt):
            pass_on(bench)
        monkeypatch.undo()
        assert not the_ticket(bench, reference).is_closed
        bench.clock.at += timedelta(minutes=6)
        assert pass_on(bench) == 1
        first, second = receiver.taken
        assert first.headers["Privacybot-Delivery"] == second.headers["Privacybot-Delivery"]
        assert first.body == second.body
        assert journal(bench, reference).count("closed") == len(confirmations(bench)) == 1

    def test_a_person_who_was_quicker_is_not_corrected(self, bench: Bench) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        close(bench, reference, unsubscribe="not_a_request", letter=False)
        pass_on(bench)
        assert the_ticket(bench, reference).requests[0].outcome == "not_a_request"

    def test_a_further_mail_before_it_answered_keeps_the_ticket_open_and_the_confirmation_comes(self, bench: Bench) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        take(bench, reply("And delete my data.", to="<m1@home.example>"), Intent.ERASURE)
        pass_on(bench)
        assert not the_ticket(bench, reference).is_closed
        assert len(confirmations(bench)) == 1

    def test_a_colleague_who_says_that_it_is_more_lets_the_acknowledgement_out_instead(self, bench: Bench) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        pass_on(bench)
        assert [notice.kind for notice in notices(bench) if notice.carrier == "mail"] == ["acknowledgement"]
        assert not the_ticket(bench, reference).is_closed

    def test_a_reply_that_reopens_stays_with_a_person(self, bench: Bench, receiver: Receiver) -> None:
        reference = opened(bench, UNSUBSCRIBE)
        pass_on(bench)
        bench.clock.at += timedelta(days=3)
        take(bench, reply("I still get your newsletter!", to="<m1@home.example>"), UNSUBSCRIBE)
        pass_on(bench)
        assert not the_ticket(bench, reference).is_closed
        assert len(receiver.taken) == 1

    def test_who_was_on_the_list_before_is_passed_on_again_and_a_person_looks(self, bench: Bench, receiver: Receiver) -> None:
        opened(bench, UNSUBSCRIBE)
        pass_on(bench)
        bench.clock.at += timedelta(days=35)
        again = opened(bench, UNSUBSCRIBE, number=2)
        pass_on(bench)
        assert [event["reference"] for event in receiver.events] == ["PRV-2026-00001", again]
        assert not the_ticket(bench, again).is_closed
        assert "was on the suppression list before: see why advertising still comes" in the_ticket(bench, again).warnings
        [suppression] = rows(bench, Suppression)
        assert suppression.reference == "PRV-2026-00001"


class TestNothingClosesByItself:
    def test_for_a_sender_in_doubt_and_nobody_is_told(self, tmp_path: Path, receiver: Receiver) -> None:
        bench = with_tool(sqlite_url(tmp_path), receiver, **trusting())
        filed = take(bench, mail(NEWS, headers=FORGED), UNSUBSCRIBE)
        pass_on(bench)
        assert (rows(bench, Suppression), receiver.taken) == ([], [])
        bench.app.act("answer_anyway", filed.reference or "", "U1")
        pass_on(bench)
        assert [event["address"] for event in receiver.events] == [JO]
        assert not the_ticket(bench, filed.reference or "").is_closed
        assert len(confirmations(bench)) == 1
        bench.close()

    def test_for_a_colleagues_forward(self, bench: Bench, receiver: Receiver) -> None:
        filed = take(bench, mail(FORWARD, sender="Ann <ann@example.test>", subject="Fwd: Stop"), UNSUBSCRIBE)
        pass_on(bench)
        assert [event["address"] for event in receiver.events] == [JO]
        assert not the_ticket(bench, filed.reference or "").is_closed
        assert confirmations(bench) == []
        bench.app.act("confirm_sender", filed.reference or "", "U1")
        assert not the_ticket(bench, filed.reference or "").is_closed
        [letter] = confirmations(bench)
        assert "no more advertising" in letter["text"]

    def test_where_another_address_is_named(self, bench: Bench) -> None:
        filed = take(bench, mail("Please take old.jo@work.example off your list."), UNSUBSCRIBE)
        pass_on(bench)
        ticket = the_ticket(bench, filed.reference or "")
        assert not ticket.is_closed
        assert ticket.warnings == ["names another mail address: see whether that one is to get no advertising"]

    @pytest.mark.parametrize(
        ("body", "headers"),
        [
            ("No more newsletters. Where did you get my address from?", ""),
            ("No more newsletters. " + "I have told you so often that I lose count of it. " * 5, ""),
            ("No more newsletters.", "X-Note: with a file\n"),
        ],
    )
    def test_where_more_may_be_asked_but_the_person_is_told_that_it_is_done(self, bench: Bench, body: str, headers: str) -> None:
        raw = mail(body, headers=headers)
        if headers:
            part = b'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n'
            raw = raw.replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
            raw = raw.replace(b"\r\n\r\n", b"\r\n\r\n--b\r\n\r\n", 1) + part
        reference = take(bench, raw, UNSUBSCRIBE).reference or ""
        pass_on(bench)
        ticket = the_ticket(bench, reference)
        assert (ticket.is_closed, ticket.warnings) == (False, ["may ask for more than no advertising: please read it before you close it"])
        assert len(confirmations(bench)) == 1

    def test_where_it_is_unclear_what_is_asked(self, bench: Bench, receiver: Receiver) -> None:
        take(bench, mail("Stop."), UNSUBSCRIBE, unclear=True)
        pass_on(bench)
        assert receiver.taken == []


class TestWithoutATool:
    def test_the_ticket_stays_open_with_one_line_to_the_person(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path))
        filed = take(bench, mail(NEWS), UNSUBSCRIBE)
        assert (filed.answer, notices(bench, "webhook")) == ("unsubscribed", [])
        assert not the_ticket(bench, filed.reference or "").is_closed
        assert len(confirmations(bench)) == 1
        assert bench.app.look(filed.reference or "", "U1")["messages"][0]["who"] == JO
        bench.close()

    @pytest.mark.parametrize(
        ("outcome", "reasons", "closings"), [("fulfilled", "", 0), ("fulfilled", "It took a day.", 1), ("no_data", "", 1)]
    )
    def test_that_it_is_done_is_told_once(self, tmp_path: Path, outcome: str, reasons: str, closings: int) -> None:
        """The one line told it; a letter goes out only where a colleague has more to say."""
        bench = Bench(sqlite_url(tmp_path))
        reference = take(bench, mail(NEWS), UNSUBSCRIBE).reference or ""
        [request] = bench.app.look(reference, "U1")["open"]
        bench.app.act("close", reference, "U1", outcomes={request["id"]: outcome}, reasons=reasons, letter=True)
        assert the_ticket(bench, reference).is_closed and len(confirmations(bench)) == 1
        assert len(notices(bench, "closing")) == closings
        bench.close()


def test_a_wrong_sender_is_taken_back_at_the_tool_as_well(bench: Bench, receiver: Receiver) -> None:
    filed = take(bench, mail(FORWARD, sender="Ann <ann@example.test>", subject="Fwd: Stop"), UNSUBSCRIBE)
    pass_on(bench)
    bench.app.act("correct_sender", filed.reference or "", "U1", address="kim@else.example", received_at=bench.clock())
    pass_on(bench)
    assert [(event["type"], event["address"]) for event in receiver.events] == [
        ("suppressed", JO), ("lifted", JO), ("suppressed", "kim@else.example"),
    ]  # fmt: skip


def test_a_wrong_sender_who_objected_themselves_stays_on_the_list(bench: Bench) -> None:
    filed = take(bench, mail(FORWARD, sender="Ann <ann@example.test>", subject="Fwd: Stop"), UNSUBSCRIBE)
    own = opened(bench, UNSUBSCRIBE, number=7)
    bench.app.act("correct_sender", filed.reference or "", "U1", address="kim@else.example", received_at=bench.clock())
    assert {(row.address, row.reference) for row in rows(bench, Suppression)} == {(JO, own), ("kim@else.example", filed.reference)}


class TestAColleagueNamesChannels:
    def test_they_are_put_down_and_passed_on_and_the_journal_says_who_did_it(self, bench: Bench, receiver: Receiver) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("suppress", reference, "U1", channels=["mail", "phone"])
        bench.app.act("suppress", reference, "U1", channels=["phone"])
        pass_on(bench)
        assert [event["channel"] for event in receiver.events] == ["mail", "phone"]
        told = [(event.actor, event.detail["channel"]) for event in the_ticket(bench, reference).events if event.kind == "suppressed"]
        assert told == [("slack:U1", "mail"), ("slack:U1", "phone")]
        assert the_ticket(bench, reference).requests[0].outcome is None

    @pytest.mark.parametrize("channels", [[], ["fax"]])
    def test_what_is_none_is_refused(self, bench: Bench, channels: list[str]) -> None:
        reference = opened(bench, Intent.ACCESS)
        with pytest.raises(Refused):
            bench.app.act("suppress", reference, "U1", channels=channels)

    def test_not_in_the_name_of_a_sender_whom_nobody_confirmed(self, bench: Bench) -> None:
        filed = take(bench, mail(FORWARD, sender="Ann <ann@example.test>", subject="Fwd: Stop"), Intent.ACCESS)
        with pytest.raises(Refused, match="say first that the sender is right"):
            bench.app.act("suppress", filed.reference or "", "U1", channels=["mail"])
        assert rows(bench, Suppression) == []


def test_a_consent_to_advertising_taken_back_stops_it_and_stays_with_a_person(bench: Bench) -> None:
    reference = opened(bench, Intent.WITHDRAW_CONSENT)
    assert rows(bench, Suppression) == []
    filed = take(bench, mail("I withdraw my consent to your newsletter.", number=2, sender="kim@else.example"), Intent.WITHDRAW_CONSENT)
    pass_on(bench)
    assert [row.address for row in rows(bench, Suppression)] == ["kim@else.example"]
    assert not the_ticket(bench, filed.reference or "").is_closed and filed.reference != reference


@pytest.mark.parametrize("intent", [Intent.OBJECTION, Intent.OPT_OUT_SALE, Intent.ERASURE])
def test_other_rights_put_nobody_on_the_list(bench: Bench, intent: Intent) -> None:
    take(bench, mail("Please stop it, also the newsletter profile."), intent)
    assert rows(bench, Suppression) == []


def test_a_channel_that_is_named_is_the_one_put_down(bench: Bench) -> None:
    take(bench, mail("Rufen Sie mich nicht mehr an!", subject="Anrufe"), UNSUBSCRIBE)
    assert [(row.address, row.channel) for row in rows(bench, Suppression)] == [(JO, "phone")]
