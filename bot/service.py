"""Service: the running bot: the mailbox watch, the delivery, Slack, the scheduler that only pokes, and a clean stop."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Config
from bot.health import HealthServer
from bot.mailbox import Mailbox
from bot.slack.connection import SlackConnection, said_since
from bot.slack.courier import NETWORK
from bot.workers import MailboxWatch, Worker

log = logging.getLogger("privacybot")

_DELIVER_SECONDS = 5
_REMIND_MINUTES = 15
_OVERLAP_SECONDS = 600.0
_STOP_SECONDS = 8.0


class Core(Protocol):
    """What the service needs of the app."""

    poke: Callable[[], None]

    def take_mail(self, mailbox: Mailbox) -> int: ...
    def take_in_slack(self, event: Any) -> object: ...
    def deliver(self) -> int: ...
    def remind(self) -> int: ...
    def purge(self) -> object: ...
    def mark(self, name: str, value: str | None = None) -> str: ...
    def figures(self) -> Any: ...


class Service:
    """Everything that runs by itself. Killing it loses nothing: due dates and notices are rows."""

    def __init__(self, config: Config, core: Core, open_mailbox: Callable[[], Mailbox],
                 slack: SlackConnection | None, client: WebClient | None, clock_seconds: Callable[[], float]) -> None:  # fmt: skip
        self._config, self._core, self._slack, self._client, self._seconds = config, core, slack, client, clock_seconds
        self._delivery = Worker("delivery", core.deliver)
        self._slack_line = Worker("slack", self._keep_slack)
        self._watch = MailboxWatch(open_mailbox, core.take_mail, config.mailbox.imap.poll)
        self._chores = Worker("reminders", core.remind)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )  # the default grace is one second: a late job would be dropped in silence
        self._health: HealthServer | None = None

    def start(self) -> None:
        """Begin; returns at once. Raises OSError when the health port is taken."""
        if self._config.health is not None:
            self._health = HealthServer(self._config.health, self._core.figures)
        self._core.poke = self._delivery.poke
        self._delivery.start()
        self._watch.start()
        self._chores.start()
        if self._slack is not None:
            self._slack_line.start()
        add = self._scheduler.add_job
        add(self._delivery.poke, "interval", seconds=_DELIVER_SECONDS)
        add(self._watch.poke, "interval", seconds=self._config.mailbox.imap.poll.total_seconds())
        add(self._chores.poke, "interval", minutes=_REMIND_MINUTES)
        add(self._slack_line.poke, "interval", minutes=1)
        add(self._core.purge, "cron", hour=2, timezone=str(self._config.organisation.time_zone))
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is under way and stop, within ten seconds; what is not done is a row and waits."""
        self._scheduler.shutdown(wait=False)
        if self._slack is not None:
            self._slack.close()
        self._watch.stop(_STOP_SECONDS / 2)
        for worker in (self._chores, self._slack_line, self._delivery):
            worker.stop(_STOP_SECONDS / 4)
        if self._health is not None:
            self._health.close()

    def poke_mailbox(self) -> None:
        """Look into the mailbox now."""
        self._watch.poke()

    def _keep_slack(self) -> None:
        if self._slack is not None and self._slack.keep() and self._config.slack is not None and self._config.slack.intake_channel:
            self._catch_up(self._config.slack.intake_channel)

    def _catch_up(self, channel: str) -> None:
        """Events are a hint, the channel's history is the truth; what is known already is filed once all the same."""
        assert self._client is not None
        name = f"slack-intake:{channel}"
        since = float(self._core.mark(name) or self._core.mark(name, f"{self._seconds():.6f}"))
        newest = since
        try:
            for event in said_since(self._client, channel, f"{since - _OVERLAP_SECONDS:.6f}"):
                if float(event["ts"]) > since - _OVERLAP_SECONDS:
                    self._core.take_in_slack(event)
                newest = max(newest, float(event["ts"]))
        except (SlackApiError, *NETWORK) as error:
            log.warning("the intake channel can't be read: %s", type(error).__name__)
            return
        if newest > since:
            self._core.mark(name, f"{newest:.6f}")
