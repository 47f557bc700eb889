"""Working days and months on the calendar."""

from datetime import date

from bot.law.calendars import Calendar, Source, add_months


def test_working_days() -> None:
    germany = Calendar((Source("DE", "BE"),))
    assert germany.why_free(date(2026, 5, 14)) == "Ascension Day"
    assert germany.roll(date(2026, 5, 14)) == date(2026, 5, 15)
    assert germany.nth_working_day(date(2026, 5, 13), 1, start_counts=False) == date(2026, 5, 15)
    assert germany.nth_working_day(date(2026, 5, 13), 1, start_counts=True) == date(2026, 5, 13)
    assert add_months(date(2024, 11, 30), 3) == date(2025, 2, 28)
