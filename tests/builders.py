"""Builders: the few things most tests need, made the way the bot makes them."""

import textwrap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import App
from bot.config import Config
from bot.config_file import Secrets
from bot.outbox import Courier, Parcel
from models import Carrier, Vault

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = Vault.new_key()


def config_data(database: str = "sqlite:///unused.db", *, slack: bool | Mapping[str, Any] = True, **sections: Any) -> dict[str, Any]:
    """What a small config.yaml holds, as data; `sections` replace or add whole sections, `slack` may hold keys of its section."""
    data: dict[str, Any] = {
        "organisation": {
            "name": "Example GmbH", "postal_address": "Musterstrasse 1, Berlin", "country": "DE", "subdivision": "BE",
            "time_zone": "Europe/Berlin", "language": "en", "dpo": "dpo@example.test", "privacy_notice": "https://example.test/privacy",
        },
        "mailbox": {
            "address": "privacy@example.test", "aliases": ["dsb@example.test"],
            "imap": {"host": "127.0.0.1", "port": 1, "security": "none", "user": "privacy@example.test", "poll": "1s"},
            "smtp": {"host": "127.0.0.1", "port": 1, "security": "none"},
        },
        "database": database,
        "escalation": {"managers": ["boss@example.test"]},
        "digest": {"day": "monday", "at": "08:00", "recipients": ["board@example.test"]},
    }  # fmt: skip
    if slack is not False:
        data["slack"] = {"desk_channel": "C0DESK", "intake_channel": "C0INTAKE", **(slack if isinstance(slack, Mapping) else {})}
    return {**data, **sections}


def trusting(database: str = "sqlite:///unused.db", **keys: Any) -> dict[str, Any]:
    """The mailbox section of a company whose mail server is mx.example.test and says whom it believes."""
    return {"mailbox": {**config_data(database)["mailbox"], "authserv_id": "mx.example.test", **keys}}


def config(database: str = "sqlite:///unused.db", *, slack: bool | Mapping[str, Any] = True, **sections: Any) -> Config:
    """A valid config."""
    return Config.model_validate(config_data(database, slack=slack, **sections))


def secrets() -> Secrets:
    """Secrets with the key that all tests of one run share."""
    signed = dict.fromkeys(("suppression", "crm", "board"), "a-secret-of-the-tests-0123456789")
    return Secrets(KEY, imap_password="secret", slack_bot_token="xoxb-x", slack_app_token="xapp-x", webhooks=signed)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class FakeCourier:
    """Takes parcels as the real ones do; `.sent` is what a reader would have got. `trouble` is raised instead, if set.

    `reported`: the hash of the id that the other side says it gave the letter instead of ours.
    """

    def __init__(self) -> None:
        self.sent: list[Parcel] = []
        self.trouble: Exception | None = None
        self.before: Callable[[Parcel], None] = lambda _: None
        self.reported: Callable[[Parcel], str] = lambda _: ""
        self.rests = 0

    def send(self, parcel: Parcel) -> str:
        self.before(parcel)
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(parcel)
        reported = self.reported(parcel)
        return f"C0DESK:{len(self.sent)}.000000" + (f";{reported}" if reported else "")

    def find(self, parcel: Parcel) -> str | None:
        return next((f"C0DESK:{number}.000000" for number, sent in enumerate(self.sent, 1) if sent.key == parcel.key), None)

    def rest(self) -> None:
        self.rests += 1

    def of_kind(self, kind: str) -> list[Parcel]:
        """The parcels of one kind, in order."""
        return [parcel for parcel in self.sent if parcel.kind == kind]


class Bench:
    """The real app over a real database, with fake couriers and a clock that stands still."""

    def __init__(self, database: str, *, slack: bool | Mapping[str, Any] = True, at: datetime = MONDAY, **sections: Any) -> None:
        self.clock = Clock(at)
        self.letters, self.slack = FakeCourier(), FakeCourier()
        couriers: dict[Carrier, Courier] = {Carrier.MAIL: self.letters, Carrier.SLACK: self.slack}
        self.app = App(config(database, slack=slack, **sections), secrets(), couriers=couriers, clock=self.clock)

    def close(self) -> None:
        self.app.close()


def mail(body: str, *, sender: str = "Jo Doe <jo@home.example>", subject: str = "My data", headers: str = "", number: int = 1) -> bytes:
    """A mail's bytes. `headers`: further lines; `number` makes the Message-ID."""
    head = f"From: {sender}\nTo: privacy@example.test\nSubject: {subject}\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n"
    head += f"Message-ID: <m{number}@home.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n{headers}"
    return (head + "\n" + textwrap.dedent(body).strip() + "\n").replace("\n", "\r\n").encode()


def sqlite_url(folder: Path) -> str:
    """A database file in a folder."""
    return f"sqlite:///{folder / 'test.db'}"
