"""The report command: the register of a period and its figures, as a page, for a spreadsheet, or for scripts."""

import os
import sys
from datetime import date
from pathlib import Path

from bot import lookup
from bot.accountability import TABLES, Period, Report, as_csv, as_json
from bot.accountability_page import draw
from bot.app import App
from bot.config_file import ConfigError
from bot.notation import day

FORMATS = ("html", "csv", "json")


def write_report(app: App, first: str, last: str, form: str, table: str, out: Path | None, *, all_laws: bool) -> None:
    """Write it to `out`, never over another file, or print it. Raises ConfigError."""
    period = _period(app, first, last)
    if form not in FORMATS:
        raise ConfigError(f"--format: allowed are {', '.join(FORMATS)}")
    if table not in TABLES:
        raise ConfigError(f"--table: allowed are {', '.join(TABLES)}")
    report: Report = app.survey(lambda session: lookup.report(session, app.office, period, app.clock(), all_laws=all_laws))
    text = draw(report) if form == "html" else as_json(report) if form == "json" else as_csv(report, table)
    if out is None:
        sys.stdout.flush()
        sys.stdout.write(text)
    else:
        _write(out, text)
        print(f"{out}: {len(report.entries):,} requests received from {period.first} to {period.last}")


def _period(app: App, first: str, last: str) -> Period:
    """By default this year until today."""
    today = app.clock().astimezone(app.config.organisation.time_zone).date()
    period = Period(_day("--from", first, today.replace(month=1, day=1)), _day("--to", last, today))
    if period.first > period.last:
        raise ConfigError(f"--from {period.first} lies after --to {period.last}")
    if period.first > today:
        raise ConfigError(f"--from {period.first} lies in the future; today is {today}")
    return period


def _day(option: str, written: str, otherwise: date) -> date:
    try:
        found = day(written) if written else otherwise
    except ValueError as error:
        raise ConfigError(f"{option}: {error}") from None
    if not 2000 <= found.year <= 2100:
        raise ConfigError(f"{option}: write a year from 2000 to 2100")
    return found


def _write(out: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"--out {out}: is there already; it was left as it is") from None
    except OSError as error:
        raise ConfigError(f"--out {out}: can't be written ({error.strerror})") from None
