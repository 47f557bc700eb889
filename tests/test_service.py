"""The service: it starts, works around what is out, catches up with Slack, and ends when told, whatever the others do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.config import Config
from bot.config_file import Secrets
from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from bot.launch import launch
from bot.service import Service
from tests.builders import KEY, config_data, sqlite_url
from tests.live.dovecot import free_ports, wait_until
from tests.live.scripted_imap import ScriptedImap, Talk
from tests.webhook_receiver import SECRET, Receiver

ANN, EVE, DESK, INTAKE = "U0ANN", "U0EVE", "C0DESK", "C0INTAKE"
ERASE = "Please erase all personal data of lou@caller.example, article 17 GDPR."


def settings(folder: Path, imap_port: int, slack: str | None = None, **sections: Any) -> Config:
    data = config_data(sqlite_url(folder), slack=slack is not None)
    data["mailbox"]["imap"]["port"] = imap_port
    if slack is not None:
        data["slack"]["api_url"] = slack
    return Config.model_validate(data | sections)


@contextmanager
def running(config: Config) -> Iterator[tuple[App, Service]]:
    app, service = launch(config, Secrets(
        KEY, imap_password="hunter2", slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN, webhooks={"slow": SECRET, "quick": SECRET},
    ))  # fmt: skip
    service.start()
    try:
        yield app, service
    finally:
        service.stop()
        app.close()


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_user(ANN, "ann", "ann@example.test")
        server.add_user(EVE, "eve", "eve@example.test")
        server.add_channel(DESK, "privacy-desk", [ANN])
        server.add_channel(INTAKE, "privacy-intake", [ANN, EVE])
        yield server


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a Slack that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/"


def ours(caplog: pytest.LogCaptureFixture, word: str) -> list[str]:
    """What we wrote into the log about something."""
    return [record.message for record in caplog.records if record.name.startswith("privacybot") and word in record.message]


def test_it_ends_although_the_mailbox_is_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(settings(tmp_path, free_ports(1)[0])):
        wait_until(lambda: "ConnectionRefusedError" in caplog.text)


def test_it_ends_although_mail_server_and_slack_are_mute(tmp_path: Path, mute: str) -> None:
    with ScriptedImap(SELECT=Talk.mute) as imap, running(settings(tmp_path, imap.port, mute)):
        wait_until(lambda: "SELECT" in imap.verbs)


def test_without_slack_there_is_no_slack_thread(tmp_path: Path) -> None:
    with ScriptedImap() as imap, running(settings(tmp_path, imap.port)):
        names = {thread.name for thread in threading.enumerate()}
        assert {"mailbox", "delivery", "reminders"} <= names and "slack" not in names


def test_with_slack_away_mail_is_looked_after_and_slack_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = settings(tmp_path, 1, f"http://127.0.0.1:{free_ports(1)[0]}/api/")
    with ScriptedImap() as imap, running(config.model_copy(update={"mailbox": settings(tmp_path, imap.port).mailbox})) as (app, _):
        wait_until(lambda: app.figures()["healthy"])
        wait_until(lambda: ours(caplog, "no connection to Slack"))
    assert ours(caplog, "no connection to Slack") == ["no connection to Slack (URLError); retrying until there is one, nothing is lost"]


def test_a_health_port_that_is_taken_is_an_os_error_and_nothing_was_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = settings(tmp_path, free_ports(1)[0], health={"port": taken.getsockname()[1]})
        app, service = launch(config, Secrets(KEY, imap_password="hunter2"))
        before = threading.active_count()
        with pytest.raises(OSError, match="in use"):
            service.start()
        assert threading.active_count() == before
        app.close()


def test_what_was_said_while_the_bot_was_down_is_filed_once(tmp_path: Path, slack: LoopbackSlack) -> None:
    with ScriptedImap() as imap:
        config = settings(tmp_path, imap.port, slack.api_url)
        with running(config):
            slack.wait_for(lambda: slack.calls_of("conversations.history"), 20)
        slack.say(INTAKE, ANN, ERASE)
        with running(config) as (app, _):
            wait_until(lambda: len(app.tickets("list", ANN, "")) == 1)
            slack.say(INTAKE, EVE, ERASE.replace("lou@", "kim@"))
            wait_until(lambda: len(app.tickets("list", ANN, "")) == 2)


def test_a_webhook_that_does_not_answer_keeps_neither_cards_nor_other_webhooks_waiting(tmp_path: Path, slack: LoopbackSlack) -> None:
    with ScriptedImap() as imap, Receiver() as slow, Receiver() as quick:
        slow.gate.clear()
        webhooks = [{"name": "slow", "url": slow.url, "timeout": "1m"}, {"name": "quick", "url": quick.url}]
        with running(settings(tmp_path, imap.port, slack.api_url, webhooks=webhooks)):
            slack.say(INTAKE, ANN, ERASE)
            wait_until(lambda: len(slow.taken) == 1)
            slack.say(INTAKE, EVE, ERASE.replace("lou@", "kim@"))
            wait_until(lambda: len(quick.taken) == 2)
            slack.wait_for(lambda: len(slack.messages(DESK)) >= 2, 20)
            assert len(slow.taken) == 1
            slow.gate.set()
            wait_until(lambda: len(slow.taken) == 2)
