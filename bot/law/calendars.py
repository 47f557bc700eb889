"""Working days: which days of a place are no working days, and how a period is counted on its calendar."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version
from itertools import count
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)


class ClockError(ValueError):
    """A clock can't be computed: something unknown or malformed; the message names it and what is allowed."""


@dataclass(frozen=True)
class Place:
    """Where the controller acts: ISO 3166 country and region, the zone that fixes dates, the entity's corrections to the holidays."""

    country: str
    subdivision: str | None
    time_zone: ZoneInfo
    holidays_added: frozenset[date] = frozenset()
    holidays_removed: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Source:
    """One set of holidays of the `holidays` package."""

    country: str
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)


@dataclass(frozen=True)
class Calendar:
    """The days on which nobody is expected to work: Saturdays, Sundays and the public holidays of all sources (Reg. 1182/71 Art 2(2))."""

    sources: tuple[Source, ...] = ()
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()
    left_out: str = ""
    """Holidays whose English name begins with this are not counted."""

    def why_free(self, day: date) -> str:
        """Why `day` is no working day (`Saturday`, a holiday's name), or an empty string for a working day."""
        if day.weekday() >= 5:
            return f"{day:%A}"
        if day in self.added:
            return "holiday of the entity"
        return "" if day in self.removed else next(self._names(day), "")

    def is_working(self, day: date) -> bool:
        """True unless Saturday, Sunday or holiday."""
        return not self.why_free(day)

    def roll(self, day: date) -> date:
        """`day`, or the next working day after it (Reg. 1182/71 Art 3(4))."""
        return next(d for d in days_from(day) if self.is_working(d))

    def nth_working_day(self, start: date, number: int, *, start_counts: bool) -> date:
        """The `number`th working day after `start`; with `start_counts` a working `start` is the first."""
        working = (d for d in days_from(start if start_counts else start + DAY) if self.is_working(d))
        return next(d for nth, d in enumerate(working, 1) if nth == number)

    def without(self, *days: date) -> "Calendar":
        """The same calendar with some holidays less."""
        return replace(self, removed=self.removed | frozenset(days))

    def _names(self, day: date) -> Iterator[str]:
        names = (_holidays(source, day.year).get(day, "") for source in self.sources)
        return (name for name in names if name and not (self.left_out and name.startswith(self.left_out)))


def days_from(first: date) -> Iterator[date]:
    """`first` and every day after it."""
    return (first + DAY * n for n in count())


def add_months(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it has no such day (Reg. 1182/71 Art 3(2)(c))."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, gregorian.monthrange(year, month)[1]))


def end_of(due: date | datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which `due` is over: local midnight after a day, a datetime as it is."""
    if isinstance(due, datetime):
        return due.astimezone(UTC)
    return datetime.combine(due + DAY, time(), zone).astimezone(UTC)


def check_place(place: Place) -> None:
    """Raise ClockError for a country or region the holidays are not known for; the United Kingdom needs its nation."""
    regions = _countries().get(place.country)
    if regions is None:
        raise ClockError(f"unknown country {place.country!r}; known: {', '.join(sorted(_countries()))}")
    if place.subdivision is not None and place.subdivision not in regions:
        raise ClockError(f"unknown subdivision {place.subdivision!r} of {place.country}; known: {', '.join(sorted(regions)) or 'none'}")
    if place.country == "GB" and place.subdivision is None:
        # Without it Easter Monday and the summer bank holiday are missing.
        raise ClockError("country GB needs a subdivision; known: ENG, NIR, SCT, WLS")


def holidays_version() -> str:
    """Name and version of the holiday data, for the ticket: a stale set gives earlier dates."""
    return f"holidays-{version('holidays')}"


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    return {country: list(regions) for country, regions in holidays.list_supported_countries().items() if len(country) == 2}


@lru_cache(maxsize=512)
def _holidays(source: Source, year: int) -> dict[date, str]:
    found = holidays.country_holidays(
        source.country, subdiv=source.subdivision, years=year, expand=False, categories=source.categories, language=_english(source.country)
    )
    return {day: str(found[day]) for day in found}


@lru_cache(maxsize=64)
def _english(country: str) -> str | None:
    known = holidays.country_holidays(country).supported_languages
    return "en_US" if "en_US" in known else None
