"""The demo's stage: a mail server, a Slack and the real bot, configured by a real config.yaml, with a clock that can be moved."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App, now
from bot.config_file import Secrets, read_config
from bot.demo.mail_server import PASSWORD, DemoError, DemoMailServer
from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from bot.inquiry import Inquiry
from bot.intake import Filed
from bot.launch import launch
from bot.service import Service
from intents.classifier import Prediction
from models import Vault

DESK, INTAKE = "C0DESK", "C0INTAKE"
ANN, BEN = "U0ANN", "U0BEN"
MAILBOX, MANAGER = "privacy@example.org", "legal@example.org"
_PATIENCE_SECONDS = 30.0

_CONFIG = """\
organisation:
  name: Example GmbH
  postal_address: Musterstrasse 1, 10115 Berlin, Germany
  country: DE
  subdivision: BE
  time_zone: Europe/Berlin
  language: en
  dpo: dpo@example.org
  privacy_notice: https://example.org/privacy
mailbox:
  address: {mailbox}
  imap: {{host: 127.0.0.1, port: {imap}, security: none, user: {mailbox}, idle: false, poll: 1s}}
  smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
database: sqlite:///{database}
slack: {{desk_channel: {desk}, intake_channel: {intake}, api_url: "{slack}"}}
escalation: {{managers: [{manager}]}}
digest: {{day: monday, at: 08:00, recipients: [{manager}]}}
watchdog: {{no_poll_for: 365d, nothing_arrived_for: 365d}}
"""


class MovableClock:
    """Real time plus what the demo adds to it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Be there at once."""
        self._ahead = moment - now()


@dataclass(frozen=True, slots=True)
class Happening:
    """One message that was filed, as the bot saw it."""

    inquiry: Inquiry
    prediction: Prediction | None
    filed: Filed


@dataclass(slots=True)
class Stage:
    """Everything the demo plays on."""

    mail: DemoMailServer
    slack: LoopbackSlack
    app: App
    service: Service
    clock: MovableClock
    config_file: Path
    happenings: list[Happening] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def noticed(self, inquiry: Inquiry, prediction: Prediction | None, filed: Filed) -> None:
        """The app's report of each message."""
        with self.changed:
            self.happenings.append(Happening(inquiry, prediction, filed))
            self.changed.notify_all()

    def await_happenings(self, number: int) -> None:
        """Until so many messages are filed. Raises DemoError when it takes too long."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.happenings) >= number, _PATIENCE_SECONDS):
                raise DemoError(f"the bot filed {len(self.happenings)} of {number} messages in {_PATIENCE_SECONDS:.0f} s")

    def await_outbox(self) -> None:
        """Until nothing waits to be sent."""
        self.await_that(lambda: self.app.figures()["outbox_waiting"] == 0)

    def await_that(self, done: Callable[[], bool]) -> None:
        """Until a state is reached that nothing announces; pokes the delivery meanwhile. Raises DemoError when it takes too long."""
        pause = threading.Event()
        for _ in range(int(_PATIENCE_SECONDS / 0.1)):
            if done():
                return
            self.app.poke()
            pause.wait(0.1)
        raise DemoError("the bot did not get there in time")


@contextmanager
def set_up() -> Iterator[Stage]:
    """Build it up in a temporary folder and take it down again."""
    with TemporaryDirectory(prefix="privacybot-demo-") as folder, DemoMailServer() as mail, LoopbackSlack() as slack:
        slack.add_user(ANN, "ann", "ann@example.org")
        slack.add_user(BEN, "ben", "ben@example.org")
        slack.add_channel(DESK, "privacy-desk", [ANN, BEN])
        slack.add_channel(INTAKE, "privacy-intake", [ANN, BEN])
        config_file = Path(folder) / "config.yaml"
        config_file.write_text(_config(mail, slack, Path(folder)), "utf-8")
        secrets = Secrets(Vault.new_key(), imap_password=PASSWORD, slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN)
        clock = MovableClock()
        app, service = launch(read_config(config_file), secrets, clock)
        stage = Stage(mail, slack, app, service, clock, config_file)
        app.on_filed = stage.noticed
        service.start()
        try:
            slack.wait_connected(15)
            yield stage
        finally:
            service.stop()
            app.close()


def _config(mail: DemoMailServer, slack: LoopbackSlack, folder: Path) -> str:
    return _CONFIG.format(
        mailbox=MAILBOX, imap=mail.imap_port, smtp=mail.smtp_port, database=folder / "demo.db", desk=DESK, intake=INTAKE,
        slack=slack.api_url, manager=MANAGER,
    )  # fmt: skip
