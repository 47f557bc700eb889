"""The digest's figures as the database gives them, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.digest import Count, Digest, Share
from bot.digest_figures import gather
from bot.weeks import Week
from intents.catalog import Intent
from models import Direction, Message, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, close, opened, request_ids, take

WEEK = Week(2026, 48)  # 23 to 29 November; MONDAY is its first day
AFTER = datetime(2026, 11, 30, 7, tzinfo=UTC)


def figures(bench: Bench, week: Week = WEEK, at: datetime = AFTER) -> Digest:
    found: Digest = bench.app.read(lambda session: gather(session, bench.app.office, week, at))
    return found


def person(number: int) -> str:
    return f"P{number} <p{number}@home.example>"


def test_a_week_of_a_small_desk(any_bench: Bench) -> None:
    first = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
    second = opened(any_bench, Intent.ACCESS, number=2, sender=person(2))
    opened(any_bench, Intent.ACCESS, number=3, sender=person(3), at=MONDAY - timedelta(days=50))
    any_bench.app.act("claim", first, "U1")
    any_bench.clock.at = MONDAY + timedelta(days=2)
    close(any_bench, second, access="fulfilled")
    any_bench.app.act("close", first, "U1", outcomes={request_ids(any_bench, first)["access"]: "fulfilled"}, reasons="", letter=False)
    digest = figures(any_bench)
    assert (digest.received, digest.closed, digest.open, len(digest.overdue)) == (2, 1, 2, 1)
    assert digest.by_intent == (Count("access", 2), Count("erasure", 1))
    assert (digest.by_regime, digest.by_language) == ((Count("eu_gdpr", 2),), (Count("en", 2),))
    assert (digest.median_days, digest.p90_days, digest.on_time) == (2, 2, Share(2, 2))
    assert [ticket.reference for ticket in digest.oldest] == ["PRV-2026-00003", first]
    assert [ticket.handler for ticket in digest.oldest] == [None, "U1"]
    assert not any(word in str(digest) for word in (JO, "home.example", "Jo Doe", "My data"))


def test_an_answer_in_an_earlier_week_counts_there_also_when_its_ticket_closed_later(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS, Intent.ERASURE)
    ids = request_ids(any_bench, reference)
    any_bench.app.act("close", reference, "U1", outcomes={ids["access"]: "fulfilled"}, reasons="", letter=False)
    any_bench.clock.at = MONDAY + timedelta(days=9)
    any_bench.app.act("close", reference, "U1", outcomes={ids["erasure"]: "fulfilled"}, reasons="", letter=False)
    at = MONDAY + timedelta(days=60)
    assert (figures(any_bench, WEEK, at).on_time, figures(any_bench, WEEK.next(), at).on_time) == (Share(1, 1), Share(1, 1))


def test_the_trend_tells_what_came_what_went_and_what_was_left(any_bench: Bench) -> None:
    long_ago = opened(any_bench, Intent.QUESTION, at=MONDAY - timedelta(weeks=30))
    for number, weeks in enumerate((11, 3, 3, 0), start=2):
        opened(any_bench, Intent.QUESTION, number=number, sender=person(number), at=MONDAY - timedelta(weeks=weeks))
    any_bench.clock.at = MONDAY - timedelta(weeks=2)
    close(any_bench, long_ago, question="fulfilled")
    trend = figures(any_bench).trend
    assert [str(trend[0].week), str(trend[-1].week)] == ["2026-W37", "2026-W48"]
    assert [each.received for each in trend] == [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1]
    assert [each.closed for each in trend] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert [each.open for each in trend] == [2, 2, 2, 2, 2, 2, 2, 2, 4, 3, 3, 4]


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), 43),  # Sunday 23:59 in Berlin, winter time since that night
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), 44),
        (datetime(2026, 10, 18, 21, 59, tzinfo=UTC), 42),  # Sunday 23:59, summer time
        (datetime(2026, 10, 18, 22, 0, tzinfo=UTC), 43),
    ],
)
def test_a_week_begins_at_midnight_where_the_organisation_sits(any_bench: Bench, moment: datetime, week: int) -> None:
    opened(any_bench, Intent.ACCESS, at=moment)
    assert [each.week.number for each in figures(any_bench, Week(2026, 45)).trend if each.received] == [week]
    assert [number for number in (42, 43, 44) if figures(any_bench, Week(2026, number)).by_intent] == [week]


def test_mail_that_opened_nothing_and_letters_not_written_are_counted(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    robot = mail("I am away.", sender=person(4), number=4, headers="Auto-Submitted: auto-replied\nX-Autoreply: yes\n")
    take(any_bench, robot)

    def note(session: Session) -> None:
        for number, decision in enumerate(("hold", "noise", "noise")):
            session.add(Message(external_id=f"x{number}", direction=Direction.IN, source="mail", received_at=MONDAY, decision=decision))
        for reason in ("enough automatic mail to this sender", "it came after our letters; perhaps a machine", "our own address"):
            session.get_one(Ticket, 1).record("not_acknowledged", "bot", MONDAY, reason=reason)

    any_bench.app.read(note)
    found = figures(any_bench).mail
    assert (found.held, found.noise, found.ignored, found.withheld) == (1, 2, 1, 2)
    assert reference == "PRV-2026-00001"
    assert figures(any_bench, WEEK.previous()).mail == figures(any_bench, WEEK.next()).mail


def test_what_was_unclear_corrected_extended_and_paused(any_bench: Bench) -> None:
    clear = opened(any_bench, Intent.ACCESS)
    unclear = opened(any_bench, number=2, sender=person(2))
    any_bench.app.act("reclassify", unclear, "U1", intents=[Intent.QUESTION], regime="eu_gdpr")
    any_bench.app.act("extend", clear, "U1", reasons="Many systems.")
    digest = figures(any_bench)
    assert (digest.unclear, digest.corrected, digest.extensions) == (Share(1, 2), Share(1, 2), 1)


def test_a_week_in_the_future_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="2027-W01 has not begun yet; the latest is 2026-W49"):
        figures(bench, Week(2027, 1))
