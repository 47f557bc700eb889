"""Accountability: the register of requests (Art 5(2) GDPR) and its figures, and those that California asks for (11 CCR 7102)."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import fmean, median
from typing import Any

from intents.catalog import INTENTS, Intent

CALIFORNIA = "us_ca_ccpa"
_ANSWERED = ("fulfilled", "partly", "refused")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES: dict[str, tuple[Intent, ...]] = {
    "Requests to delete": (Intent.ERASURE,),
    "Requests to correct": (Intent.RECTIFICATION,),
    "Requests to know": (Intent.ACCESS, Intent.PORTABILITY),
    "Requests to opt out of sale or sharing, or to limit": (Intent.OPT_OUT_SALE,),
    "Requests to opt out of automated decisions": (Intent.AUTOMATED_DECISION,),
}
"""11 CCR 7102(a)(1), text of 2023; the last one is of the text of 2026. To opt out and to limit are read as one kind."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the organisation, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as the register has it, without personal data. Days are the organisation's local days."""

    reference: str
    received_on: date
    source: str
    intent: str
    regime: str
    due_on: date | None
    """None where no period runs by law, or while it is paused."""
    extended: bool
    paused: bool
    """The requester was asked and has not answered."""
    closed_on: date | None
    outcome: str | None

    @property
    def days(self) -> int | None:
        """Calendar days from receipt to answer."""
        return (self.closed_on - self.received_on).days if self.closed_on else None

    def on_time(self, today: date) -> bool | None:
        """Whether it was answered by its due date; None where there is none, or it has not come yet."""
        if self.due_on is None or (self.closed_on is None and today <= self.due_on):
            return None
        return self.closed_on is not None and self.closed_on <= self.due_on


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of some requests. Days are calendar days from receipt to the answer of those fulfilled, fulfilled in part or refused."""

    name: str
    received: int
    open: int
    overdue: int
    fulfilled: int
    partly: int
    refused: int
    otherwise: int
    """Withdrawn, a duplicate, or no request at all."""
    extended: int
    on_time: int
    late: int
    median_days: float | None
    mean_days: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """11 CCR 7102(a)(1) and (2) for one type of request."""

    name: str
    received: int
    complied_in_whole: int
    complied_in_part: int
    denied: int
    otherwise: int
    open: int
    median_days: float | None
    mean_days: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What one period shows, as seen on `today`. `purged`: tickets of these years whose row is deleted, and which no figure counts."""

    organisation: str
    period: Period
    today: date
    entries: tuple[Entry, ...]
    purged: int
    all_laws: bool

    @property
    def total(self) -> Totals:
        """All of them."""
        return _totals("All requests", self.entries, self.today)

    @property
    def by_intent(self) -> list[Totals]:
        """In the order of the catalog."""
        names = {entry.intent for entry in self.entries}
        known = [str(intent) for intent in INTENTS if intent in names]
        return self._by((*known, *sorted(names - set(known))), lambda entry: entry.intent)

    @property
    def by_regime(self) -> list[Totals]:
        """The law with most requests first."""
        counted = Counter(entry.regime for entry in self.entries)
        return self._by(sorted(counted, key=lambda name: (-counted[name], name)), lambda entry: entry.regime)

    @property
    def metrics(self) -> list[Metrics]:
        """Those of California, or with `all_laws` the same for every law."""
        asked = [entry for entry in self.entries if self.all_laws or entry.regime == CALIFORNIA]
        return [_metrics(name, [entry for entry in asked if entry.intent in kinds]) for name, kinds in TYPES.items()]

    def _by(self, names: Iterable[str], key: Callable[[Entry], str]) -> list[Totals]:
        return [_totals(name, [entry for entry in self.entries if key(entry) == name], self.today) for name in names]


def _totals(name: str, entries: Sequence[Entry], today: date) -> Totals:
    kept = Counter(entry.on_time(today) for entry in entries if entry.outcome)
    late_and_open = sum(entry.outcome is None and entry.on_time(today) is False for entry in entries)
    outcomes, (middle, mean) = Counter(entry.outcome for entry in entries), _days(entries)
    return Totals(
        name=name, received=len(entries), open=outcomes[None], overdue=late_and_open, fulfilled=outcomes["fulfilled"],
        partly=outcomes["partly"], refused=outcomes["refused"], otherwise=_otherwise(outcomes),
        extended=sum(entry.extended for entry in entries), on_time=kept[True], late=kept[False], median_days=middle, mean_days=mean,
    )  # fmt: skip


def _metrics(name: str, entries: Sequence[Entry]) -> Metrics:
    outcomes, (middle, mean) = Counter(entry.outcome for entry in entries), _days(entries)
    return Metrics(
        name=name, received=len(entries), complied_in_whole=outcomes["fulfilled"], complied_in_part=outcomes["partly"],
        denied=outcomes["refused"], otherwise=_otherwise(outcomes), open=outcomes[None], median_days=middle, mean_days=mean,
    )  # fmt: skip


def _otherwise(outcomes: Counter[str | None]) -> int:
    return sum(number for outcome, number in outcomes.items() if outcome is not None and outcome not in _ANSWERED)


def _days(entries: Iterable[Entry]) -> tuple[float | None, float | None]:
    """Median and mean; a request that was withdrawn was not responded to."""
    days = [entry.days for entry in entries if entry.outcome in _ANSWERED and entry.days is not None]
    return (median(days), round(fmean(days), 1)) if days else (None, None)


def as_facts(report: Report) -> dict[str, Any]:
    """The whole report as plain values, for JSON and for CSV."""
    return {
        "organisation": report.organisation, "from": report.period.first.isoformat(), "to": report.period.last.isoformat(),
        "as_of": report.today.isoformat(), "purged_tickets": report.purged,
        "register": [_entry(entry, report.today) for entry in report.entries], "totals": asdict(report.total),
        "by_intent": [asdict(one) for one in report.by_intent], "by_regime": [asdict(one) for one in report.by_regime],
        "metrics_of": "all" if report.all_laws else CALIFORNIA, "metrics": [asdict(one) for one in report.metrics],
    }  # fmt: skip


def _entry(entry: Entry, today: date) -> dict[str, Any]:
    return {
        "reference": entry.reference, "received_on": entry.received_on.isoformat(), "source": entry.source, "intent": entry.intent,
        "regime": entry.regime, "due_on": entry.due_on.isoformat() if entry.due_on else None, "extended": entry.extended,
        "paused": entry.paused, "closed_on": entry.closed_on.isoformat() if entry.closed_on else None, "outcome": entry.outcome,
        "on_time": entry.on_time(today), "days": entry.days,
    }  # fmt: skip


def as_json(report: Report) -> str:
    """For scripts."""
    return json.dumps(as_facts(report), ensure_ascii=False, indent=2) + "\n"


TABLES = ("register", "totals", "metrics")


def as_csv(report: Report, table: str) -> str:
    """One of TABLES by RFC 4180; no cell is a formula for a spreadsheet."""
    facts = as_facts(report)
    totals = [{"by": by, **row} for by, rows in (("all", [facts["totals"]]), ("intent", facts["by_intent"]), ("regime", facts["by_regime"]))
              for row in rows]  # fmt: skip
    rows: list[dict[str, Any]] = {"register": facts["register"], "totals": totals, "metrics": facts["metrics"]}[table]
    columns = list(rows[0]) if rows else list(_entry(_NOBODY, report.today))
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(columns)
    lines.writerows([_cell(row[column]) for column in columns] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


_NOBODY = Entry("", date.min, "", "", "", None, extended=False, paused=False, closed_on=None, outcome=None)
"""For the names of the columns of an empty register."""
