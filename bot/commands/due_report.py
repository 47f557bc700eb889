"""What `privacybot due` prints: one date explained, or a file of worked cases checked."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clocks import EVENT_KINDS, ClockError, ClockEvent, Due, Place, due

T = TypeVar("T")
_FOR_EXAMPLE = "for example 2026-01-31T10:00+01:00"


def explain(
    regime: str,
    intent: str,
    received: str,
    country: str,
    subdivision: str | None = None,
    tz: str | None = None,
    events: Sequence[str] = (),
) -> list[str]:
    """Lines that show a due date and how it came about, from the texts of the command line.

    `received` is ISO 8601 with an offset, an event `kind@time`. Without `tz` the country's zone is taken, if it has but one.
    ClockError names the option that is wrong.
    """
    at = _read("--received", received, _instant)
    place = Place(country, subdivision, _read("--tz", tz, ZoneInfo) if tz else _zone_of(country, at))
    happened = [_event(text) for text in events]
    found = due(regime, intent, at, place, happened)
    return [*_headline(found, at), *_dates(found), *_extension(found, at, place, happened), *_rivals(found), *_foot(found)]


def check_vectors(path: Path) -> tuple[list[str], int, int]:
    """Compute every worked case of a JSON file: one line per difference, the number that agree, the number of cases.

    A case agrees when every date it carries is met; fields it leaves out are not looked at. ClockError names the case and the
    field that can't be read.
    """
    cases = _cases(path)
    differences = [list(_differences(number, case)) for number, case in enumerate(cases, 1)]
    return [line for lines in differences for line in lines], sum(not lines for lines in differences), len(cases)


def _headline(found: Due, at: datetime) -> Iterator[str]:
    local = at.astimezone(found.time_zone)
    yield f"{found.regime} {found.kind}, received {local:%a %Y-%m-%d %H:%M %Z} ({found.time_zone.key})"


def _dates(found: Due) -> Iterator[str]:
    yield f"due:            {_when(found.due, found.time_zone) if found.due else _no_date(found)}"
    yield f"why:            {found.reason}"
    if found.stop:
        yield f"stop:           {found.stop}"
    if found.review:
        yield f"review:         by {_when(found.review, found.time_zone)}"
    if found.confirm_by:
        yield f"confirm:        by {_when(found.confirm_by, found.time_zone)}"


def _no_date(found: Due) -> str:
    return "no date while paused" if found.paused else "no statutory date"


def _extension(found: Due, at: datetime, place: Place, happened: Sequence[ClockEvent]) -> Iterator[str]:
    """The last day for the notice, and how far an extension would reach."""
    if found.extension_notice_by is None:
        yield "extension:      none"
    elif found.extended:
        yield f"extension:      given; notice was possible until {_when(found.extension_notice_by, found.time_zone)}"
    else:
        longer = due(found.regime, found.kind, at, place, [ClockEvent("extension_notice", at), *happened])
        yield f"extension:      notice by {_when(found.extension_notice_by, found.time_zone)}{_reach(longer)}"


def _reach(longer: Due) -> str:
    if longer.due:
        return f", then until {_when(longer.due, longer.time_zone)}"
    return "" if longer.paused else ", then until the date named in it"


def _rivals(found: Due) -> Iterator[str]:
    for rival in found.rivals:
        yield f"rival reading:  {_when(rival.due, found.time_zone)}: {rival.reason}"
    if found.rivals and found.safest:
        yield f"safest:         {_when(found.safest, found.time_zone)} (reminders count from this)"


def _foot(found: Due) -> Iterator[str]:
    yield f"statute:        {found.statute}"
    yield f"rules:          {found.rule_version}"


def _when(day: date | datetime, zone: ZoneInfo) -> str:
    if isinstance(day, datetime):
        return f"{day.astimezone(zone):%a} {day.astimezone(zone).isoformat()}"
    return f"{day:%a} {day.isoformat()}, end of the day"


def _event(text: str) -> ClockEvent:
    kind, _, at = text.partition("@")
    if kind not in EVENT_KINDS:
        raise ClockError(f"--event {text}: write KIND@TIME, KIND one of {', '.join(EVENT_KINDS)}")
    return ClockEvent(kind, _read(f"--event {kind}", at, _instant))


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"write date, time and offset from UTC, {_FOR_EXAMPLE}") from None
    if at.utcoffset() is None:
        raise ValueError(f"the offset from UTC is missing, write {_FOR_EXAMPLE}")
    return at


def _date_or_instant(text: str) -> date | datetime:
    return _instant(text) if "T" in text else date.fromisoformat(text)


def _read(name: str, text: Any, reader: Callable[[str], T]) -> T:
    """`reader(text)`, with `name` in the error."""
    if not isinstance(text, str):
        raise ClockError(f"{name}: expected a text, found {text!r}")
    try:
        return reader(text)
    except ZoneInfoNotFoundError as error:
        raise ClockError(f"{name}: unknown time zone {text!r}") from error
    except (ValueError, OSError) as error:
        raise ClockError(f"{name}: can't read {text!r}: {error}") from error


def _zone_of(country: str, at: datetime) -> ZoneInfo:
    """The country's zone when all of its zones show the same time at `at`."""
    zones = [ZoneInfo(name) for name in _zones().get(country, ())]
    if len({at.astimezone(zone).utcoffset() for zone in zones}) != 1:
        raise ClockError(f"--tz is needed for country {country!r}: {', '.join(z.key for z in zones) or 'no zone is known for it'}")
    return zones[0]


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, list[str]]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    zones: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            zones.setdefault(country, []).append(name)
    return zones


