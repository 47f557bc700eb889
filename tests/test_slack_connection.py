"""The line to Slack: it comes back, tells trouble once and names nobody; and the intake channel is read without gaps."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from bot.slack.access import Access
from bot.slack.connection import IntakeChannel, SlackConnection, web_client
from tests.live.dovecot import free_ports, wait_until

ANN, DESK, INTAKE = "U0ANN", "C0DESK", "C0INTAKE"
SOON = 20.0


class Back:
    """The app as Slack's listeners see it; `poison`: words that it can't take."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.marks: dict[str, str] = {}
        self.poison = ""

    def take_in_slack(self, event: Mapping[str, Any]) -> None:
        if self.poison and self.poison in event["text"]:
            raise ZeroDivisionError(event["text"])
        self.taken.append(event["text"])

    def open_threads(self, channel: str) -> Sequence[str]:
        return []

    def mark(self, name: str, value: str | None = None) -> str:
        if value is not None:
            self.marks[name] = value
        return self.marks.get(name, "")

    def act(self, verb: str, reference: str, user: str, **arguments: Any) -> None:
        """Nobody presses anything here."""

    def look(self, reference: str, user: str) -> Mapping[str, Any]:
        return {}

    def show(self, what: str, user: str, **arguments: Any) -> Any:
        """Nobody asks anything here."""

    def tickets(self, which: str, user: str, argument: str) -> Sequence[Mapping[str, Any]]:
        return []

    def meet(self, user: str, name: str) -> None:
        """Nobody is remembered here."""


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_user(ANN, "ann", "ann@example.test")
        server.add_channel(DESK, "privacy-desk", [ANN])
        server.add_channel(INTAKE, "privacy-intake", [ANN])
        yield server


@pytest.fixture
def back() -> Back:
    return Back()


@pytest.fixture
def line(slack: LoopbackSlack, back: Back) -> Iterator[SlackConnection]:
    client = web_client(slack.api_url, BOT_TOKEN)
    connection = SlackConnection(client, APP_TOKEN, back, Access(DESK, lambda: 0.0), INTAKE)
    yield connection
    hang_up(slack, connection)


def hang_up(slack: LoopbackSlack, connection: SlackConnection) -> None:
    """Close without the seconds that Slack's library sits in its last receive."""
    if connection._handler is not None:
        slack.part(connection._handler.client)
        connection._handler = None


def channel(slack: LoopbackSlack, back: Back, seconds: Callable[[], float] = lambda: 1.0) -> IntakeChannel:
    return IntakeChannel(web_client(slack.api_url, BOT_TOKEN), INTAKE, back, seconds)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name.startswith("privacybot")]


