"""Notation: durations, sizes, times of day, addresses and codes as a person writes them in config.yaml."""

import re
from datetime import date, time, timedelta
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

_DURATION = re.compile(r"(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?", re.ASCII)
_SIZE = re.compile(r"(\d+)\s*(kB|MB|GB)", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[^@\s<>,;\"\x00-\x1f\x7f]{{1,64}}@(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*")
_MAILBOX_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")
_SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,20}")
_WEB_ADDRESS = re.compile(r"https://[^\s/]+(?:/\S*)?")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNITS = {"kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_LONGEST = timedelta(days=36_525)
_LARGEST = 2**31 - 1
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Section(BaseModel):
    """A part of the file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )


def duration(value: Any) -> timedelta:
    """`14d`, `12h`, `1h30m`, `90s`, `2w`; at most a hundred years. Raises ValueError with what is allowed."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not any(found.groups()):
        raise ValueError("write a duration as 14d, 12h, 30m or 45s")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > _LONGEST.total_seconds():
        raise ValueError("write a duration of a hundred years at most, such as 14d")
    return timedelta(seconds=total)


def wait(value: Any) -> timedelta:
    """A duration that a program can wait: `1s` to `1d`. Raises ValueError with what is allowed."""
    if not timedelta(seconds=1) <= (length := duration(value)) <= timedelta(days=1):
        raise ValueError("write a duration from 1s to 1d")
    return length


def window(value: Any) -> timedelta:
    """A duration in which something is counted: `1s` or more. Raises ValueError with what is allowed."""
    if (length := duration(value)) < timedelta(seconds=1):
        raise ValueError("write a duration of 1s or more")
    return length


def size(value: Any) -> int:
    """`25MB`, `500kB`: bytes, at most 2 GB. Raises ValueError with what is allowed."""
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    number = int(found[1]) * _UNITS[found[2]] if found else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= _LARGEST:
        raise ValueError("write a size as 500kB or 25MB, at most 2GB")
    return number


def time_of_day(value: Any) -> time:
    """`08:30`. Raises ValueError with what is allowed."""
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value, re.ASCII) else "")
    except ValueError:
        raise ValueError("write a time of day as 08:30") from None


def time_of_day_or_never(value: Any) -> time | None:
    """`08:30`, or false for never. Raises ValueError with what is allowed."""
    if value is None or value is False:
        return None
    try:
        return time_of_day(value)
    except ValueError:
        raise ValueError("write a time of day as 08:30, or false") from None


def day(value: Any) -> date:
    """`2026-12-24`. Raises ValueError with what is allowed."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else "")
    except ValueError:
        raise ValueError("write a date as 2026-12-24") from None


def time_zone(value: Any) -> ZoneInfo:
    """`Europe/Berlin`: a name of the IANA time zone database. Raises ValueError otherwise."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone as Europe/Berlin (a name of the IANA database)") from None


def line(value: Any) -> str:
    """A text of one line, as a header of a mail can hold it; not empty. Raises ValueError otherwise."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and text.strip() and not _BREAKS.search(text):
        return text.strip()
    raise ValueError("write a text of one line")


def mail_address(value: Any) -> str:
    """`privacy@example.org`, lower-cased. Raises ValueError otherwise."""
    if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
        return value.strip().lower()
    raise ValueError("write a mail address as privacy@example.org")


def domain(value: Any) -> str:
    """`example.org`, lower-cased. Raises ValueError otherwise."""
    if isinstance(value, str) and "." in value and _HOST.fullmatch(value.strip()) and not _is_ip_address(value.strip()):
        return value.strip().lower()
    raise ValueError("write a domain as example.org")


def weekday(value: Any) -> str:
    """`monday` .. `sunday`. Raises ValueError otherwise."""
    if isinstance(value, str) and value.lower() in DAYS:
        return value.lower()
    raise ValueError(f"write a day as one of {', '.join(DAYS)}")


def country(value: Any) -> str:
    """`DE`, upper-cased: ISO 3166-1. Whether its holidays are known is the config's question. Raises ValueError otherwise."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}", value):
        return value.upper()
    raise ValueError("write a country as its two-letter ISO 3166 code, such as DE")


def language(value: Any) -> str:
    """`de`, lower-cased: ISO 639-1. Raises ValueError otherwise."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}", value):
        return value.lower()
    raise ValueError("write a language as its two-letter ISO 639-1 code, such as de")


def slack_id(value: Any) -> str:
    """`C0123456789`. Raises ValueError otherwise; a channel's #name is none."""
    if isinstance(value, str) and _SLACK_ID.fullmatch(value):
        return value
    raise ValueError("write a Slack id as C0123456789 (not a #name)")


def port(value: Any) -> int:
    """A TCP port. Raises ValueError otherwise."""
    number = int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII) else value
    if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 65_535:
        return number
    raise ValueError("write a port as a number from 1 to 65535")


