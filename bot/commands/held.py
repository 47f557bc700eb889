"""The held commands: what waits for a person is listed, shown to the one who asks, read again, or let go."""

import json
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from bot import held
from bot.app import App
from bot.commands.backlog import HeldDesk
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.desk import Refused
from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.workers import attempt
from models.schema import SchemaError, told

_ACTOR = "cli"
_LONGEST_TEXT = 200_000
# what would let a mail write elsewhere on the terminal, or turn its letters round
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FIELD = re.compile(rb"(?im)^(from|subject|date):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")


class AtTheTerminal(HeldDesk):
    """The four commands; each opens the app and closes it again."""

    def __init__(self, config: Config, secrets: Secrets) -> None:
        self._app = App(config, secrets)

    def list(self, *, as_json: bool) -> None:
        """Print what waits, the oldest first."""
        rows = self._ask(held.waiting)
        if as_json:
            print(json.dumps([self._as_json(row) for row in rows], indent=2))
            return
        table = Table("Reference", "Received", "Reason", "Age", "Size")
        for row in rows:
            size = f"{row['size']:,}" if row["size"] is not None else "–"
            age = _age(self._app.clock() - row["received_at"])
            table.add_row(row["reference"], f"{self._local(row['received_at']):%d %b %Y %H:%M}", row["reason"], age, size)
        Console().print(table)

    def show(self, reference: str, raw: Path | None) -> None:
        """Print the mail as far as it can be read, or write it to a file. Raises ConfigError."""
        app = self._app
        for one in self._ask(lambda session: held.look_at(session, reference, _ACTOR, app.clock())):
            if raw is not None:
                _write(raw, one, self._lies_in(one))
                return
            received = f"{self._local(one.received_at):%d %b %Y %H:%M}"
            print(f"Reference: {one.reference}\nReceived:  {received}\nHeld for:  {one.reason}")
            print(plain(_readable(one.raw, one.received_at)) if one.raw is not None else f"{plain(_headers(one))}\n{self._lies_in(one)}")

    def retry(self, reference: str) -> bool:
        """Read it again with this version; True when nothing of the ticket is held any more. Raises ConfigError."""
        waiting = self._ask(lambda session: held.kept(session, reference))
        done = [self._read_again(one) for one in waiting]
        return all(done)

    def release(self, reference: str, *, noise: bool) -> None:
        """Let it go. Raises ConfigError."""
        app = self._app
        ticket = self._ask(lambda session: held.release(session, app.office, reference, _ACTOR, app.clock(), noise=noise))
        print(f"{ticket.reference}: " + ("closed as not a request" if noise else "no longer held; the ticket and its clock go on"))

    def close(self) -> None:
        """Let the database go."""
        self._app.close()

    def _ask(self, step: Callable[[Session], Any]) -> Any:
        try:
            with told():
                return self._app.read(step)
        except Refused as refusal:
            raise ConfigError(str(refusal)) from None

    def _read_again(self, one: held.Held) -> bool:
        if one.raw is None:
            print(f"{one.reference} can't be read again: {self._lies_in(one)}")
            return False
        answers: list[str] = []
        error = attempt(lambda: answers.append(self._app.read_again(one)))
        if isinstance(error, SchemaError):
            raise error
        if error is None:
            print(f"{one.reference} is read now; {answers[0]}")
        else:
            print(str(error) if isinstance(error, Refused) else f"{one.reference} is still held: {type(error).__name__}.")
        return error is None

    def _lies_in(self, one: held.Held) -> str:
        if one.source == "slack":
            return "it came by Slack and stands there, in the intake channel; nothing of it is kept here."
        imap = self._app.config.mailbox_called(one.mailbox).imap
        place = "where it was imported from" if one.source == "backlog" else f"in {imap.folders.filed}"
        return f"it was too large to be fetched (mailbox.imap.largest_mail: {imap.largest_mail:,} bytes) and lies {place}."

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._app.config.organisation.time_zone)

    def _as_json(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        age = int((self._app.clock() - row["received_at"]).total_seconds())
        return {**row, "received_at": self._local(row["received_at"]).isoformat(), "age_seconds": age}


def _readable(raw: bytes, received_at: datetime) -> str:
    """The headers plainly and the text, by the reader as far as it gets, else the bytes themselves."""
    read: list[Inquiry] = []
    attempt(lambda: read.append(parse_email(raw, received_at)))  # it may be what broke us
    head, _, rest = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    found = _FIELD.findall(head[:65_536])
    fields = {name.decode().capitalize(): " ".join(value.decode("utf-8", "replace").split()) for name, value in found}
    if read:
        fields |= _read_fields(read[0])
    text = (read[0].body if read else "") or rest[:_LONGEST_TEXT].decode("utf-8", "replace")
    lines = [f"{name + ':':11}{fields.get(name, '–')}" for name in ("From", "Subject", "Date")]
    return "\n".join([*lines, "", text])


def _headers(one: held.Held) -> str:
    """Of a mail that is not here itself, so that it can be found where it lies."""
    fields = (("From", one.sender), ("Subject", one.subject))
    return "".join(f"{name + ':':11}{' '.join(value.split())}\n" for name, value in fields if value)


def _read_fields(inquiry: Inquiry) -> dict[str, str]:
    sender = f"{inquiry.sender.name} <{inquiry.sender.address}>".strip()
    return {name: value for name, value in (("From", sender), ("Subject", inquiry.subject)) if value.strip(" <>")}


def plain(text: str) -> str:
    """The text without what would let it write elsewhere on the terminal."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode()


def _write(file: Path, one: held.Held, lies_in: str) -> None:
    """For its reader alone, and never over another file."""
    if one.raw is None:
        raise ConfigError(f"{one.reference}: {lies_in}")
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(one.raw)
    except OSError as error:
        raise ConfigError(f"--raw {file}: can't be written ({error.strerror})") from None


def _age(age: timedelta) -> str:
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if (number := age // length) >= 1:
            return f"{number} {unit}{'s' if number != 1 else ''}"
    return "now"
