"""The journal: whatever is done to it in the database by others is found, with the ticket and the line; what we do ourselves is not."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.journal import Break, Verification, verify, verify_one
from intents.catalog import Intent
from models import Ticket
from models.journal import chained
from tests.builders import MONDAY, Bench, mail
from tests.filing import close, journal, opened, take

FIRST, SECOND, THIRD = (f"PRV-2026-{number:05d}" for number in (1, 2, 3))


@pytest.fixture
def filled(any_bench: Bench) -> Bench:
    """Three tickets, the second one worked on."""
    for number in (1, 2, 3):
        opened(any_bench, Intent.ACCESS, number=number, sender=f"P <p{number}@home.example>")
    any_bench.app.act("claim", SECOND, "U1")
    any_bench.app.look(SECOND, "U1")
    return any_bench


def verified(bench: Bench) -> Verification:
    found: Verification = bench.app.survey(lambda session: verify(session, bench.app.office.vault))
    return found


def breaks(bench: Bench) -> list[tuple[str, int, str]]:
    return [(broken.reference, broken.line, broken.how) for broken in verified(bench).breaks]


def tamper(bench: Bench, *statements: str) -> None:
    """What somebody with the database and without the key does; `$2` is the id of the second ticket, `$2.3` that of its third line."""

    def step(session: Session) -> None:
        ids = {f"${number}": str(number) for number in (1, 2, 3)}
        for number in (1, 2, 3):
            lines = session.scalars(text(f"SELECT id FROM events WHERE ticket_id = {number} ORDER BY id"))
            ids |= {f"${number}.{place}": str(line) for place, line in enumerate(lines, 1)}
        for statement in statements:
            said = re.sub(r"\$\d(\.\d)?", lambda found: ids[found[0]], statement)
            session.execute(text(said.replace(":", r"\:")))

    bench.app.read(step)


def test_what_we_wrote_ourselves_is_intact(filled: Bench) -> None:
    found = verified(filled)
    lines = sum(len(journal(filled, reference)) for reference in (FIRST, SECOND, THIRD))
    assert found == Verification(tickets=3, lines=lines, purged=0, breaks=())


def test_a_whole_life_with_letters_replies_pauses_and_a_reopening_is_intact(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS, Intent.UNSUBSCRIBE)
    any_bench.app.deliver()
    any_bench.app.act("ask", reference, "U1", about="id", question="Which shop?")
    any_bench.clock.at += timedelta(days=2)
    take(any_bench, mail(f"Here it is, about {reference}.", number=2), Intent.ACCESS)
    any_bench.app.act("id_received", reference, "U1")
    any_bench.app.act("extend", reference, "U1", reasons="Ünusually many – 漢字.")
    close(any_bench, reference, access="fulfilled", unsubscribe="fulfilled")
    any_bench.app.act("reopen", reference, "U1")
    any_bench.clock.at += timedelta(days=60)
    any_bench.app.remind()
    found = verified(any_bench)
    assert found.breaks == ()
    assert found.lines > len(journal(any_bench, reference)) > 15


COLUMNS = "ticket_id, at, kind, actor, detail, hash, seal"
INSERT = f"INSERT INTO events ({COLUMNS}, number)"
TAMPERED: list[tuple[str, tuple[str, ...], tuple[str, int, str]]] = [
    ("a detail", ("UPDATE events SET detail = '{\"source\": \"slack\"}' WHERE id = $2.1",), (SECOND, 1, "altered")),
    ("a detail that is none", ("UPDATE events SET detail = '[]' WHERE id = $2.2",), (SECOND, 2, "altered")),
    ("a time", ("UPDATE events SET at = '2026-11-23 09:00:00.000001+00:00' WHERE id = $2.2",), (SECOND, 2, "altered")),
    ("an actor", ("UPDATE events SET actor = 'slack:U2' WHERE id = $2.5",), (SECOND, 5, "altered")),
    ("a kind", ("UPDATE events SET kind = 'resumed' WHERE id = $2.5",), (SECOND, 5, "altered")),
    ("a hash", ("UPDATE events SET hash = seal WHERE id = $2.3",), (SECOND, 3, "altered")),
    ("a seal", ("UPDATE events SET seal = hash WHERE id = $2.3",), (SECOND, 3, "altered")),
    ("a number", ("UPDATE events SET number = 77 WHERE id = $2.3",), (SECOND, 3, "missing")),
    ("the first line away", ("DELETE FROM events WHERE id = $2.1",), (SECOND, 1, "missing")),
    ("a middle line away", ("DELETE FROM events WHERE id = $2.3",), (SECOND, 3, "missing")),
    ("the last line away", ("DELETE FROM events WHERE id = $2.6",), (SECOND, 6, "truncated")),
    ("the last two away", ("DELETE FROM events WHERE id IN ($2.5, $2.6)",), (SECOND, 5, "truncated")),
    ("all lines away", ("DELETE FROM events WHERE ticket_id = $2",), (SECOND, 1, "truncated")),
    ("the last line away and the head made to fit",
     ("UPDATE journals SET length = 5, hash = (SELECT hash FROM events WHERE id = $2.5) WHERE reference = 'PRV-2026-00002'",
      "DELETE FROM events WHERE id = $2.6"), (SECOND, 6, "end_altered")),
    ("two lines exchanged", ("UPDATE events SET id = -1 WHERE id = $2.3", "UPDATE events SET id = $2.3 WHERE id = $2.4",
                             "UPDATE events SET id = $2.4 WHERE id = -1"), (SECOND, 3, "reordered")),
    ("two kinds exchanged", ("UPDATE events SET kind = 'screened' WHERE id = $2.2", "UPDATE events SET kind = 'opened' WHERE id = $2.3"),
     (SECOND, 2, "altered")),
    ("a copy inserted", (f"{INSERT} SELECT {COLUMNS}, number FROM events WHERE id = $2.2",), (SECOND, 7, "inserted")),
    ("a new line at the end", (f"{INSERT} SELECT {COLUMNS}, 7 FROM events WHERE id = $2.6",), (SECOND, 7, "inserted")),
    ("a line moved to another ticket", ("UPDATE events SET ticket_id = $3 WHERE id = $2.6",), (SECOND, 6, "truncated")),
    ("a ticket away with all its lines", (
        *(f"DELETE FROM {table} WHERE ticket_id = $2" for table in ("notices", "messages", "requests", "events")),
        "DELETE FROM tickets WHERE id = $2"), (SECOND, 0, "ticket_missing")),
    ("the head away", ("DELETE FROM journals WHERE reference = 'PRV-2026-00002'",), (SECOND, 0, "ticket_inserted")),
    ("a purge pretended", ("UPDATE journals SET purged_at = '2026-11-23 09:00:00+00:00' WHERE reference = 'PRV-2026-00002'",),
     (SECOND, 0, "ticket_inserted")),
    ("a reference", ("UPDATE tickets SET reference = 'PRV-2026-00009' WHERE id = $2",), ("PRV-2026-00009", 0, "ticket_inserted")),
    ("the counter", ("UPDATE counters SET value = 2",), ("PRV-2026", 0, "counter_altered")),
    ("the counter away", ("DELETE FROM counters",), ("PRV-2026", 0, "counter_altered")),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), [(statements, expected) for _, statements, expected in TAMPERED],
                         ids=[name for name, _, _ in TAMPERED])  # fmt: skip
def test_what_others_do_is_found(filled: Bench, statements: tuple[str, ...], expected: tuple[str, int, str]) -> None:
    tamper(filled, *statements)
    assert expected in breaks(filled)


@pytest.mark.parametrize(("statements", "expected"), [(statements, expected) for _, statements, expected in TAMPERED if expected[1]],
                         ids=[name for name, _, expected in TAMPERED if expected[1]])  # fmt: skip
def test_it_is_found_for_one_ticket_as_for_all(bench: Bench, statements: tuple[str, ...], expected: tuple[str, int, str]) -> None:
    for number in (1, 2, 3):
        opened(bench, Intent.ACCESS, number=number, sender=f"P <p{number}@home.example>")
    bench.app.act("claim", SECOND, "U1")
    bench.app.look(SECOND, "U1")
    tamper(bench, *statements)
    found: Verification = bench.app.survey(lambda session: verify_one(session, bench.app.office.vault, SECOND))
    assert found.breaks == (Break(*expected),)
    other: Verification = bench.app.survey(lambda session: verify_one(session, bench.app.office.vault, FIRST))
    assert other.breaks == ()


def test_who_chains_all_lines_anew_is_found_where_he_began(filled: Bench) -> None:
    """SHA-256 is everybody's; the seals are not."""

    def chain_anew(session: Session) -> None:
        ticket = session.get_one(Ticket, 2)
        before = ""
        for number, line in enumerate(ticket.events, 1):
            actor = "slack:U2" if number == 5 else line.actor
            before = chained(before, SECOND, number, line.at, line.kind, actor, line.detail)
            session.execute(text(f"UPDATE events SET actor = '{actor}', hash = '{before}' WHERE id = {line.id}"))
        session.execute(text(f"UPDATE journals SET hash = '{before}' WHERE reference = '{SECOND}'"))

    filled.app.read(chain_anew)
    assert breaks(filled) == [(SECOND, 5, "altered")]


