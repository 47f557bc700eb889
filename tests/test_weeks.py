"""Weeks as ISO 8601 numbers them, and as a person writes them."""

from datetime import date

import pytest

from bot.weeks import Week


def test_the_days_around_new_year_belong_to_the_week_of_their_thursday() -> None:
    assert str(Week.of(date(2027, 1, 3))) == "2026-W53"
    assert str(Week.of(date(2024, 12, 30))) == "2025-W01"
    assert Week(2026, 53).next() == Week(2027, 1)
    assert Week(2026, 1).previous() == Week(2025, 52)
    assert (Week(2026, 53).first, Week(2026, 53).last) == (date(2026, 12, 28), date(2027, 1, 3))


def test_it_reads_what_it_writes() -> None:
    assert Week.parse("2026-W07") == Week(2026, 7)
    assert str(Week(2026, 7)) == "2026-W07"


@pytest.mark.parametrize("wrong", ["", "2026-47", "2026-w47", "26-W47", "2026-W7", "2026-W٤٧", "9999-W52", "2026-W47x"])
def test_anything_else_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match="write a week as 2026-W47"):
        Week.parse(wrong)


@pytest.mark.parametrize("missing", ["2026-W00", "2026-W54", "2025-W53"])
def test_a_week_the_year_does_not_have_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match=r"no week \d+ in 202\d"):
        Week.parse(missing)
