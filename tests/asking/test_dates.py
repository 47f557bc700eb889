"""Dates above forwarded mails: every language, order and half-day, and never one that can't be true."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime

from bot.asking.dates import LANGUAGES, date_of

BERLIN = ZoneInfo("Europe/Berlin")
LATEST = datetime(2026, 11, 24, 15, tzinfo=UTC)
MOMENTS = [datetime.fromisoformat(moment) for moment in ("2026-11-23T14:05", "2026-10-02T00:15", "2026-08-31T23:59", "2026-01-07T09:30")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", ["long", "medium", "short", "EEEE, d. MMMM y HH:mm", "EEE d MMM y H.mm"])
def test_is_read_in_every_language(language: str, pattern: str) -> None:
    for moment in MOMENTS:
        shown = format_datetime(moment, pattern, locale=language)
        read = date_of(shown, BERLIN, moment.replace(tzinfo=UTC) + timedelta(hours=20))
        assert read is not None, shown
        assert read.replace(tzinfo=None) == moment, shown


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("Mon, 23 Nov 2026 09:00:00 +0100", "2026-11-23T08:00"),
        ("Monday, November 23, 2026 9:00:05 PM", "2026-11-23T20:00"),
        ("Mon, Nov 23, 2026 at 9:00 AM", "2026-11-23T08:00"),
        ("Montag, 23. November 2026 um 09:00 Uhr", "2026-11-23T08:00"),
        ("lun. 23 nov. 2026 à 09:00", "2026-11-23T08:00"),
        ("lunedì 23 novembre 2026 09:00", "2026-11-23T08:00"),
        ("poniedziałek, 23 listopada 2026 09:00", "2026-11-23T08:00"),  # November, though Croatian listopada is October
        ("petak, 23. listopada 2026. 09:00", "2026-10-23T07:00"),
        ("2026. november 23., hétfő 9:00", "2026-11-23T08:00"),
        ("2026 m. lapkričio 23 d., pirmadienis 09:00", "2026-11-23T08:00"),
        ("maanantai 23. marraskuuta 2026 9.00", "2026-11-23T08:00"),
        ("23 November 2026 at 09:00:00 CET", "2026-11-23T08:00"),
        ("23 November 2026 at 09:00:00 GMT-5", "2026-11-23T14:00"),
        ("On Monday, November 23rd, 2026 at 9:00 AM", "2026-11-23T08:00"),
        ("11/23/2026 9:00 AM", "2026-11-23T08:00"),
        ("23/11/2026 09:00", "2026-11-23T08:00"),
        ("23.11.26 09:00", "2026-11-23T08:00"),
        ("2026-11-23 09:00", "2026-11-23T08:00"),
        ("2026年11月23日 9:00", "2026-11-23T08:00"),
        ("10/11/2026 09:00", "2026-11-10T08:00"),  # 10 November or 11 October: mail is passed on within days
        ("mar 24 nov 2026 15:00", "2026-11-24T14:00"),  # mar is a Tuesday here, and no March
        ("Δευτέρα, 23 Νοεμβρίου 2026 9:00 π.μ.", "2026-11-23T08:00"),
    ],
)
def test_is_read_as_clients_write_it(shown: str, read: str) -> None:
    moment = date_of(shown, BERLIN, LATEST)
    assert moment is not None
    assert moment.astimezone(UTC).isoformat(timespec="minutes").removesuffix("+00:00") == read


@pytest.mark.parametrize(
    "shown",
    ["", "yesterday", "23 November 2025 09:00", "1 December 2026 09:00", "31 February 2026", "99/99/2026", "November 2026", "9" * 500],
)
def test_that_can_not_be_true_is_none(shown: str) -> None:
    assert date_of(shown, BERLIN, LATEST) is None


def test_never_lies_after_the_forward() -> None:
    assert date_of("25 November 2026 01:00", BERLIN, LATEST) == LATEST
