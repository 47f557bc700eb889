"""Statutory due dates: when a request must be answered, which rival date the law's doubtful points allow, and why.

`clocks.yaml` says what the law is, `counting` how a period is counted, `calendars` which days are working days; this module
puts a request, its place and its events through them. Everything is pure: the same input gives the same date on any day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from bot.law.calendars import Calendar, ClockError, Place, Source, check_place, end_of, holidays_version
from bot.law.clock_table import Clock, Pauses, Period, Regime, table
from bot.law.counting import Count, Reading, Step, in_words

__all__ = ["EVENT_KINDS", "ClockError", "ClockEvent", "Due", "Place", "Rival", "check_place", "current_version", "due", "kinds", "regimes"]

EVENT_KINDS = {
    "extension_notice": ("extension", False),
    "id_requested": ("identity", False),
    "id_received": ("identity", True),
    "clarification_requested": ("clarification", False),
    "clarification_received": ("clarification", True),
    "fee_requested": ("fee", False),
    "fee_received": ("fee", True),
}
"""Kind of a ClockEvent -> what it is about, and whether it is the answer."""

YEARS = range(1990, 2200)


@dataclass(frozen=True)
class ClockEvent:
    """Something that may move a clock, with its aware time; a person has confirmed that the pause or extension is justified."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Rival:
    """Another date that a doubtful point of law allows, earlier or later, and the reading that leads to it."""

    due: date | datetime
    reason: str


@dataclass(frozen=True)
class Due:
    """When a request is due: a date means the end of that local day, a datetime the instant, None no statutory date or paused."""

    regime: str
    kind: str
    due: date | datetime | None
    alt_due: date | datetime | None
    """The rival date to show beside `due`; where the law has no day count, the house's own date."""
    alt_reason: str
    review: date | None
    """While paused: the date without any pause, by which a refusal would have to go out (GDPR Art 12(4))."""
    extension_notice_by: date | None
    """Last day for the notice of extension; None where the law knows none."""
    confirm_by: date | None
    """California: last day for the confirmation of receipt."""
    stop: str
    """What must stop at once, whatever `due` says (Art 21(3), 7(3)); empty for most clocks."""
    extended: bool
    reason: str
    statute: str
    rule_version: str
    time_zone: ZoneInfo
    rivals: tuple[Rival, ...] = field(default=(), repr=False)
    """All other dates, `alt_due` first."""

    @property
    def paused(self) -> bool:
        """True while the clock stands still, waiting for the requester."""
        return self.review is not None

    @property
    def instant(self) -> datetime | None:
        """The UTC instant at which `due` is over: local midnight after the day, or the exact instant of an hour clock."""
        return None if self.due is None else end_of(self.due, self.time_zone)

    @property
    def safest(self) -> date | datetime | None:
        """The earliest of `due` and all rivals: what reminders count from."""
        dates = [self.due, *(rival.due for rival in self.rivals)]
        return min((d for d in dates if d is not None), key=lambda d: end_of(d, self.time_zone), default=None)


def regimes() -> tuple[str, ...]:
    """The names of all regimes."""
    return tuple(table().regimes)


def kinds(regime: str) -> tuple[str, ...]:
    """Every kind of request that `regime` accepts; ClockError for an unknown regime."""
    return table().kinds(table().regimes[table().regime_name(regime)])


@lru_cache(maxsize=1)
def current_version() -> str:
    """The versions of the table and of the holidays that every Due is computed with: `clocks-2026-11-22 holidays-0.109`."""
    return f"clocks-{table().version} {holidays_version()}"


def due(regime: str, kind: str, received: datetime, place: Place, events: Sequence[ClockEvent] = ()) -> Due:
    """The due date of a request of `kind` that reached the official channel at `received` (aware, any zone).

    Dates are those of `place.time_zone`. ClockError for an unknown regime, kind, place or event, a time without zone,
    a year outside 1990-2199 and an event before the receipt.
    """
    check_place(place)
    _check_times(received, events)
    case = _Case(table().regime_name(regime), kind, received, place, tuple(sorted(events, key=lambda event: event.at)))
    if case.clock.period is None:
        return case.without_period()
    return case.in_hours(case.clock.period) if case.clock.period.hours else case.in_days()


