"""A world for the running bot: Dovecot, an SMTP sink, a Slack, and a config.yaml that points at them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bot.app import App
from bot.config_file import Secrets, read_config, read_secrets
from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from bot.launch import launch
from bot.service import Service
from tests.builders import KEY, Clock, config_data
from tests.live.dovecot import PASSWORD, USER, Dovecot
from tests.live.smtp_sink import SmtpSink

DESK, INTAKE, ANN, BEN, EVE = "C0DESK", "C0INTAKE", "U0ANN", "U0BEN", "U0EVE"


class World:
    """Servers and the folder where the bot's config and database lie."""

    def __init__(self, folder: Path, dovecot: Dovecot, smtp: SmtpSink, slack: LoopbackSlack | None, user: str = USER) -> None:
        self.folder, self.dovecot, self.smtp, self.slack, self.user = folder, dovecot, smtp, slack, user
        self.config_file = folder / "config.yaml"
        self.write_config()

    @property
    def environment(self) -> dict[str, str]:
        """The secrets, as the bot wants them."""
        return {
            "PRIVACYBOT_KEY": KEY, "PRIVACYBOT_IMAP_PASSWORD": PASSWORD, "PRIVACYBOT_SLACK_BOT_TOKEN": BOT_TOKEN,
            "PRIVACYBOT_SLACK_APP_TOKEN": APP_TOKEN,
        }  # fmt: skip

    def write_config(self, *, authserv_id: str = "", **imap: object) -> None:
        """config.yaml as a person would write it."""
        data = config_data(f"sqlite:///{self.folder / 'bot.db'}", slack=self.slack is not None)
        data["mailbox"]["address"] = self.user
        data["mailbox"]["imap"] = {
            "host": "localhost", "port": self.dovecot.imaps_port, "security": "tls", "ca_file": str(self.dovecot.certificate),
            "user": self.user, "poll": "1s", **imap,
        }  # fmt: skip
        data["mailbox"] |= {"authserv_id": authserv_id} if authserv_id else {}
        data["mailbox"]["smtp"] = {"host": "127.0.0.1", "port": self.smtp.port, "security": "none"}
        if self.slack is not None:
            data["slack"]["api_url"] = self.slack.api_url
        self.config_file.write_text(yaml.safe_dump(data), "utf-8")

    @contextmanager
    def running(self, clock: Clock | None = None) -> Iterator[tuple[App, Service]]:
        """The bot in this process, as `run` starts it."""
        config = read_config(self.config_file)
        app, service = launch(config, read_secrets(config, self.environment), **({"clock": clock} if clock else {}))
        service.start()
        try:
            yield app, service
        finally:
            service.stop()
            app.close()

    def spawn(self) -> "subprocess.Popen[str]":
        """`privacybot run` as a process of its own."""
        environment = {**os.environ, **self.environment}
        command = [sys.executable, "-m", "bot", "run", "--config", str(self.config_file)]
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def secrets(self) -> Secrets:
        """As read from the environment."""
        return read_secrets(read_config(self.config_file), self.environment)


@contextmanager
def world(folder: Path, dovecot: Dovecot, *, slack: bool = True) -> Iterator[World]:
    """Everything up; down again at the end. The privacy mailbox is the session's Dovecot's."""
    with SmtpSink() as smtp:
        if not slack:
            yield World(folder, dovecot, smtp, None)
            return
        with LoopbackSlack() as server:
            for user, name in ((ANN, "ann"), (BEN, "ben"), (EVE, "eve")):
                server.add_user(user, name, f"{name}@example.test")
            server.add_channel(DESK, "privacy-desk", [ANN, BEN])
            server.add_channel(INTAKE, "privacy-intake", [ANN, BEN, EVE])
            yield World(folder, dovecot, smtp, server)