def test_work_that_goes_on_heals_nothing(filled: Bench) -> None:
    """Who cuts a journal off hopes that we write on from there."""
    cut = "UPDATE journals SET length = 5, hash = (SELECT hash FROM events WHERE id = $2.5) WHERE reference = 'PRV-2026-00002'"
    tamper(filled, cut, "DELETE FROM events WHERE id = $2.6")
    filled.app.act("ask", SECOND, "U1", about="id", question="Which shop?")
    filled.app.act("id_received", SECOND, "U1")
    assert [broken[::2] for broken in breaks(filled)] == [(SECOND, "end_altered")]


def test_a_number_that_is_drawn_twice_heals_nothing(filled: Bench) -> None:
    tables = ("notices", "messages", "requests", "events")
    tamper(filled, *(f"DELETE FROM {table} WHERE ticket_id = $3" for table in tables), "DELETE FROM tickets WHERE id = $3",
           "DELETE FROM journals WHERE reference = 'PRV-2026-00003'", "UPDATE counters SET value = 2")  # fmt: skip
    assert opened(filled, Intent.ERASURE, number=9) == THIRD
    assert breaks(filled) == [("PRV-2026", 0, "counter_altered")]


def test_work_goes_on_where_the_head_is_gone(filled: Bench) -> None:
    tamper(filled, "DELETE FROM journals")
    close(filled, SECOND, access="fulfilled")
    assert journal(filled, SECOND)[-1] in ("closed", "letter_queued")
    assert (SECOND, 7, "inserted") in breaks(filled)