def _check_times(received: datetime, events: Sequence[ClockEvent]) -> None:
    _check_time("received", received)
    for event in events:
        if event.kind not in EVENT_KINDS:
            raise ClockError(f"unknown event {event.kind!r}; known: {', '.join(EVENT_KINDS)}")
        _check_time(event.kind, event.at)
        if event.at < received:
            raise ClockError(f"{event.kind} at {event.at.isoformat()} lies before the receipt at {received.isoformat()}")


def _check_time(name: str, at: datetime) -> None:
    if at.utcoffset() is None:
        raise ClockError(f"{name}: {at.isoformat()} has no time zone")
    if at.year not in YEARS:
        raise ClockError(f"{name}: the year {at.year} lies outside {YEARS[0]}-{YEARS[-1]}")


@dataclass(frozen=True)
class _Case:
    """One request before its row of the table."""

    regime_name: str
    kind: str
    received: datetime
    place: Place
    events: tuple[ClockEvent, ...]

    @cached_property
    def regime(self) -> Regime:
        return table().regimes[self.regime_name]

    @cached_property
    def clock(self) -> Clock:
        return table().clock(self.regime, self.kind, self.received_on)

    @cached_property
    def received_on(self) -> date:
        """The local date at the controller, the one that counts."""
        return self.received.astimezone(self.place.time_zone).date()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(Step(*EVENT_KINDS[event.kind], event.at.astimezone(self.place.time_zone).date()) for event in self.events)

    def without_period(self) -> Due:
        """No statutory date: the house's own date, if the table names one, stands as the rival."""
        clock, reason = self.clock, self.clock.note
        own = clock.policy or clock.appeal
        rivals = self._policy(own, "policy" if clock.policy else "appeal") if own else ()
        return self._due(None, rivals, reason=reason)

    def in_hours(self, period: Period) -> Due:
        """Elapsed hours, whatever the day: never rolled, never paused (Reg. 1182/71 Art 3(3), (4))."""
        zone, length = self.place.time_zone, timedelta(hours=period.hours)
        end = (self.received.astimezone(UTC) + length).astimezone(zone)
        next_hour = self.received.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC) + timedelta(hours=1)
        rivals = (Rival((next_hour + length).astimezone(zone), table().readings["full_hour"]),) if "full_hour" in self.clock.doubts else ()
        reason = f"{period} from {self.clock.start} {self.received.astimezone(zone):%a %Y-%m-%d %H:%M %Z}; weekends and holidays count"
        return self._due(end, rivals, reason=reason)

    def in_days(self) -> Due:
        """Dates only: the count under the project's reading, and under each rival one."""
        count = Count(self.reading(), self.steps)
        end = count.last
        review = self._unpaused(count).last.day if end.open_pause else None
        if end.day is not None:
            rivals = self._rivals(count, end.day)
        else:
            own = self.clock.extension and self.clock.extension.policy
            rivals = self._policy(own, "policy") if own and not end.open_pause else ()
        return self._due(
            end.day,
            rivals,
            reason=in_words(count, self.place.time_zone.key, review),
            review=review,
            notice_by=(count.first.day or self._unpaused(count).first.day) if self.clock.extension else None,
            extended=count.extended,
        )

    def reading(self) -> Reading:
        """The project's own reading."""
        clock = self.clock
        return Reading(clock, self._calendar(), self.received_on, clock.first_day, clock.roll, clock.pauses)

    def _calendar(self) -> Calendar:
        place, regime = self.place, self.regime
        if place.country not in regime.countries:
            return Calendar((Source(regime.elsewhere),) if regime.elsewhere else ())
        region = None if regime.holidays == "national" else place.subdivision
        return Calendar((Source(place.country, region),), place.holidays_added, place.holidays_removed)

    def _rivals(self, count: Count, end: date) -> tuple[Rival, ...]:
        """Every different date of a rival reading: rolled first where the end isn't rolled, else the earliest first."""
        found: dict[date, str] = {}
        for name, reading in self._rival_readings(count.reading):
            day = Count(reading, self.steps).last.day
            if day is not None and day != end:
                found.setdefault(day, name)
        order = sorted(found, key=lambda day: (found[day] != "rolled", day))
        return tuple(Rival(day, table().readings.get(found[day], found[day])) for day in order)

    def _rival_readings(self, own: Reading) -> Iterator[tuple[str, Reading]]:
        doubts = {
            "no_pause": replace(own, pauses=Pauses()),
            "chained": replace(own, chained=True),
            "first_day": replace(own, first_day=not own.first_day),
            "rolled": replace(own, rolls=True),
            "elapsed": replace(own, pauses=own.pauses.model_copy(update={"clarification": "suspends"})),
        }
        yield from ((_in_words(name, own), doubts[name]) for name in self.clock.doubts if name in doubts)
        yield from ((name, replace(own, calendar=calendar)) for name, calendar in self._rival_calendars(own.calendar))
        dates = {"sender_date": self.received.date(), "utc_date": self.received.astimezone(UTC).date()}
        yield from ((name, replace(own, received_on=day)) for name, day in dates.items() if day < own.received_on)

    def _rival_calendars(self, own: Calendar) -> Iterator[tuple[str, Calendar]]:
        for source in own.sources:
            at_home = source.country == self.place.country
            if self.regime.holidays == "regional" and source.subdivision:
                yield "national", replace(own, sources=(Source(source.country),))
            region = (self.place.subdivision if at_home else None) or self.regime.state
            if self.regime.holidays == "national" and region:
                yield "state", replace(own, sources=(source, Source(source.country, region)))
            yield from _doubtful_calendars(own, source)

    def _unpaused(self, count: Count) -> Count:
        return Count(replace(count.reading, pauses=Pauses()), self.steps)

    def _policy(self, own: Period, reading: str) -> tuple[Rival, ...]:
        return (Rival(self.reading().closes((own,), self.received_on)[1], table().readings[reading]),)

    def _due(
        self,
        end: date | datetime | None,
        rivals: tuple[Rival, ...],
        *,
        reason: str,
        review: date | None = None,
        notice_by: date | None = None,
        extended: bool = False,
    ) -> Due:
        clock, act = self.clock, self.regime.act
        confirm_by = self.reading().closes((clock.confirm,), self.received_on)[1] if clock.confirm else None
        return Due(
            regime=self.regime_name,
            kind=self.kind,
            due=end,
            alt_due=rivals[0].due if rivals else None,
            alt_reason=rivals[0].reason if rivals else "",
            review=review,
            extension_notice_by=notice_by,
            confirm_by=confirm_by,
            stop=clock.stop,
            extended=extended,
            reason=reason.replace("{act}", act),
            statute=clock.statute.replace("{act}", act),
            rule_version=current_version(),
            time_zone=self.place.time_zone,
            rivals=rivals,
        )


def _in_words(doubt: str, own: Reading) -> str:
    return "next_day" if doubt == "first_day" and own.first_day else doubt


def _doubtful_calendars(own: Calendar, source: Source) -> Iterator[tuple[str, Calendar]]:
    for holiday in table().doubtful_holidays:
        if holiday.country != source.country or holiday.subdivision not in (None, source.subdivision):
            continue
        if holiday.day:
            yield holiday.why, own.without(holiday.day)
        if holiday.name:
            yield holiday.why, replace(own, left_out=holiday.name)
        if holiday.category:
            yield holiday.why, replace(own, sources=(source, replace(source, categories=(holiday.category,))))
