"""A desk in Slack: the real app over a real database, connected to the loopback Slack, delivering as soon as it is poked; no mail."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App, now
from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from bot.mailbox import Mail
from bot.slack.access import Access
from bot.slack.connection import SlackConnection, web_client
from bot.slack.courier import SlackCourier
from bot.workers import Worker
from models import Carrier
from tests.builders import Clock, FakeCourier, config, mail, secrets
from tests.filing import journal, the_ticket

ANN, BEN, EVE, DESK, INTAKE = "U0ANN", "U0BEN", "U0EVE", "C0DESK", "C0INTAKE"
SOON = 20.0
ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."
Json = dict[str, Any]


class SlackDesk:
    """Ann and Ben at the desk, Eve elsewhere; `settings`: keys of the slack: section."""

    def __init__(self, slack: LoopbackSlack, database: str, **settings: Any) -> None:
        self.slack, self.clock, self.letters = slack, Clock(now()), FakeCourier()
        client = web_client(slack.api_url, BOT_TOKEN)
        self.config = config(database, slack={"api_url": slack.api_url, **settings})
        assert self.config.slack is not None
        courier = SlackCourier(client, ZoneInfo("Europe/Berlin"))
        self.app = App(self.config, secrets(), {Carrier.MAIL: self.letters, Carrier.SLACK: courier}, self.clock)
        self.seconds = 0.0
        access = Access(DESK, lambda: self.seconds, self.config.slack.who_may, self.config.slack.only.circles)
        http = self.config.slack.http if self.config.slack.mode == "http" else None
        self.line = SlackConnection(client, APP_TOKEN, self.app, access, INTAKE, http, "the signing secret")
        self.delivery = Worker("delivery", self.app.deliver)

    def open(self) -> None:
        """Connect and deliver."""
        self.app.poke = self.delivery.poke
        self.delivery.start()
        assert self.line.keep()

    def close(self) -> None:
        """Hang up without the seconds that Slack's library sits in its last receive."""
        if self.line._handler is not None:
            self.slack.part(self.line._handler.client)
            self.line._handler = None
        self.line.close()
        self.delivery.stop(SOON)
        self.app.close()

    def ticket(self, number: int = 1, body: str = ERASE) -> str:
        """A new ticket's reference; its card stands already."""
        filed = self.app.file_mail(Mail(1, self.clock(), mail(body, number=number, sender=f"p{number}@people.example")))
        reference = str(filed.reference)
        self.slack.wait_for(lambda: self.card(reference), SOON)
        return reference

    def card(self, reference: str) -> Json:
        """The card as it stands in the channel; empty while there is none."""
        cards = (one for one in self.slack.messages(DESK) if "thread_ts" not in one and reference in json.dumps(one.get("blocks", "")))
        return next(cards, {})

    def press(self, user: str, reference: str, action: str) -> Any:
        """Press a button of the ticket's card."""
        return self.slack.press(user, DESK, self.card(reference)["ts"], action)

    def view_of(self, user: str) -> Json:
        """The window that a person sees, once there is one."""
        views: list[Json] = self.slack.wait_for(lambda: self.slack.views_of(user), SOON)
        return views[-1]

    def told(self, user: str, words: str) -> str:
        """What this one person was told with these words in it, at their button or directly; waits for it."""

        def said() -> str:
            whispered = [one["text"] for one in self.slack.ephemerals if one["user"] == user]
            directly = [one["text"] for one in self.slack.messages(self.slack.direct_channel(user))]
            return next((text for text in [*whispered, *directly] if words in text), "")

        return str(self.slack.wait_for(said, SOON))

    def taken_unseen(self, reference: str, user: str) -> None:
        """A colleague takes the ticket, and the card does not show it yet."""
        self.app.poke = lambda: None
        self.app.act("claim", reference, user)

    def count(self, reference: str, kind: str) -> int:
        """How often a ticket's journal has such a line."""
        return journal(self, reference).count(kind)  # type: ignore[arg-type]

    def handler(self, reference: str) -> str | None:
        return the_ticket(self, reference).handler  # type: ignore[arg-type]


@contextmanager
def slack_desk(database: str, **settings: Any) -> Iterator[SlackDesk]:
    """The desk, open; closed at the end."""
    with LoopbackSlack() as slack:
        for user, name in ((ANN, "ann"), (BEN, "ben"), (EVE, "eve")):
            slack.add_user(user, name, f"{name}@example.test")
        slack.add_channel(DESK, "privacy-desk", [ANN, BEN])
        slack.add_channel(INTAKE, "privacy-intake", [ANN, BEN, EVE])
        desk = SlackDesk(slack, database, **settings)
        desk.open()
        try:
            yield desk
        finally:
            desk.close()


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of `sqlite_url(folder)` in the hands of another program, until the end or its ROLLBACK."""
    with closing(sqlite3.connect(folder / "test.db", isolation_level=None, check_same_thread=False)) as another:
        another.execute("BEGIN IMMEDIATE")
        yield another
