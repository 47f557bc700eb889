"""The demo's clock: which Monday it moves to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.demo.play import _next_monday

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), datetime(2026, 12, 7, 8, tzinfo=UTC)),  # already Monday in Berlin
    ],
)
def test_it_is_the_monday_after_this_week_at_the_office(moment: datetime, monday: datetime) -> None:
    assert _next_monday(moment, BERLIN) == monday
