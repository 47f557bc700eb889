"""Reminder steps: in order, never after the due day's own, only when the desk may be told, in every zone and over every clock change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.config import RemindersConfig
from bot.law.calendars import Calendar, Source
from bot.reminder_steps import (
    UNASSIGNED,
    UNREAD,
    Level,
    Step,
    WorkingTime,
    day_steps,
    extension_steps,
    hour_steps,
    in_window,
    latest_and_next,
    runs_in_hours,
    waiting_steps,
)
from tests.builders import config

BERLIN = WorkingTime.of(config())
RULES = RemindersConfig()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PLACES = [
    ("DE", "BE", "Europe/Berlin"), ("GB", "ENG", "Europe/London"), ("US", "CA", "America/Los_Angeles"),
    ("AU", "NSW", "Australia/Lord_Howe"), ("BR", None, "America/Sao_Paulo"), ("IN", None, "Asia/Kolkata"),
    ("NZ", None, "Pacific/Auckland"), ("CL", None, "America/Santiago"),
]  # fmt: skip

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds are asked for


@st.composite
def working_times(draw: st.DrawFn) -> WorkingTime:
    """The desk of some place, with quiet hours that may run over midnight; told in daytime, when no clock changes."""
    country, region, zone = draw(st.sampled_from(PLACES))
    at = draw(st.builds(time, st.integers(7, 20), st.sampled_from([0, 30])))
    start, end = draw(times), draw(times)
    assume(not in_window(at, start, end))
    return WorkingTime(Calendar((Source(country, region),)), ZoneInfo(zone), at, start, end)


@st.composite
def rules(draw: st.DrawFn) -> RemindersConfig:
    before = draw(st.lists(st.integers(1, 60), unique=True, max_size=6))
    escalate = draw(st.integers(0, 10))
    return RemindersConfig(before_due=tuple(timedelta(days=n) for n in before), escalate_before_due=timedelta(days=escalate))


def first(steps: object, number: int) -> list[Step]:
    return list(islice(steps, number))  # type: ignore[call-overload]


def local(moment: datetime, zone: ZoneInfo = BERLIN.zone) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}"


class TestDaySteps:
    def test_are_told_at_eight_on_working_days_before_on_and_after_the_last_day(self) -> None:
        steps = first(day_steps(date(2026, 12, 23), LONG_AGO, BERLIN, RULES), 9)
        assert [(step.name, local(step.at), step.level.name) for step in steps] == [
            ("14d", "Wed 09 Dec 08:00", "HANDLER"),
            ("7d", "Wed 16 Dec 08:00", "HANDLER"),
            ("3d", "Fri 18 Dec 08:00", "HANDLER"),  # the 20th is a Sunday
            ("1d", "Tue 22 Dec 08:00", "MANAGERS"),
            ("0d", "Wed 23 Dec 08:00", "MANAGERS"),
            ("late-1", "Thu 24 Dec 08:00", "MANAGERS"),
            ("late-5", "Mon 28 Dec 08:00", "MANAGERS"),  # Christmas and its weekend are left out
            ("late-6", "Tue 29 Dec 08:00", "MANAGERS"),
            ("late-7", "Wed 30 Dec 08:00", "MANAGERS"),
        ]

    def test_go_on_as_long_as_it_is_open(self) -> None:
        steps = day_steps(date(2026, 12, 23), LONG_AGO, BERLIN, RULES)
        latest, following = latest_and_next(steps, datetime(2028, 12, 20, 12, tzinfo=UTC))
        assert latest is not None and (latest.name, local(latest.at)) == ("late-728", "Wed 20 Dec 08:00")
        assert following is not None and local(following) == "Thu 21 Dec 08:00"

    def test_of_a_last_day_off_comes_on_the_working_day_before(self) -> None:
        steps = first(day_steps(date(2026, 12, 27), LONG_AGO, BERLIN, RULES), 6)
        assert [(step.name, local(step.at)) for step in steps[3:]] == [
            ("1d", "Thu 24 Dec 08:00"), ("0d", "Thu 24 Dec 08:00"), ("late-1", "Mon 28 Dec 08:00"),
        ]  # fmt: skip

    def test_before_the_receipt_are_left_out(self) -> None:
        steps = first(day_steps(date(2026, 12, 23), datetime(2026, 12, 17, tzinfo=UTC), BERLIN, RULES), 2)
        assert [step.name for step in steps] == ["3d", "1d"]

    @given(working_times(), rules(), days, moments)
    def test_come_in_order_when_the_desk_may_be_told(
        self, working: WorkingTime, own: RemindersConfig, last: date, received: datetime
    ) -> None:
        steps = first(day_steps(last, received, working, own), 30)
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert len({step.name for step in steps}) == len(steps)
        assert all(working.is_open(step.at) for step in steps)
        assert {step.at.astimezone(working.zone).time() for step in steps} == {working.at}
        assert all(step.at.tzinfo is UTC for step in steps)

    @given(working_times(), rules(), days)
    def test_none_before_the_last_day_comes_after_the_days_own(self, working: WorkingTime, own: RemindersConfig, last: date) -> None:
        steps = first(day_steps(last, LONG_AGO, working, own), 40)
        [due] = [step for step in steps if step.name == "0d"]
        assert due.at <= working.morning(last)
        for step in steps:
            assert (step.at > due.at) == step.name.startswith("late")
        by_name = {step.name: step for step in steps}
        for before in own.before_due:
            assert by_name[f"{before.days}d"].at <= working.morning(last - before)  # earlier by days off, never later

    @given(working_times(), rules(), days)
    def test_climb_and_never_come_down(self, working: WorkingTime, own: RemindersConfig, last: date) -> None:
        levels = [step.level for step in first(day_steps(last, LONG_AGO, working, own), 20)]
        assert levels == sorted(levels) and levels[-1] is Level.MANAGERS

    @given(working_times(), rules(), days, st.lists(moments, min_size=2, max_size=6))
    def test_each_is_the_latest_once_however_the_clock_is_looked_at(
        self, working: WorkingTime, own: RemindersConfig, last: date, looks: list[datetime]
    ) -> None:
        assume(max(looks).date() < last + timedelta(days=400))
        found = [latest_and_next(day_steps(last, LONG_AGO, working, own), now) for now in sorted(looks)]
        moments_told = [latest.at for latest, _ in found if latest]
        assert moments_told == sorted(moments_told)
        for now, (latest, following) in zip(sorted(looks), found, strict=True):
            assert (latest is None or latest.at <= now) and (following is None or following > now)


class TestHourSteps:
    def test_pay_no_heed_to_nights_and_weekends(self) -> None:
        received = datetime(2026, 11, 27, 22, tzinfo=UTC)
        steps = first(hour_steps(received + timedelta(hours=72), received), 7)
        assert [(step.name, (step.at - received) / timedelta(hours=1), step.level) for step in steps] == [
            ("48h", 24, Level.DESK), ("24h", 48, Level.DESK), ("12h", 60, Level.MANAGERS), ("3h", 69, Level.MANAGERS),
            ("late-0", 72, Level.MANAGERS), ("late-1", 96, Level.MANAGERS), ("late-2", 120, Level.MANAGERS),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("regime", "kind", "hours"),
        [
            ("eu_gdpr", "breach_report", True),
            ("eu_gdpr", "access", False),
            ("au_app", "unsubscribe", False),
            ("eu_gdpr", "question", False),
        ],
    )
    def test_are_for_the_clocks_that_the_law_counts_in_hours(self, regime: str, kind: str, hours: bool) -> None:
        assert runs_in_hours(regime, kind, date(2026, 11, 23)) is hours  # Australia's five business days are short, and are days


class TestWorkingTime:
    @pytest.mark.parametrize(
        ("moment", "opens"),
        [
            ("2026-11-23T12:00", "2026-11-23T12:00"),  # a Monday
            ("2026-11-23T05:00", "2026-11-23T08:00"),
            ("2026-11-23T18:00", "2026-11-24T08:00"),
            ("2026-11-27T18:30", "2026-11-30T08:00"),  # a Friday
            ("2026-12-24T23:00", "2026-12-28T08:00"),  # Christmas Eve
            ("2026-10-24T23:59", "2026-10-26T08:00"),  # the night of the clock change
        ],
    )
    def test_opens_at_the_end_of_the_quiet_hours_on_a_working_day(self, moment: str, opens: str) -> None:
        when, then = (datetime.fromisoformat(text).replace(tzinfo=BERLIN.zone) for text in (moment, opens))
        assert BERLIN.opening(when) == then

    @given(working_times(), moments)
    def test_opens_now_or_at_the_next_moment_that_is_open(self, working: WorkingTime, moment: datetime) -> None:
        opening = working.opening(moment)
        assert opening >= moment and working.is_open(opening)
        assert (opening == moment) == working.is_open(moment)

    @given(working_times(), moments, st.integers(1, 5))
    def test_counts_working_days_after_the_one_it_came_on(self, working: WorkingTime, moment: datetime, number: int) -> None:
        then = working.morning_after(moment, number)
        assert working.is_open(then)
        between = [working.day(moment) + timedelta(days=n) for n in range(1, (working.day(then) - working.day(moment)).days)]
        assert len([day for day in between if working.calendar.is_working(day)]) >= number - 1
        assert then - moment > timedelta(days=number - 1)

    def test_a_window_may_run_over_midnight_or_be_none(self) -> None:
        night = (time(18), time(8))
        assert [in_window(time(hour), *night) for hour in (7, 8, 17, 18, 23)] == [True, False, False, True, True]
        assert [in_window(time(hour), time(12), time(14)) for hour in (11, 12, 14)] == [False, True, False]
        assert not in_window(time(3), time(0), time(0))


def test_what_waits_for_a_colleague_climbs_on_working_days() -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    unassigned = waiting_steps("unassigned", friday, 2, UNASSIGNED, BERLIN)
    assert [(step.name, local(step.at), step.level.name) for step in unassigned] == [
        ("unassigned-2", "Tue 01 Dec 08:00", "DESK"), ("unassigned-4", "Thu 03 Dec 08:00", "MANAGERS"),
    ]  # fmt: skip
    friday_night = friday + timedelta(hours=10)
    unread = waiting_steps("answer", friday_night, 1, UNREAD, BERLIN)
    assert [(local(step.at), step.level.name) for step in unread] == [
        ("Tue 01 Dec 08:00", "HANDLER"), ("Wed 02 Dec 08:00", "DESK"), ("Thu 03 Dec 08:00", "MANAGERS"),
    ]  # fmt: skip


def test_the_extension_is_decided_ten_days_before_its_notice_must_leave() -> None:
    [step] = extension_steps(date(2026, 12, 23), BERLIN, RULES)
    assert (step.name, local(step.at)) == ("extend", "Fri 11 Dec 08:00")  # the 13th is a Sunday


class TestConfig:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"at": "07:30"}, "outside the quiet hours, 18:00 to 08:00"),
            ({"quiet_until": "09:00"}, "outside the quiet hours, 18:00 to 09:00"),
            ({"quiet_from": "07:00", "quiet_until": "10:00"}, "outside the quiet hours"),
            ({"before_due": ["7d", "7d"]}, "each once"),
            ({"before_due": ["36h"]}, "whole days"),
            ({"before_due": ["0d"]}, "whole days"),
            ({"escalate_before_due": "12h"}, "whole days"),
        ],
    )
    def test_refuses_what_could_not_be_kept(self, given: dict[str, object], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            RemindersConfig.model_validate(given)

    def test_knows_a_desk_without_quiet_hours(self) -> None:
        night = RemindersConfig.model_validate({"quiet_from": "00:00", "quiet_until": "00:00", "at": "03:00"})
        assert night.at == time(3)