def host(value: Any) -> str:
    """`imap.example.org`, `127.0.0.1` or `::1`. Raises ValueError otherwise."""
    if isinstance(value, str) and (_HOST.fullmatch(value) or _is_ip_address(value)):
        return value
    raise ValueError("write a host as imap.example.org or 192.0.2.1, without https:// and port")


def is_loopback(name: str) -> bool:
    """True when `name` is this machine by its own definition: `localhost`, `127.0.0.1`, `::1`."""
    return name == "localhost" or (_is_ip_address(name) and ip_address(name).is_loopback)


def web_address(value: Any) -> str:
    """`https://example.org/privacy`. Raises ValueError otherwise."""
    if isinstance(value, str) and _WEB_ADDRESS.fullmatch(value):
        return value
    raise ValueError("write a web address as https://example.org/privacy")


def web_address_or_nothing(value: Any) -> str:
    """A web address, or the empty text. Raises ValueError otherwise."""
    return "" if value in ("", None) else web_address(value)


def api_address(value: Any) -> str:
    """`https://slack.com/api/`; http only on this machine, for the token goes there. Raises ValueError otherwise."""
    parts = _split(value)
    if parts and parts[1] and value.endswith("/") and (parts[0] == "https" or (parts[0] == "http" and is_loopback(parts[1]))):
        return str(value)
    raise ValueError("write the address as https://slack.com/api/, with the slash at its end (http:// for this machine only)")


def secret_address(value: Any) -> str:
    """`https://login.example.org/token`; http only on this machine, for a secret goes there. Raises ValueError otherwise."""
    parts = _split(value)
    if parts and parts[1] and (parts[0] == "https" or (parts[0] == "http" and is_loopback(parts[1]))):
        return str(value).rstrip("/")
    raise ValueError("write the address as https://login.example.org/token (http:// for this machine only)")


def mailbox_name(value: Any) -> str:
    """`sales`, `uk-desk`: a name that can stand in an environment variable. Raises ValueError otherwise."""
    if isinstance(value, str) and _MAILBOX_NAME.fullmatch(value):
        return value
    raise ValueError("write a name of small letters, digits and hyphens, such as uk-desk")


def database_address(value: Any) -> str:
    """`sqlite:///FILE` or `postgresql://USER@HOST:PORT/NAME` (no host: this machine's socket).

    Raises ValueError, which never holds the value: there may be a password in it.
    """
    if isinstance(value, str) and value.startswith("sqlite:///") and _names_a_file(value.removeprefix("sqlite:///")):
        return value
    parts = _split(value)
    if parts and parts[0] in ("postgresql", "postgresql+psycopg") and parts[2]:
        return str(value)
    raise ValueError("write a database as sqlite:///FILE or postgresql://HOST/NAME")


def _names_a_file(path: str) -> bool:
    return bool(path.partition("?")[0]) and not path.startswith(":memory:")


def _split(value: Any) -> tuple[str, str, str] | None:
    """Scheme, host and path of an address, the last two possibly empty; None where it is none."""
    if not isinstance(value, str) or re.search(r"\s", value):
        return None
    try:
        parts = urlsplit(value)
        usable = parts.port != 0
    except ValueError:  # urlsplit's way to say that the port is no number
        return None
    return (parts.scheme, parts.hostname or "", parts.path.strip("/")) if usable else None


def _is_ip_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


Duration = Annotated[timedelta, BeforeValidator(duration)]
Wait = Annotated[timedelta, BeforeValidator(wait)]
Window = Annotated[timedelta, BeforeValidator(window)]
Size = Annotated[int, BeforeValidator(size)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
OptionalTimeOfDay = Annotated[time | None, BeforeValidator(time_of_day_or_never)]
Day = Annotated[date, BeforeValidator(day)]
Zone = Annotated[ZoneInfo, BeforeValidator(time_zone), PlainSerializer(str)]
Line = Annotated[str, BeforeValidator(line)]
Domain = Annotated[str, BeforeValidator(domain)]
MailAddress = Annotated[str, BeforeValidator(mail_address)]
Weekday = Annotated[str, BeforeValidator(weekday)]
Country = Annotated[str, BeforeValidator(country)]
Language = Annotated[str, BeforeValidator(language)]
SlackId = Annotated[str, BeforeValidator(slack_id)]
Port = Annotated[int, BeforeValidator(port)]
Host = Annotated[str, BeforeValidator(host)]
WebAddress = Annotated[str, BeforeValidator(web_address)]
OptionalWebAddress = Annotated[str, BeforeValidator(web_address_or_nothing)]
ApiAddress = Annotated[str, BeforeValidator(api_address)]
SecretAddress = Annotated[str, BeforeValidator(secret_address)]
MailboxName = Annotated[str, BeforeValidator(mailbox_name)]
DatabaseAddress = Annotated[str, BeforeValidator(database_address)]
