"""Weeks: the weeks of ISO 8601, as the digest counts them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, order=True)
class Week:
    """An ISO 8601 week, Monday to Sunday; its year is the one its Thursday lies in. Raises ValueError for a week that does not exist."""

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError:
            raise ValueError(f"there is no week {self.number} in {self.year}; a year has the weeks 1 to 52, some have 53") from None

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2026-W47`. Raises ValueError saying what is allowed."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text.strip())
        if not found or not 2000 <= int(found[1]) <= 2100:
            raise ValueError("write a week as 2026-W47: a year from 2000 to 2100, -W and two digits")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The week a day lies in."""
        return cls(*day.isocalendar()[:2])

    @property
    def first(self) -> date:
        """Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Sunday."""
        return date.fromisocalendar(self.year, self.number, 7)

    def previous(self) -> Self:
        """The week before."""
        return self.of(self.first - timedelta(days=7))

    def next(self) -> Self:
        """The week after."""
        return self.of(self.first + timedelta(days=7))

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"
