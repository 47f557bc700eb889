"""Notation: durations, sizes, times of day and addresses as a person writes them in config.yaml."""

import re
from datetime import time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, PlainSerializer

_DURATION = re.compile(r"(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
_SIZE = re.compile(r"(\d+)\s*(kB|MB|GB)")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_UNITS = {"kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def duration(value: Any) -> timedelta:
    """`14d`, `12h`, `1h30m`, `90s`, `2w`. Raises ValueError with what is allowed."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not any(found.groups()):
        raise ValueError("write a duration as 14d, 12h, 30m or 45s")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def size(value: Any) -> int:
    """`25MB`, `500kB`: bytes. Raises ValueError with what is allowed."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError("write a size as 500kB or 25MB")
    return int(found[1]) * _UNITS[found[2]]


def time_of_day(value: Any) -> time:
    """`08:30`. Raises ValueError with what is allowed."""
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value) else "")
    except ValueError:
        raise ValueError("write a time of day as 08:30") from None


def time_zone(value: Any) -> ZoneInfo:
    """`Europe/Berlin`: a name of the IANA time zone database. Raises ValueError otherwise."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone as Europe/Berlin (a name of the IANA database)") from None


def mail_address(value: Any) -> str:
    """`privacy@example.org`, lower-cased. Raises ValueError otherwise."""
    if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
        return value.strip().lower()
    raise ValueError("write a mail address as privacy@example.org")


def weekday(value: Any) -> str:
    """`monday` .. `sunday`. Raises ValueError otherwise."""
    if isinstance(value, str) and value.lower() in DAYS:
        return value.lower()
    raise ValueError(f"write a day as one of {', '.join(DAYS)}")


Duration = Annotated[timedelta, BeforeValidator(duration)]
Size = Annotated[int, BeforeValidator(size)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Zone = Annotated[ZoneInfo, BeforeValidator(time_zone), PlainSerializer(str)]
MailAddress = Annotated[str, BeforeValidator(mail_address)]
Weekday = Annotated[str, BeforeValidator(weekday)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="an ISO 3166 country code such as DE")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="an ISO 639-1 language code such as de")]
SlackId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,20}$", description="a Slack id such as C0123456789")]
Port = Annotated[int, Field(ge=1, le=65535, description="a port from 1 to 65535")]
