"""Retention: what has outlived its keeping time is gone; what the register and the law need stays."""

from datetime import timedelta

from sqlalchemy import text

from intents.catalog import Intent
from models import Message, MessageFile, Notice, Suppression, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, opened, request_ids, rows, take, the_ticket

YEAR = timedelta(days=366)


def close(bench: Bench, reference: str) -> None:
    outcomes = dict.fromkeys(request_ids(bench, reference).values(), "fulfilled")
    bench.app.act("close", reference, "U1", outcomes=outcomes, reasons="Done.", letter=True)
    bench.app.deliver()


def with_file(number: int = 1) -> bytes:
    parts = "--x\nContent-Type: text/plain\n\nMy passport is attached.\n"
    parts += "--x\nContent-Type: application/pdf; name=pass.pdf\nContent-Disposition: attachment\n\nPDF\n--x--"
    return mail(parts, number=number).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x", 1)


class TestClosedTicket:
    def test_loses_texts_names_addresses_and_files_and_keeps_its_row(self, any_bench: Bench) -> None:
        reference = take(any_bench, with_file(), Intent.ACCESS).reference or ""
        close(any_bench, reference)
        any_bench.clock.at = MONDAY + YEAR
        assert any_bench.app.purge()["messages emptied"] == 3  # the mail, its acknowledgement, the closing letter
        ticket = the_ticket(any_bench, reference)
        assert (ticket.requester, ticket.requester_name, ticket.subject) == (None, None, None)
        assert [(request.intent, request.outcome, request.evidence) for request in ticket.requests] == [("access", "fulfilled", None)]
        for message in ticket.messages:
            assert (message.correspondent, message.correspondent_name, message.subject, message.text, message.body) == (None,) * 5
            assert message.message_id is None
        assert rows(any_bench, MessageFile) == []
        assert all(notice.payload is None for notice in rows(any_bench, Notice))
        assert "closed" in [event.kind for event in ticket.events]

    def test_is_counted_once(self, any_bench: Bench) -> None:
        close(any_bench, opened(any_bench, Intent.ACCESS))
        any_bench.clock.at = MONDAY + YEAR
        any_bench.app.purge()
        assert set(any_bench.app.purge().values()) == {0}

    def test_keeps_everything_before_its_time(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        close(any_bench, reference)
        any_bench.clock.at = MONDAY + timedelta(days=364)
        any_bench.app.purge()
        assert the_ticket(any_bench, reference).requester == JO

    def test_disappears_at_last_but_its_suppression_stays(self, any_bench: Bench) -> None:
        close(any_bench, opened(any_bench, Intent.UNSUBSCRIBE, Intent.ACCESS))
        any_bench.clock.at = MONDAY + 5 * YEAR
        assert any_bench.app.purge()["tickets deleted"] == 1
        for table in (Ticket, Message, Notice):
            assert rows(any_bench, table) == []
        left = any_bench.app.read(lambda session: session.scalar(text("SELECT count(*) FROM events")))
        assert left == 0
        assert [(suppression.address, suppression.ticket_id) for suppression in rows(any_bench, Suppression)] == [(JO, None)]


def test_an_open_ticket_is_left_alone_however_old(any_bench: Bench) -> None:
    reference = take(any_bench, with_file(), Intent.ACCESS).reference or ""
    any_bench.app.deliver()
    any_bench.clock.at = MONDAY + 10 * YEAR
    counted = any_bench.app.purge()
    assert (counted["messages emptied"], counted["tickets deleted"]) == (0, 0)
    ticket = the_ticket(any_bench, reference)
    assert ticket.requester == JO
    assert ticket.messages[0].text == "My passport is attached."
    assert len(rows(any_bench, MessageFile)) == 1


def test_a_reopened_ticket_is_left_alone(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    close(bench, reference)
    bench.app.act("reopen", reference, "U1")
    bench.clock.at = MONDAY + 2 * YEAR
    bench.app.purge()
    assert the_ticket(bench, reference).requester == JO


def test_noise_is_forgotten_after_two_weeks(any_bench: Bench) -> None:
    take(any_bench, mail("Our new chairs are 20% off."), Intent.OTHER)
    any_bench.clock.at = MONDAY + timedelta(days=13)
    any_bench.app.purge()
    assert len(rows(any_bench, Message)) == 1
    any_bench.clock.at = MONDAY + timedelta(days=15)
    assert any_bench.app.purge()["messages deleted"] == 1
    assert rows(any_bench, Message) == []


def test_what_was_told_is_forgotten_after_two_weeks_what_waits_is_not(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    any_bench.app.deliver()
    opened(any_bench, Intent.ACCESS, number=2, sender="kim@home.example")
    any_bench.clock.at = MONDAY + timedelta(days=15)
    any_bench.app.purge()
    kept = {notice.key: notice.payload is not None for notice in rows(any_bench, Notice)}
    assert kept == {
        "acknowledgement:PRV-2026-00001": False, "card:PRV-2026-00001:v1": False,
        "acknowledgement:PRV-2026-00002": True, "card:PRV-2026-00002:v1": True,
    }  # fmt: skip


def test_a_mail_that_was_emptied_is_still_known(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    close(bench, reference)
    bench.clock.at = MONDAY + YEAR
    bench.app.purge()
    assert take(bench, mail("Please see to it."), Intent.ACCESS).reference == reference