class TestLine:
    def test_it_listens_and_stays(self, slack: LoopbackSlack, line: SlackConnection, back: Back) -> None:
        assert line.keep() and line.keep()
        slack.say(INTAKE, ANN, "Please delete everything.").wait_ack()
        wait_until(lambda: back.taken == ["Please delete everything."], SOON)
        assert len(slack.calls_of("apps.connections.open")) == 1

    def test_it_comes_back_after_slack_sent_it_away(self, slack: LoopbackSlack, line: SlackConnection, back: Back) -> None:
        line.keep()
        slack.disconnect()
        slack.say(INTAKE, ANN, "said meanwhile").wait_ack(SOON)
        wait_until(lambda: back.taken == ["said meanwhile"], SOON)
        assert line.keep()

    def test_slack_that_was_away_is_told_of_once_and_found_again(
        self, slack: LoopbackSlack, line: SlackConnection, back: Back, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        slack.stop()
        assert [line.keep() for _ in range(3)] == [False] * 3
        slack.start()
        assert line.keep()
        slack.say(INTAKE, ANN, "here again").wait_ack(SOON)
        assert told(caplog) == [
            "no connection to Slack (URLError); retrying until there is one, nothing is lost",
            "connected to Slack again",
        ]

    @pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
    def test_an_error_of_slack_is_told_by_its_code(
        self, slack: LoopbackSlack, line: SlackConnection, method: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        slack.fail_next(method, error="token_revoked")
        assert not line.keep()
        assert told(caplog) == ["no connection to Slack (token_revoked); retrying until there is one, nothing is lost"]
        assert line.keep()

    def test_a_web_socket_that_does_not_open_is_no_connection(
        self, slack: LoopbackSlack, line: SlackConnection, caplog: pytest.LogCaptureFixture
    ) -> None:
        right, slack.hub._host = slack.hub._host, f"127.0.0.1:{free_ports(1)[0]}"
        assert not line.keep()
        assert told(caplog) == ["no connection to Slack (the web socket does not open); retrying until there is one, nothing is lost"]
        slack.hub._host = right
        assert line.keep()

    def test_a_listener_that_fails_is_told_by_the_errors_name(
        self, slack: LoopbackSlack, line: SlackConnection, back: Back, caplog: pytest.LogCaptureFixture
    ) -> None:
        back.poison = "private"
        line.keep()
        slack.say(INTAKE, ANN, "private words").wait_ack()
        slack.say(INTAKE, ANN, "others").wait_ack()
        wait_until(lambda: back.taken == ["others"] and told(caplog), SOON)
        assert told(caplog) == ["a Slack listener failed: ZeroDivisionError"]
        assert "private" not in caplog.text

    def test_it_can_be_closed_twice_and_opened_again(self, slack: LoopbackSlack, line: SlackConnection) -> None:
        line.keep()
        hang_up(slack, line)
        line.close()
        assert line.keep()


class TestIntakeChannel:
    def test_what_was_said_since_the_mark_is_filed_the_oldest_first(self, slack: LoopbackSlack, back: Back) -> None:
        for number in range(230):  # more than two of Slack's pages
            slack.say(INTAKE, ANN, f"post {number}")
        channel(slack, back).catch_up()
        assert back.taken == [f"post {number}" for number in range(230)]

    def test_what_is_older_than_the_first_start_is_left_alone(self, slack: LoopbackSlack, back: Back) -> None:
        slack.say(INTAKE, ANN, "an old story")
        channel(slack, back, lambda: 9_999_999_999.0).catch_up()
        assert back.taken == []

    def test_the_bots_own_lines_are_not_filed(self, slack: LoopbackSlack, back: Back) -> None:
        web_client(slack.api_url, BOT_TOKEN).chat_postMessage(channel=INTAKE, text="Opened PRV-2026-00001")
        channel(slack, back).catch_up()
        assert back.taken == []

    def test_a_post_that_breaks_us_keeps_back_no_other_and_is_tried_again(self, slack: LoopbackSlack, back: Back) -> None:
        back.poison = "poisoned"
        slack.say(INTAKE, ANN, "the first")
        broken = slack.say(INTAKE, ANN, "private words, poisoned")
        slack.say(INTAKE, ANN, "the third")
        intake = channel(slack, back)
        with pytest.raises(ZeroDivisionError):
            intake.catch_up()
        assert back.taken == ["the first", "the third"]
        assert float(back.marks[f"slack-intake:{INTAKE}"]) < float(broken.ts)
        back.poison = ""
        intake.catch_up()
        assert "private words, poisoned" in back.taken
        assert float(back.marks[f"slack-intake:{INTAKE}"]) > float(broken.ts)

    def test_a_channel_that_can_not_be_read_is_told_once_and_loses_nothing(
        self, slack: LoopbackSlack, back: Back, caplog: pytest.LogCaptureFixture
    ) -> None:
        slack.fail_next("conversations.history", error="missing_scope", times=3)
        slack.say(INTAKE, ANN, "said meanwhile")
        intake = channel(slack, back)
        for _ in range(4):
            intake.catch_up()
        assert back.taken == ["said meanwhile"]
        assert told(caplog) == ["the intake channel can't be read (missing_scope); retrying until it can, nothing is lost"]
