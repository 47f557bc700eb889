"""The weekly digest's figures, worked out by hand."""

from datetime import timedelta

import pytest

from bot.digest import Count, Digest, OpenTicket, Share
from bot.weeks import Week
from tests.digests import ALL, BUSY, MONDAY, TODAY, asked, digest_of, on, ticket


@pytest.fixture
def digest() -> Digest:
    return BUSY


def test_what_came_and_what_went_is_counted_from_monday_to_sunday(digest: Digest) -> None:
    assert (digest.received, digest.closed) == (4, 2)


def test_what_is_open_is_as_of_today(digest: Digest) -> None:
    assert digest.open == 6
    assert digest.waiting == 1
    assert digest.extensions == 1
    assert numbers(digest.unassigned) == [2, 4]


def test_due_dates_are_those_of_open_requests(digest: Digest) -> None:
    assert numbers(digest.overdue) == [1]
    assert numbers(digest.due_in_7_days) == [3]
    assert numbers(digest.due_in_14_days) == [3, 5]
    assert [found.days_left for found in digest.due_in_14_days] == [7, 14]


@pytest.mark.parametrize(
    ("due", "late", "soon", "later"), [(22, 1, 0, 0), (23, 0, 1, 1), (30, 0, 1, 1)], ids=["yesterday", "today", "in a week"]
)
def test_a_ticket_is_late_from_the_day_after_its_due_date(due: int, late: int, soon: int, later: int) -> None:
    digest = digest_of(ticket(1, on(10, 23), asked("access", on(11, due))))
    assert (len(digest.overdue), len(digest.due_in_7_days), len(digest.due_in_14_days)) == (late, soon, later)


def test_received_is_split_by_intent_in_the_order_of_the_catalog(digest: Digest) -> None:
    assert digest.by_intent == (Count("access", 1), Count("unsubscribe", 2), Count("question", 1), Count("other", 1))


def test_an_intent_that_the_catalog_no_longer_has_comes_last() -> None:
    digest = digest_of(ticket(1, on(11, 17), asked("telepathy"), asked("other")))
    assert digest.by_intent == (Count("other", 1), Count("telepathy", 1))


def test_received_is_split_by_regime_and_language_most_first(digest: Digest) -> None:
    assert digest.by_regime == (Count("eu_gdpr", 3), Count("uk_gdpr", 1))
    assert digest.by_language == (Count("en", 2), Count("de", 1), Count("es", 1))


def test_days_to_close_and_on_time_are_of_requests_closed_in_the_week(digest: Digest) -> None:
    assert digest.median_days == 23  # of 2, 23 and 52
    assert digest.p90_days == 52
    assert digest.on_time == Share(2, 3)


@pytest.mark.parametrize(("how_many", "median", "ninth"), [(1, 1, 1), (9, 5, 9), (10, 5.5, 9), (11, 6, 10), (20, 10.5, 18)])
def test_p90_is_the_days_within_which_nine_of_ten_were_closed(how_many: int, median: float, ninth: int) -> None:
    closed = [
        ticket(n, on(11, 20) - timedelta(days=n), asked("access", None, on(11, 20)), status="closed") for n in range(1, how_many + 1)
    ]
    digest = digest_of(*closed)
    assert (digest.median_days, digest.p90_days) == (median, ninth)


def test_unclear_and_corrected_are_shares_of_what_came(digest: Digest) -> None:
    assert str(digest.unclear) == str(digest.corrected) == "25%"


def test_the_trend_is_the_twelve_weeks_up_to_this_one(digest: Digest) -> None:
    assert [str(each.week) for each in digest.trend][:: len(digest.trend) - 1] == ["2026-W36", "2026-W47"]
    assert [each.received for each in digest.trend] == [0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 4]
    assert [each.closed for each in digest.trend] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]


def test_the_five_oldest_are_named_with_their_age(digest: Digest) -> None:
    assert numbers(digest.oldest) == [1, 2, 3, 5, 4]
    assert [found.days_open for found in digest.oldest] == [42, 34, 28, 7, 6]
    assert digest.oldest[0].handler == "Mara"


def test_a_week_that_has_not_begun_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2026-W49 has not begun yet; the latest is 2026-W48"):
        digest_of(week=Week(2026, 49))
    assert digest_of(MONDAY, week=Week(2026, 48)).received == 1


@pytest.mark.parametrize(("part", "whole", "shown"), [(0, 0, "–"), (0, 9, "0%"), (1, 900, "1%"), (899, 900, "99%"), (9, 9, "100%")])
def test_a_share_says_all_and_none_only_when_it_is_true(part: int, whole: int, shown: str) -> None:
    assert str(Share(part, whole)) == shown


def test_each_open_ticket_stands_in_one_part_of_the_due_dates(digest: Digest) -> None:
    assert {count.name: count.number for count in digest.by_due} == {"overdue": 1, "due_7": 1, "due_14": 1, "later": 1, "undated": 2}


def test_a_paused_ticket_is_one_that_waits_without_a_date(digest: Digest) -> None:
    assert (digest.waiting, digest.paused) == (1, 1)
    assert digest_of(ticket(1, on(11, 2), asked("access", on(12, 2)), status="waiting")).paused == 0


def test_a_week_that_still_runs_says_so() -> None:
    assert digest_of(*ALL, week=Week.of(TODAY)).is_so_far
    assert not digest_of(*ALL).is_so_far


def numbers(tickets: tuple[OpenTicket, ...]) -> list[int]:
    return [int(found.reference[-5:]) for found in tickets]
