"""The suppressions commands: the list as CSV, one address looked up, put down or taken off."""

import csv
import io
import os
from collections.abc import Callable, Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot import suppressions
from bot.app import App
from bot.asking.channels import Channel
from bot.commands.lists import SuppressionDesk
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.notation import day, line, mail_address
from models import Suppression
from models.schema import told

_COLUMNS = ("address", "channel", "since", "reference")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AtTheTerminal(SuppressionDesk):
    """Each command opens the app and closes it again."""

    def __init__(self, config: Config, secrets: Secrets) -> None:
        self._app = App(config, secrets)

    def export(self, channel: Channel | None, since: str, out: Path | None, *, plain: bool) -> None:
        """Print the list, or write it to a file that only its owner can read. Raises ConfigError."""
        day_begins = self._beginning(since)
        rows = self._ask(lambda session: list(suppressions.listed(session, channel, day_begins)))
        text = as_csv(rows, plain=plain)
        if out is None:
            print(text, end="")
            return
        _write(out, text)
        print(f"{len(rows)} addresses written to {out}")

    def check(self, address: str, channel: Channel) -> bool:
        """Print what is in force for it; True when it must get no marketing by this channel. Raises ConfigError."""
        rows = self._ask(lambda session: suppressions.of_address(session, self._app.office, _address(address)))
        for row in rows:
            print(f"suppressed: {row.channel} since {self._local(row.since):%Y-%m-%d} ({row.reference or 'added by hand'})")
        if not any(row.channel == channel for row in rows):
            print(f"not suppressed: {channel}")
            return False
        return True

    def add(self, address: str, channel: Channel) -> None:
        """Put it down. Raises ConfigError."""
        app, one = self._app, _address(address)
        new = self._ask(lambda session: suppressions.put_down(session, app.office, one, channel, app.clock()))
        print(f"{channel}: {'on the list now' if new else 'was on the list already'}")

    def remove(self, address: str, channel: Channel, reason: str) -> bool:
        """Take it off; False when it is not on the list. Raises ConfigError."""
        app, one, why = self._app, _address(address), _reason(reason)
        gone = bool(self._ask(lambda session: suppressions.lift(session, app.office, one, channel, why, app.clock())))
        print(f"{channel}: {'taken off the list' if gone else 'not on the list'}")
        return gone

    def close(self) -> None:
        """Let the database go."""
        self._app.close()

    def _ask(self, step: Callable[[Session], Any]) -> Any:
        with told():
            return self._app.read(step)

    def _beginning(self, written: str) -> datetime | None:
        try:
            return datetime.combine(day(written), time(), self._app.config.organisation.time_zone) if written else None
        except ValueError as error:
            raise ConfigError(f"--since: {error}") from None

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._app.config.organisation.time_zone)


def as_csv(rows: Iterable[Suppression], *, plain: bool) -> str:
    """RFC 4180. A cell that a spreadsheet would take for a formula begins with ', unless `plain`."""
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for row in rows:
        cells = (row.address, row.channel, row.since.isoformat(timespec="seconds"), row.reference or "")
        table.writerow(cells if plain else [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return target.getvalue()


def _address(written: str) -> str:
    try:
        return mail_address(written)
    except ValueError as error:
        raise ConfigError(f"ADDRESS: {error}") from None


def _reason(written: str) -> str:
    try:
        return line(written)
    except ValueError as error:
        raise ConfigError(f"--reason: {error}, such as: double opt-in of 2026-11-30") from None


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and readable for its owner only, also where a file with other rights lies there."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as target:
            target.write(text)
        draft.replace(file)
    except OSError as error:
        raise ConfigError(f"--out {file}: can't be written ({error.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)
