"""Dates as mail clients write them above a mail they carry along: read by their parts, whatever the language and the order."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache

from babel import Locale

from bot.asking.words import terms

LANGUAGES = (
    "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mt", "nb", "nl", "nn",
    "pl", "pt", "ro", "ru", "sk", "sl", "sr_Latn", "sv", "tr", "uk",
)  # fmt: skip
OLDEST = timedelta(days=366)
_SLACK = timedelta(days=1)  # a client's clock or zone may be off; the moment of the forward is then the latest it can be

_TIME = re.compile(r"(?<![\d.])(\d{1,2})\s?[:h]\s?(\d{2})(?::\d{2})?(?!\d)")
_DOTTED_TIME = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?:\.\d{2})?(?![\d.])")  # Finnish and Danish; behind the year only
_OFFSET = re.compile(r"\(?\b(?:GMT|UTC)\b\s*([+−-]\d{1,2}(?::?\d{2})?)?|(?<=\s)([+−-]\d{4})\b")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)?\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_DAY = re.compile(r"(?<!\d)([0-3]?\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_ZONES = {"utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "west": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3,
          "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip


def date_of(text: str, zone: tzinfo, latest: datetime) -> datetime | None:
    """The moment that `text` names, aware; `zone` where it names none.

    Never after `latest`, never more than a year before it; of several readings (3/4, or a month that is another one in another
    language) the last that is possible: mail is passed on within days. None where nothing can be true.
    """
    text = text[:200]
    offset = _offset(text)
    moments = (moment.replace(tzinfo=zone if offset is None else offset) for moment in _readings(_OFFSET.sub(" ", text)))
    possible = [moment for moment in moments if latest - OLDEST <= moment <= latest + _SLACK]
    return min(max(possible), latest) if possible else None


def _offset(text: str) -> timezone | None:
    found = _OFFSET.search(text)
    written = (found[1] or found[2] or "+0").replace("−", "-").replace(":", "") if found else ""
    if not found:
        named = [_ZONES[word] for word in _words(text) if word in _ZONES]
        return timezone(timedelta(hours=named[-1])) if named else None
    sign, digits = (-1 if written.startswith("-") else 1), written.lstrip("+-")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone(sign * timedelta(hours=min(hours, 14), minutes=min(minutes, 59)))


def _readings(text: str) -> list[datetime]:
    """Every day the text may mean, at its time; where it names the weekday, only those that fall on it, if any does."""
    time = _TIME.search(text) or _DOTTED_TIME.search(text, _end_of_year(text))
    rest = text if time is None else f"{text[: time.start()]} {text[time.end() :]}"
    days = [day for year, month, number in _days(rest) if (day := _day(year, month, number))]
    named = {weekday for word in _words(rest) for weekday in _names()[1].get(word, ())}
    fitting = [day for day in days if day.weekday() in named] or days
    hour, minute = _clock(time, text) if time else (0, 0)
    return [day.replace(hour=hour, minute=minute) for day in fitting]


def _end_of_year(text: str) -> int:
    found = _YEAR_FIRST.search(text) or _YEAR.search(text) or _YEAR_LAST.search(text)
    return found.end() if found else 0


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day in every reading."""
    months = [month for name, numbers in _long_names() if name in text.casefold() for month in numbers]
    months += [month for word in _words(text) for month in _names()[0].get(word, ())]
    year = _YEAR.search(text)
    if months and year:
        rest = f"{text[: year.start()]} {text[year.end() :]}"
        yield from ((int(year[1]), month, int(day[1])) for month in dict.fromkeys(months) for day in _DAY.finditer(rest))
        return
    if found := _YEAR_FIRST.search(text):
        yield int(found[1]), int(found[2]), int(found[3])
    elif found := _YEAR_LAST.search(text):
        full = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        yield full, int(found[2]), int(found[1])
        yield full, int(found[1]), int(found[2])


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 (the zone is put on by the caller)
    except ValueError:
        return None


def _clock(time: re.Match[str], text: str) -> tuple[int, int]:
    hour, minute = int(time[1]) % 24, int(time[2]) % 60
    around = f"{text[max(time.start() - 6, 0) : time.start()]} {text[time.end() : time.end() + 6]}".casefold()
    if hour < 12 and _half("evening").search(around):
        return hour + 12, minute
    if hour == 12 and _half("morning").search(around):
        return 0, minute
    return hour, minute


@cache
def _half(of_day: str) -> re.Pattern[str]:
    letter = r"[^\W\d_]"
    return re.compile(rf"(?<!{letter})(?:{'|'.join(map(re.escape, terms(of_day)))})(?!{letter})")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@cache
def _names() -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Names of months (1 to 12) and of weekdays (0 is Monday) in every language; a word may stand for several."""
    months: dict[str, tuple[int, ...]] = {}
    weekdays: dict[str, tuple[int, ...]] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for table, names in ((months, locale.months), (weekdays, locale.days)):
            for number, name in _all_names(names):
                table[name] = tuple(dict.fromkeys((*table.get(name, ()), number)))
    return months, weekdays


@cache
def _long_names() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Months of more than one word, as in Irish."""
    return tuple((name, numbers) for name, numbers in _names()[0].items() if " " in name)


def _all_names(names: object) -> Iterator[tuple[int, str]]:
    """Babel's names in all contexts and lengths, without the dots of abbreviations; single letters mean nothing."""
    for widths in dict(names).values():  # type: ignore[call-overload]
        for width in ("wide", "abbreviated"):
            for number, name in dict(widths.get(width, {})).items():
                bare = str(name).casefold().rstrip(".")
                if len(bare) > 1:
                    yield number, bare
