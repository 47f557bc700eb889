"""The recount: after a change of the rules open dates are those of the new rules, each difference is journalled and told once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Update, update

from bot.clocks import current_version
from bot.recount import BATCH, recount
from intents.catalog import Intent
from models import Event, Request, Ticket
from tests.builders import MONDAY, Bench
from tests.filing import close, journal, notices, opened, rows, the_ticket

OLD = "clocks-2020-01-01 holidays-0.1"
DUE = date(2026, 12, 23)
WRONG = datetime(2026, 12, 20, 23, tzinfo=UTC)


def age(bench: Bench, *, wrong: bool = True, only: int | None = None, **values: Any) -> None:
    """Make requests (`only`: that of one ticket) look as if they were counted with other rules; `wrong`: which gave another date."""
    dates: dict[str, Any] = {"due_on": date(2026, 12, 20), "due_at": WRONG, "safest_at": WRONG} if wrong else {}
    statement = update(Request).values(rule_version=OLD, **dates, **values)
    write(bench, statement if only is None else statement.where(Request.ticket_id == only))


def write(bench: Bench, statement: Update) -> None:
    """Overwrite rows behind the bot's back."""
    bench.app.read(lambda session: session.execute(statement))


def one_batch(bench: Bench) -> int:
    """Recount one batch, as if the program ended after it."""
    return bench.app.read(lambda session: recount(session, bench.app.office, bench.clock()))  # type: ignore[no-any-return]


def opened_by(bench: Bench, number: int, *intents: Intent) -> str:
    """A ticket of another person."""
    return opened(bench, *intents, number=number, sender=f"P{number} <p{number}@home.example>")


def lines(bench: Bench, name: str = "recounted:") -> list[str]:
    """What the desk is told by lines whose key begins so."""
    return [str(notice.payload["text"]) for notice in notices(bench, "line") if notice.payload and notice.key.startswith(name)]


def differences(bench: Bench, reference: str) -> list[Event]:
    return [event for event in the_ticket(bench, reference).events if event.kind == "due_recounted"]


def test_a_changed_date_is_corrected_and_journalled_with_before_and_after(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    age(any_bench)
    any_bench.app.recount()
    ticket = the_ticket(any_bench, reference)
    [request] = ticket.requests
    assert (request.due_on, request.rule_version) == (DUE, current_version())
    assert request.due_at == ticket.due_at == datetime(2026, 12, 23, 23, tzinfo=UTC)
    [difference] = differences(any_bench, reference)
    assert (difference.actor, difference.at) == ("bot", MONDAY)
    assert (difference.detail["before"]["due_on"], difference.detail["after"]["due_on"]) == ("2026-12-20", "2026-12-23")
    assert (difference.detail["rules_before"], difference.detail["rules"]) == (OLD, current_version())
    assert difference.detail["intent"] == "access"


def test_an_unchanged_date_gets_the_new_version_in_silence(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    any_bench.app.remind()
    before = the_ticket(any_bench, reference)
    told = len(notices(any_bench))
    age(any_bench, wrong=False)
    any_bench.app.recount()
    after = the_ticket(any_bench, reference)
    assert after.requests[0].rule_version == current_version()
    assert after.requests[0].remind_at == before.requests[0].remind_at
    assert len(after.events) == len(before.events)
    assert len(notices(any_bench)) == told


def test_the_desk_is_told_once_in_one_line(any_bench: Bench) -> None:
    first, second = opened(any_bench, Intent.ACCESS, Intent.ERASURE), opened_by(any_bench, 2, Intent.ACCESS)
    age(any_bench)
    any_bench.app.recount()
    any_bench.app.recount()
    [line] = lines(any_bench)
    assert line.endswith(f"Dates of 2 tickets changed: {first}, {second}.")
    assert current_version() in line


def test_a_later_change_is_a_line_of_its_own(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    age(bench)
    bench.app.recount()
    second = opened_by(bench, 2, Intent.ACCESS)
    age(bench, only=2)
    bench.app.recount()
    assert lines(bench)[1].endswith(f"Dates of 1 ticket changed: {second}.")


def test_the_card_shows_the_new_date(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    age(bench)
    bench.app.recount()
    payload = notices(bench, "card")[-1].payload
    assert payload
    assert payload["card"]["requests"][0]["due_on"] == DUE.isoformat()


def test_many_are_recounted_in_batches_and_named_up_to_twenty(bench: Bench) -> None:
    references = [opened_by(bench, number, Intent.ACCESS) for number in range(BATCH + 1)]
    age(bench)
    last = one_batch(bench)
    assert sum(request.rule_version == OLD for request in rows(bench, Request)) == 1
    assert lines(bench) == []  # the desk hears of it when all is done
    bench.app.recount()
    assert last == BATCH
    assert lines(bench)[0].endswith(f"{references[19]} and {BATCH + 1 - 20} more.")
    assert references[20] not in lines(bench)[0]


def test_a_recount_that_was_cut_off_is_finished_by_the_next_start(any_bench: Bench) -> None:
    references = [opened_by(any_bench, number, Intent.ACCESS) for number in (1, 2)]
    age(any_bench, only=1)
    one_batch(any_bench)
    age(any_bench, only=2)
    any_bench.app.recount()
    assert lines(any_bench)[0].endswith(f"Dates of 2 tickets changed: {', '.join(references)}.")


def test_what_is_closed_keeps_its_dates(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
    close(any_bench, reference, access="fulfilled")
    age(any_bench)
    any_bench.app.recount()
    versions = {request.intent: request.rule_version for request in the_ticket(any_bench, reference).requests}
    assert versions == {"access": OLD, "erasure": current_version()}


def test_the_bot_recounts_before_its_first_reminders(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    age(bench, remind_at=MONDAY)
    bench.clock.at = datetime(2026, 12, 9, 8, tzinfo=UTC)
    bench.app.remind()
    [reminder] = lines(bench, "reminder:")
    assert "23 Dec 2026" in reminder
    assert journal(bench, reference).index("due_recounted") < journal(bench, reference).index("reminded")


def test_the_next_sweep_looks_at_a_moved_date(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    bench.clock.at = datetime(2026, 12, 9, 8, tzinfo=UTC)
    age(bench, remind_at=datetime(2026, 12, 16, 7, tzinfo=UTC))
    bench.app.recount()
    assert [request.remind_at for request in rows(bench, Request)] == [bench.clock.at]


def test_a_ticket_that_the_table_no_longer_fits_keeps_its_dates_and_holds_up_nobody(
    any_bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    first = opened(any_bench, Intent.ACCESS)
    write(any_bench, update(Ticket).values(regime="repealed_act"))
    second = opened_by(any_bench, 2, Intent.ACCESS)
    age(any_bench)
    for _ in range(2):
        any_bench.app.recount()
    dates = {reference: the_ticket(any_bench, reference).requests[0].due_on for reference in (first, second)}
    assert dates == {first: date(2026, 12, 20), second: DUE}
    assert the_ticket(any_bench, first).requests[0].rule_version == OLD
    assert len(lines(any_bench, "recount-failed:")) == 1
    assert first in lines(any_bench, "recount-failed:")[0]
    assert f"{first}: a due date can't be recounted: ClockError" in caplog.messages


def test_pauses_and_extensions_stay_in_force(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.read(lambda session: session.get_one(Ticket, 1).record("extension_notice", "slack:U1", MONDAY + timedelta(days=2)) and None)
    age(bench)
    bench.app.recount()
    assert the_ticket(bench, reference).requests[0].due_on == date(2027, 2, 23)
