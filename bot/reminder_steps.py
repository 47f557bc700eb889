"""Reminder steps: when people are told of something, and how far up; pure arithmetic on the desk's working days and hours."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.config import Config, RemindersConfig
from bot.law.calendars import DAY, Calendar, Source, days_from
from bot.law.clock_table import table

_HOURS_BEFORE = (48, 24, 12, 3)
_MANAGERS_FROM_HOURS = 12


class Level(IntEnum):
    """How far a step goes; each level is told beside the ones below it."""

    HANDLER = 0
    DESK = 1
    MANAGERS = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One moment (UTC) at which people are told, and how far up; `name` is unique within what it is about."""

    at: datetime
    name: str
    level: Level


Ladder = tuple[tuple[int, Level], ...]
"""What nobody attends to climbs: after so many times the configured working days, to that level."""

UNASSIGNED: Ladder = ((1, Level.DESK), (2, Level.MANAGERS))
UNREAD: Ladder = ((1, Level.HANDLER), (2, Level.DESK), (3, Level.MANAGERS))


@dataclass(frozen=True)
class WorkingTime:
    """When the desk may be told of things: working days, outside the quiet hours; all times of day are those of `zone`."""

    calendar: Calendar
    zone: ZoneInfo
    at: time
    """When the day's reminders are told; outside the quiet hours."""
    quiet_from: time
    quiet_until: time

    @classmethod
    def of(cls, config: Config) -> "WorkingTime":
        """The working time that the config describes."""
        place, rules = config.place, config.reminders
        calendar = Calendar((Source(place.country, place.subdivision),), place.holidays_added, place.holidays_removed)
        return cls(calendar, place.time_zone, rules.at, rules.quiet_from, rules.quiet_until)

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()

    def morning(self, day: date) -> datetime:
        """The UTC instant at which that day's reminders are told."""
        return self._instant(day, self.at)

    def last_working_day(self, day: date) -> date:
        """`day`, or the working day before it."""
        return next(d for d in (day - DAY * n for n in count()) if self.calendar.is_working(d))

    def is_open(self, moment: datetime) -> bool:
        """Whether people may be told at this moment."""
        local = moment.astimezone(self.zone)
        return self.calendar.is_working(local.date()) and not in_window(local.time(), self.quiet_from, self.quiet_until)

    def opening(self, moment: datetime) -> datetime:
        """`moment` (UTC) itself while people may be told, else the next moment at which they may."""
        if self.is_open(moment):
            return moment
        starts = (self._instant(day, at) for day in days_from(self.day(moment)) for at in (time(), self.quiet_until))
        return next(start for start in starts if start > moment and self.is_open(start))

    def morning_after(self, moment: datetime, working_days: int) -> datetime:
        """The morning of the nth working day after `moment`; what comes when nobody may be told counts as coming at the next opening."""
        first = self.day(self.opening(moment))
        return self.morning(self.calendar.nth_working_day(first, working_days, start_counts=False))

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def in_window(at: time, start: time, end: time) -> bool:
    """Whether a time of day lies in [start, end), which may run over midnight; with both the same, nothing does."""
    return start <= at < end if start <= end else at >= start or at < end


def latest_and_next(steps: Iterable[Step], now: datetime) -> tuple[Step | None, datetime | None]:
    """The last step whose time has come, and the time of the first one after it. `steps` in order of time, possibly without end."""
    latest = None
    for step in steps:
        if step.at > now:
            return latest, step.at
        latest = step
    return latest, None


def day_steps(last_day: date, received_at: datetime, working: WorkingTime, rules: RemindersConfig) -> Iterator[Step]:
    """The steps of a clock in days, without end: before the last day, on it, and each working day after it.

    One that falls on a day off is told on the working day before. Those that lie before the receipt are left out.
    """
    for before in sorted(rules.before_due, reverse=True):
        at = working.morning(working.last_working_day(last_day - before))
        if at > received_at:
            yield Step(at, f"{before.days}d", _level(before, rules))
    yield Step(working.morning(working.last_working_day(last_day)), "0d", Level.MANAGERS)
    for late in count(1):
        if working.calendar.is_working(day := last_day + DAY * late):
            yield Step(working.morning(day), f"late-{late}", Level.MANAGERS)


def _level(before: timedelta, rules: RemindersConfig) -> Level:
    if before <= rules.escalate_before_due:
        return Level.MANAGERS
    return Level.DESK if before <= DAY else Level.HANDLER


def hour_steps(end: datetime, received_at: datetime) -> Iterator[Step]:
    """The steps of a clock in hours, without end: it pays no heed to nights and weekends (Reg. 1182/71 Art 3(3), Art 33(1) GDPR)."""
    for hours in _HOURS_BEFORE:
        if (at := end - timedelta(hours=hours)) > received_at:
            yield Step(at, f"{hours}h", Level.MANAGERS if hours <= _MANAGERS_FROM_HOURS else Level.DESK)
    for late in count():
        yield Step(end + DAY * late, f"late-{late}", Level.MANAGERS)


def extension_steps(notice_by: date, working: WorkingTime, rules: RemindersConfig) -> Iterator[Step]:
    """The one step at which somebody decides whether to extend; told until the notice's last day is over."""
    yield Step(working.morning(working.last_working_day(notice_by - rules.extension_decision)), "extend", Level.HANDLER)


def waiting_steps(name: str, since: datetime, working_days: int, ladder: Ladder, working: WorkingTime) -> Iterator[Step]:
    """The steps of something that waits for a colleague since `since`."""
    for times, level in ladder:
        yield Step(working.morning_after(since, times * working_days), f"{name}-{times * working_days}", level)


def runs_in_hours(regime: str, kind: str, received_on: date) -> bool:
    """Whether the law counts this clock in hours. Raises ClockError for a regime or kind that the table does not know."""
    laws = table()
    period = laws.clock(laws.regimes[laws.regime_name(regime)], kind, received_on).period
    return period is not None and bool(period.hours)
