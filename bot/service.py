"""Service: the running bot: the mailbox watch, the delivery, Slack, the scheduler that only pokes, and a clean stop."""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Any, Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient

from bot.config import Config
from bot.health import HealthServer
from bot.mailbox import Mailbox
from bot.slack.connection import IntakeChannel, SlackConnection
from bot.workers import MailboxWatch, Worker

_DELIVER_SECONDS = 5
_REMIND_MINUTES = 15
_STOP_SECONDS = 6.0  # Slack's library may take three more to hang up


class Core(Protocol):
    """What the service needs of the app."""

    poke: Callable[[], None]

    def take_mail(self, mailbox: Mailbox) -> int: ...
    def take_in_slack(self, event: Any) -> object: ...
    def open_threads(self, channel: str) -> Sequence[str]: ...
    def deliver(self) -> int: ...
    def deliver_to(self, receiver: str) -> int: ...
    def remind(self) -> int: ...
    def purge(self) -> object: ...
    def watch(self, trouble: str, desk_trouble: str = "") -> int: ...
    def mark(self, name: str, value: str | None = None) -> str: ...
    def figures(self) -> Any: ...


class Service:
    """Everything that runs by itself. Killing it loses nothing: due dates and notices are rows."""

    def __init__(self, config: Config, core: Core, openers: Sequence[tuple[str, Callable[[], Mailbox]]],
                 slack: SlackConnection | None, client: WebClient | None, clock_seconds: Callable[[], float]) -> None:  # fmt: skip
        self._config, self._core, self._slack = config, core, slack
        self._intake = _intake(config, core, client, clock_seconds)
        self._delivery = Worker("delivery", core.deliver)
        self._webhooks = [Worker(f"webhook {name}", partial(core.deliver_to, name)) for name in config.receivers]
        self._slack_line = Worker("slack", self._keep_slack)
        polls = {mailbox.name: mailbox.imap.poll for mailbox in config.all_mailboxes}
        self._watches = [MailboxWatch(connect, core.take_mail, polls[name], name=name) for name, connect in openers]
        self._chores = Worker("reminders", core.remind)
        self._cleaning = Worker("purge", core.purge)
        self._watchdog = Worker("watchdog", self._watch)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )  # the default grace is one second: a late job would be dropped in silence
        self._health: HealthServer | None = None

    def start(self) -> None:
        """Begin; returns at once. Raises OSError when the health port is taken."""
        if self._config.health is not None:
            self._health = HealthServer(self._config.health, self._core.figures)
        self._core.poke = self._poke_carriers
        self._delivery.start()
        for receiver in self._webhooks:
            receiver.start()
        for watch in self._watches:
            watch.start()
        self._chores.start()
        self._cleaning.start()
        self._watchdog.start()
        if self._slack is not None:
            self._slack_line.start()
        add = self._scheduler.add_job
        add(self._poke_carriers, "interval", seconds=_DELIVER_SECONDS)
        for watch in self._watches:
            add(watch.poke, "interval", seconds=watch.poll.total_seconds())
        add(self._chores.poke, "interval", minutes=_REMIND_MINUTES)
        add(self._watchdog.poke, "interval", minutes=1)
        if self._slack is not None:
            add(self._slack_line.poke, "interval", minutes=1)
        add(self._cleaning.poke, "cron", hour=2, timezone=str(self._config.organisation.time_zone))
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is under way and stop, within ten seconds; what is not done is a row and waits."""
        self._scheduler.shutdown(wait=False)
        threads: tuple[Worker | MailboxWatch, ...]
        threads = (self._slack_line, *self._watches, self._chores, self._cleaning, self._watchdog, *self._webhooks, self._delivery)
        for thread in threads:
            thread.halt()
        end = monotonic() + _STOP_SECONDS
        for thread in threads:
            thread.stop(max(0.0, end - monotonic()))
        if self._slack is not None:
            self._slack.close()
        if self._health is not None:
            self._health.close()

    def poke_mailbox(self) -> None:
        """Look into the mailboxes now."""
        for watch in self._watches:
            watch.poke()

    def _poke_carriers(self) -> None:
        for worker in (self._delivery, *self._webhooks):
            worker.poke()

    def _watch(self) -> None:
        trouble = next((watch.trouble for watch in self._watches if watch.trouble), "")
        self._core.watch(trouble, self._slack.trouble if self._slack else "")

    def _keep_slack(self) -> None:
        if self._slack is not None and self._slack.keep() and self._intake is not None:
            self._intake.catch_up()


def _intake(config: Config, core: Core, client: WebClient | None, seconds: Callable[[], float]) -> IntakeChannel | None:
    if client is None or config.slack is None or config.slack.intake_channel is None:
        return None
    return IntakeChannel(client, config.slack.intake_channel, core, seconds)