def _cases(path: Path) -> list[Any]:
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ClockError(f"{path.name} can't be read: {error}") from error
    except json.JSONDecodeError as error:
        raise ClockError(f"{path.name} is not JSON: {error}") from error
    if not isinstance(cases, list):
        raise ClockError(f"{path.name}: expected a list of cases")
    return cases


def _differences(number: int, case: Any) -> Iterator[str]:
    if not isinstance(case, dict):
        raise ClockError(f"case {number}: expected an object with id, regime, kind, received, ...")
    name = str(case.get("id", number))
    expected = _expected(name, case)
    arguments = _arguments(name, case)
    try:
        found = due(*arguments)
    except ClockError as error:
        yield f"{name}: {error}"
        return
    for key, wanted in expected.items():
        got = _answer(found, key)
        if got != wanted:
            yield f"{name}: {key} expected {wanted}, computed {got} ({found.reason})"


def _arguments(name: str, case: Mapping[str, Any]) -> tuple[str, str, datetime, Place, list[ClockEvent]]:
    text = {key: _read(f"case {name}: field {key}", _field(name, case, key), str) for key in ("regime", "kind", "country")}
    region = case.get("subdiv")
    place = Place(
        text["country"],
        None if region is None else _read(f"case {name}: field subdiv", region, str),
        _read(f"case {name}: field tz", _field(name, case, "tz"), ZoneInfo),
    )
    received = _read(f"case {name}: field received", _field(name, case, "received"), _instant)
    return text["regime"], text["kind"], received, place, list(_events(name, case.get("events", [])))


def _events(name: str, events: Any) -> Iterator[ClockEvent]:
    if not isinstance(events, list):
        raise ClockError(f"case {name}: field events: expected a list")
    for event in events:
        if not isinstance(event, dict):
            raise ClockError(f"case {name}: field events: expected objects with type and at")
        where = f"case {name}: field events."
        yield ClockEvent(_read(where + "type", event.get("type"), str), _read(where + "at", event.get("at"), _instant))


def _expected(name: str, case: Mapping[str, Any]) -> dict[str, date | datetime | str | None]:
    """What the case says; `due` may be null, other fields only count when they hold something."""
    wanted: dict[str, date | datetime | str | None] = {"due": _field(name, case, "due")}
    wanted |= {
        key: case[key] for key in ("alt_due", "extension_notice_by", "review_by", "confirm_by", "state") if case.get(key) is not None
    }
    return {
        key: value if key == "state" or value is None else _read(f"case {name}: field {key}", value, _date_or_instant)
        for key, value in wanted.items()
    }


def _field(name: str, case: Mapping[str, Any], key: str) -> Any:
    if key not in case:
        raise ClockError(f"case {name}: field {key} is missing")
    return case[key]


def _answer(found: Due, key: str) -> date | datetime | str | None:
    answers = {"review_by": found.review, "state": "paused" if found.paused else "running"}
    answer: date | datetime | str | None = answers[key] if key in answers else getattr(found, key)
    return answer
