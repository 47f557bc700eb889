"""The table of clocks, clocks.yaml, read and checked once; every error names its row and field."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.law.calendars import ClockError

TABLE = Path(__file__).parent.parent / "clocks.yaml"

Effect = Literal["none", "suspends", "excludes", "restarts"]
Doubt = Literal["no_pause", "chained", "first_day", "rolled", "elapsed", "full_hour"]


class Row(BaseModel):
    """What all parts of the table share: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Row):
    """A length of time in exactly one unit."""

    months: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    business_days: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if len(self._units()) != 1:
            raise ValueError("give exactly one of months, days, business_days, hours")
        return self

    def __str__(self) -> str:
        [(unit, number)] = self._units().items()
        name = unit.replace("_", " ")
        return f"{number} {name if number != 1 else name.removesuffix('s')}"

    def _units(self) -> dict[str, int]:
        return {unit: number for unit, number in self.model_dump().items() if number}


class Pauses(Row):
    """What a question to the requester does to the clock."""

    identity: Effect = "none"
    clarification: Effect = "none"
    fee: Effect = "none"


class Extension(Row):
    """A lawful lengthening; `total` counts from the same start as the period, None = the law sets no maximum."""

    total: Period | None = None
    policy: Period | None = None


class Clock(Row):
    """One row: for which requests, how long, what moves it, by which law, and when that is law."""

    kinds: tuple[str, ...]
    period: Period | None = None
    start: Literal["receipt", "awareness"] = "receipt"
    first_day: bool = False
    roll: bool = False
    pauses: Pauses = Pauses()
    extension: Extension | None = None
    confirm: Period | None = None
    policy: Period | None = None
    appeal: Period | None = None
    stop: str = ""
    doubts: tuple[Doubt, ...] = ()
    statute: str
    source: str = ""
    note: str = ""
    valid_from: date | None = Field(default=None, alias="from")
    valid_to: date | None = Field(default=None, alias="to")

    def is_law_on(self, day: date) -> bool:
        """True when a request received on `day` falls under this row."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class DoubtfulHoliday(Row):
    """A holiday, by date or name, that some would not count, or a category of the package that some would."""

    country: str
    subdivision: str | None = None
    day: date | None = Field(default=None, alias="date")
    name: str = ""
    category: str = ""
    why: str


class Regime(Row):
    """One law with its clocks."""

    name: str
    act: str
    aliases: tuple[str, ...] = ()
    countries: frozenset[str]
    holidays: Literal["regional", "bank", "national"]
    elsewhere: str | None = None
    state: str | None = None
    clocks: tuple[Clock, ...]
    valid_from: date | None = Field(default=None, alias="from")


class Table(Row):
    """All of clocks.yaml."""

    version: str
    synonyms: dict[str, str]
    readings: dict[str, str]
    doubtful_holidays: tuple[DoubtfulHoliday, ...]
    shared: tuple[Any, ...]  # only carries YAML anchors; checked where they are used
    everywhere: tuple[Clock, ...]
    regimes: dict[str, Regime]
    mentions: dict[str, tuple[str, ...]] = {}

    def regime_name(self, name: str) -> str:
        """The regime's own name for it or one of its aliases; ClockError when unknown."""
        for own, regime in self.regimes.items():
            if name == own or name in regime.aliases:
                return own
        raise ClockError(f"unknown regime {name!r}; known: {', '.join(self.regimes)}")

    def clock(self, regime: Regime, kind: str, received_on: date) -> Clock:
        """The row for a request of `kind` received that day; a row without period where the law has none; ClockError when unknown."""
        label = self._label(regime, kind)
        rows = [clock for clock in regime.clocks if label in clock.kinds]
        in_force = [
            clock for clock in rows if clock.is_law_on(received_on) and (regime.valid_from is None or regime.valid_from <= received_on)
        ]
        if rows and not in_force:
            return Clock(kinds=(kind,), statute=rows[0].statute, note="not in force on the day of receipt")
        return (in_force or [clock for clock in self.everywhere if label in clock.kinds])[0]

    def kinds(self, regime: Regime) -> tuple[str, ...]:
        """Every kind the regime accepts."""
        own = {kind for clock in (*regime.clocks, *self.everywhere) for kind in clock.kinds}
        return tuple(sorted(own | {synonym for synonym, label in self.synonyms.items() if label in own}))

    def _label(self, regime: Regime, kind: str) -> str:
        if kind not in self.kinds(regime):
            raise ClockError(f"unknown kind {kind!r}; known here: {', '.join(self.kinds(regime))}")
        return self.synonyms.get(kind, kind)


@lru_cache(maxsize=1)
def table() -> Table:
    """The table shipped with the package."""
    return read_table(TABLE)


def read_table(path: Path) -> Table:
    """Read a table; ClockError names the field that is wrong."""
    try:
        return Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ClockError(f"{path.name} is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ClockError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