def test_a_ticket_that_was_purged_is_told_from_one_that_is_gone(filled: Bench) -> None:
    close(filled, SECOND, access="fulfilled")
    filled.clock.at = MONDAY + timedelta(days=2000)
    assert filled.app.purge()["tickets deleted"] == 1
    assert verified(filled) == Verification(tickets=2, lines=8, purged=1, breaks=())
    one: Verification = filled.app.survey(lambda session: verify_one(session, filled.app.office.vault, SECOND))
    assert one == Verification(tickets=0, lines=0, purged=1, breaks=())
    tamper(filled, "UPDATE journals SET length = 3 WHERE reference = 'PRV-2026-00002'")
    assert breaks(filled) == [(SECOND, 0, "ticket_missing")]
    tamper(filled, "DELETE FROM journals WHERE reference = 'PRV-2026-00002'")
    assert breaks(filled) == [(SECOND, 0, "ticket_missing")]


def test_a_purge_heals_nothing(filled: Bench) -> None:
    close(filled, SECOND, access="fulfilled")
    tamper(filled, "UPDATE journals SET length = 3 WHERE reference = 'PRV-2026-00002'")
    filled.clock.at = MONDAY + timedelta(days=2000)
    filled.app.purge()
    assert breaks(filled) == [(SECOND, 0, "ticket_missing")]


def test_a_look_keeps_no_writer_waiting(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)

    def look(session: Session) -> Verification:
        before = verify(session, any_bench.app.office.vault)
        opened(any_bench, Intent.ERASURE, number=2, sender="kim@home.example")
        assert verify(session, any_bench.app.office.vault) == before
        return before

    assert any_bench.app.survey(look).tickets == 1
    assert verified(any_bench).tickets == 2


def test_four_who_write_into_one_journal_make_one_chain(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)

    def write(number: int) -> None:
        for _ in range(10):
            any_bench.app.look(reference, f"U{number}")

    def unlocked(number: int) -> None:
        """By a way that does not lock the ticket first."""
        for _ in range(10):
            any_bench.app.read(lambda session: session.get_one(Ticket, 1).record("viewed", f"slack:U{number}", MONDAY) and None)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda job: job[0](job[1]), [(write, 1), (unlocked, 2), (write, 3), (unlocked, 4)]))
    found = verified(any_bench)
    assert (found.breaks, found.lines) == ((), 4 + 40)
