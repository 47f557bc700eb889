"""Socket Mode of the loopback Slack against an unmodified slack-bolt: what a bot and its colleagues would notice."""

import queue
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import ClassVar

import pytest
from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.demo.slack_reach import REACH_SECONDS, AppUnreachable
from bot.demo.slack_server import BOT_TOKEN, BOT_USER, LoopbackSlack
from bot.demo.slack_signing import signed_request
from tests.slack_bench import (
    START,
    WAIT,
    Clock,
    Json,
    connected,
    workspace,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LoopbackSlack]:
    with workspace(clock) as server:
        yield server


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=slack.api_url)


@pytest.fixture
def app(client: WebClient) -> App:
    return App(client=client)


class TestSocketMode:
    def test_a_message_reaches_its_handler_and_the_answer_its_thread(self, slack: LoopbackSlack, app: App) -> None:
        app.message("hello")(lambda message, say: say(text="noted", thread_ts=message["ts"]))
        with connected(slack, app):
            said = slack.say("C1", "U1", "hello there")
            assert said.wait_ack() == {}
            answer = slack.wait_for(lambda: slack.thread("C1", said.ts)[1:])
        assert [(one["text"], one["user"]) for one in answer] == [("noted", BOT_USER)]

    def test_the_bot_hears_its_own_message_marked_as_such(self, slack: LoopbackSlack, app: App) -> None:
        heard: queue.Queue[str] = queue.Queue()
        app.event("message")(lambda event: heard.put(event["text"]))
        with connected(slack, app):
            app.client.chat_postMessage(channel="C1", text="from the bot", metadata={"event_type": "t", "event_payload": {}})
            slack.say("C1", "U1", "from Ada").wait_ack()
            assert heard.get(timeout=WAIT) == "from Ada", "Bolt leaves out what comes from the bot itself"
        echoed = next(one.payload["event"] for one in slack.hub.deliveries.values())
        assert (echoed["text"], echoed["bot_id"][0], "metadata" in echoed) == ("from the bot", "B", False)

    def test_edits_and_deletions_are_told_and_kept(self, slack: LoopbackSlack, app: App) -> None:
        subtypes: queue.Queue[str] = queue.Queue()
        app.event("message")(lambda event: subtypes.put(event.get("subtype", "")))
        with connected(slack, app):
            ts = slack.say("C1", "U1", "frist").ts
            slack.edit("C1", "U1", ts, "first").wait_ack()
            assert slack.message("C1", ts)["text"] == "first"
            slack.delete("C1", "U1", ts).wait_ack()
            heard = {subtypes.get(timeout=WAIT) for _ in range(3)}
        assert (heard, slack.messages("C1")) == ({"", "message_changed", "message_deleted"}, [])

    def test_a_mention_comes_as_a_second_event(self, slack: LoopbackSlack, app: App) -> None:
        app.event("message")(lambda: None)
        app.event("app_mention")(lambda say: say(text="yes?"))
        with connected(slack, app):
            slack.say("C1", "U1", f"<@{BOT_USER}> look")
            slack.wait_for(lambda: [one for one in slack.messages("C1") if one["text"] == "yes?"])

    def test_what_happens_in_foreign_channels_is_not_told(self, slack: LoopbackSlack) -> None:
        assert slack.say("C2", "U1", "hello").envelope_id not in slack.hub.deliveries
        with pytest.raises(LookupError):
            slack.say("C2", "U2", "not a member")

    def test_an_event_waits_while_the_app_is_away_and_can_be_repeated(self, slack: LoopbackSlack, app: App) -> None:
        seen: queue.Queue[tuple[str, list[str]]] = queue.Queue()
        app.event("message")(lambda body, request: seen.put((body["event_id"], request.headers["x-slack-retry-num"])))
        early = slack.say("C1", "U1", "too early")
        with connected(slack, app):
            early.wait_ack()
            first = seen.get(timeout=WAIT)
            slack.repeat(early).wait_ack()
            second = seen.get(timeout=WAIT)
        event_id = early.payload["event_id"]
        assert (first, second) == ((event_id, ["0"]), (event_id, ["1"]))

    def test_after_a_disconnect_the_app_comes_back_and_loses_nothing(self, slack: LoopbackSlack, app: App) -> None:
        texts: queue.Queue[str] = queue.Queue()
        app.event("message")(lambda event: texts.put(event["text"]))
        with connected(slack, app):
            slack.disconnect("refresh_requested")
            slack.say("C1", "U1", "meanwhile").wait_ack(10)
            assert len(slack.calls_of("apps.connections.open")) == 2
            assert texts.get(timeout=WAIT) == "meanwhile"

    def test_after_a_broken_connection_the_app_comes_back_too(self, slack: LoopbackSlack, app: App) -> None:
        app.event("message")(lambda: None)
        with connected(slack, app):
            slack.hang_up()
            slack.say("C1", "U1", "meanwhile").wait_ack(10)

    def test_clicks_do_not_reach_an_app_that_is_away(self, slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.demo.slack_reach.REACH_SECONDS", REACH_SECONDS / 100)
        with pytest.raises(AppUnreachable):
            slack.command("U1", "C1", "/privacy")

    def test_the_server_can_go_away_and_return_on_the_same_port(self, slack: LoopbackSlack, client: WebClient) -> None:
        slack.stop()
        with pytest.raises(urllib.error.URLError):
            client.auth_test()
        slack.start()
        assert client.auth_test()["user_id"] == BOT_USER


class TestSigning:
    SECRET = "of-the-loopback-app"
    EVENT: ClassVar[Json] = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "text": "über"}}

    def test_a_signed_request_is_what_bolt_verifies(self, client: WebClient) -> None:
        app = App(client=client, signing_secret=self.SECRET)
        app.event("message")(lambda: None)
        verifier = SignatureVerifier(self.SECRET)
        request = signed_request("http://127.0.0.1:9/slack/events", self.EVENT, self.SECRET, int(verifier.clock.now()))
        assert self._status(app, request) == 200
        assert self._status(app, signed_request(request.full_url, self.EVENT, "another", int(verifier.clock.now()))) == 401
        assert self._status(app, signed_request(request.full_url, self.EVENT, self.SECRET, int(START) - 400_000_000)) == 401

    def _status(self, app: App, request: urllib.request.Request) -> int:
        raw = request.data
        assert isinstance(raw, bytes)
        headers: dict[str, str | Sequence[str]] = {name.lower(): value for name, value in request.header_items()}
        return app.dispatch(BoltRequest(body=raw.decode(), headers=headers)).status
