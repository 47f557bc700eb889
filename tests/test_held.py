"""Held mail: whatever breaks opens a ticket with its clock running and is kept whole; it can be read again or let go."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from bot import held
from bot.app import App
from bot.desk import Refused
from bot.inquiry import Inquiry
from bot.intake import Filed, Filing, file_inquiry
from bot.mailbox import Mail
from bot.office import Office
from bot.parsing import parse_email
from bot.screening import Verdict
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Message
from tests.builders import Bench, mail
from tests.filing import JO, close, journal, notices, opened, our_message_id, reply, rows, the_ticket

ERASE = mail("Please delete all personal data that you hold about me, Article 17 GDPR.", number=5)


class BrokenClassifier:
    """One that a mail breaks."""

    def predict(self, subject: str, text: str) -> Prediction:
        raise RuntimeError("private words")


def break_classifier(patch: pytest.MonkeyPatch, bench: Bench) -> None:
    patch.setattr(bench.app, "_classifier", BrokenClassifier())


def break_reader(patch: pytest.MonkeyPatch, bench: Bench) -> None:
    def broken(raw: bytes, received_at: datetime) -> Inquiry:
        raise BufferError("private words")

    patch.setattr("bot.unread.parse_email", broken)


def break_database(patch: pytest.MonkeyPatch, bench: Bench) -> None:
    def broken(session: Session, office: Office, inquiry: Inquiry, verdict: Verdict, prediction: Prediction, now: datetime) -> Filed:
        if inquiry.sender.address:
            raise DataError("private words", {}, Exception())
        return file_inquiry(session, office, inquiry, verdict, prediction, now)

    patch.setattr("bot.reception.file_inquiry", broken)


def unreadable(patch: pytest.MonkeyPatch, bench: Bench) -> None:
    def broken(raw: bytes, received_at: datetime) -> Inquiry:
        whole = parse_email(raw, received_at)
        return Inquiry(whole.source, "m:raw", received_at, whole.sender, whole.subject, problems=("unreadable: KeyError",))

    patch.setattr("bot.unread.parse_email", broken)


BREAKS = {"RuntimeError": break_classifier, "BufferError": break_reader, "DataError": break_database, "unreadable: KeyError": unreadable}


def hold(bench: Bench, reason: str = "RuntimeError", raw: bytes = ERASE) -> str:
    """The reference of a ticket whose mail was held for this reason; afterwards the bot is mended."""
    with pytest.MonkeyPatch.context() as patch:
        BREAKS[reason](patch, bench)
        filed = bench.app.file_mail(Mail(1, bench.clock(), raw))
    assert filed.filing is Filing.HELD and filed.reference
    return filed.reference


def read_again(app: App, reference: str) -> list[str]:
    return [app.read_again(one) for one in app.read(lambda session: held.kept(session, reference))]


def let_go(bench: Bench, reference: str, *, noise: bool = False) -> None:
    bench.app.read(lambda session: held.release(session, bench.app.office, reference, "cli", bench.clock(), noise=noise))


def list_held(bench: Bench) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bench.app.read(held.waiting)
    return found


@pytest.mark.parametrize("reason", BREAKS)
def test_whatever_breaks_a_mail_it_is_kept_whole_with_its_clock_running_and_can_be_read_later(any_bench: Bench, reason: str) -> None:
    reference = hold(any_bench, reason)
    ticket = the_ticket(any_bench, reference)
    assert (ticket.due_at is not None, ticket.unclear) == (True, True)
    assert list_held(any_bench) == [{"reference": reference, "received_at": any_bench.clock(), "reason": reason, "size": len(ERASE)}]
    assert notices(any_bench, "acknowledgement") == []
    any_bench.clock.at += timedelta(days=3)
    assert read_again(any_bench.app, reference) == ["acknowledgement"]
    ticket = the_ticket(any_bench, reference)
    assert (ticket.requester, ticket.subject, [request.intent for request in ticket.requests]) == (JO, "My data", ["erasure"])
    assert (ticket.unclear, ticket.language, ticket.warnings) == (False, "en", [])
    assert ticket.received_at == any_bench.clock() - timedelta(days=3)
    [message] = [message for message in ticket.messages if message.direction == "in"]
    assert message.text and "delete all personal data" in message.text
    assert [letter.payload["to"] for letter in notices(any_bench, "acknowledgement") if letter.payload] == [JO]
    assert list_held(any_bench) == []


def test_the_same_mail_fetched_again_is_known_before_and_after(bench: Bench) -> None:
    reference = hold(bench)
    assert bench.app.file_mail(Mail(1, bench.clock(), ERASE)).filing == "known"
    read_again(bench.app, reference)
    assert bench.app.file_mail(Mail(1, bench.clock(), ERASE)).filing == "known"


def test_one_that_breaks_us_still_stays_as_it_is(bench: Bench) -> None:
    reference = hold(bench)
    before = journal(bench, reference)
    with pytest.MonkeyPatch.context() as patch:
        break_classifier(patch, bench)
        with pytest.raises(RuntimeError):
            read_again(bench.app, reference)
    with pytest.MonkeyPatch.context() as patch:
        unreadable(patch, bench)
        with pytest.raises(Refused, match="still held: unreadable: KeyError"):
            read_again(bench.app, reference)
    assert (journal(bench, reference), len(list_held(bench))) == (before, 1)


def test_what_a_colleague_decided_meanwhile_stands(bench: Bench) -> None:
    reference = hold(bench)
    bench.app.act("reclassify", reference, "U1", intents=["access"], regime="eu_gdpr")
    read_again(bench.app, reference)
    ticket = the_ticket(bench, reference)
    assert [request.intent for request in ticket.requests] == ["access"]
    assert ticket.warnings == ["a later message may also ask for: erasure"]


def test_a_robots_mail_gets_no_answer_and_a_person_closes_it(bench: Bench) -> None:
    reference = hold(bench, raw=mail("I am away.", headers="Auto-Submitted: auto-replied\nX-Break: 1\n", subject="x"), reason="BufferError")
    read_again(bench.app, reference)
    assert notices(bench, "acknowledgement") == []
    assert the_ticket(bench, reference).warnings == ["no person wrote it, as it seems: auto_replied"]


def test_a_mail_that_asks_for_nothing_gets_no_answer_and_waits_for_a_person(bench: Bench) -> None:
    reference = hold(bench, raw=mail("Our summer party is on Friday at six, bring your friends and good mood.", subject="Party"))
    read_again(bench.app, reference)
    ticket = the_ticket(bench, reference)
    assert (ticket.unclear, ticket.warnings, ticket.requester) == (True, ["no request recognised"], JO)
    assert notices(bench, "acknowledgement") == []


def test_an_answer_that_was_held_is_linked_with_its_ticket(bench: Bench) -> None:
    first = opened(bench, Intent.ACCESS)
    reference = hold(bench, reason="BufferError", raw=reply("Here is my customer number, 4711.", to=our_message_id(bench)))
    assert reference != first
    read_again(bench.app, reference)
    assert f"an answer to it was held: {reference}" in the_ticket(bench, first).warnings


def test_released_as_handled_the_ticket_goes_on(bench: Bench) -> None:
    reference = hold(bench)
    let_go(bench, reference)
    ticket = the_ticket(bench, reference)
    assert (ticket.warnings, ticket.is_closed, list_held(bench)) == ([], False, [])
    assert [(event.actor, event.detail) for event in ticket.events if event.kind == "released"] == [("cli", {"noise": False})]
    with pytest.raises(Refused, match="Nothing is held"):
        let_go(bench, reference)


def test_released_as_noise_it_was_no_request_and_nobody_is_written_to(bench: Bench) -> None:
    reference = hold(bench)
    let_go(bench, reference, noise=True)
    ticket = the_ticket(bench, reference)
    assert (ticket.is_closed, [request.outcome for request in ticket.requests]) == (True, ["not_a_request"])
    assert [notice for notice in notices(bench) if notice.carrier == "mail"] == []


def test_a_closed_ticket_waits_for_nobody(bench: Bench) -> None:
    reference = hold(bench)
    close(bench, reference, letter=False, other="not_a_request")
    assert list_held(bench) == []
    with pytest.raises(Refused, match="dealt with meanwhile"):
        read_again(bench.app, reference)


def test_a_mail_too_large_to_be_fetched_is_listed_until_somebody_saw_to_it(any_bench: Bench) -> None:
    head = ERASE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    reference = any_bench.app.file_mail(Mail(3, any_bench.clock(), head, too_large=True)).reference or ""
    assert [(row["reason"], row["size"]) for row in list_held(any_bench)] == [("too large to be fetched", None)]
    let_go(any_bench, reference)
    assert list_held(any_bench) == []


def test_the_desk_can_ask_for_them_in_slack(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS, sender="Kim <kim@home.example>")
    reference = hold(any_bench)
    [facts] = any_bench.app.tickets("held", "U1", "")
    assert (facts["reference"], facts["warnings"]) == (reference, ["held: RuntimeError"])


def test_what_is_journalled_names_nobody(bench: Bench) -> None:
    reference = hold(bench)
    bench.app.read(lambda session: held.look_at(session, reference, "cli", bench.clock()))
    read_again(bench.app, reference)
    events = the_ticket(bench, reference).events
    assert ("read", "cli") in [(event.kind, event.actor) for event in events]
    assert not any(word in str(event.detail) for event in events for word in (JO, "Doe", "My data", "delete all"))
    assert len(rows(bench, Message)) == 2
