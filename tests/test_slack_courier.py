"""Slack's courier on a real Web API: what stands in the channel afterwards, and what waits when Slack won't."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.outbox import Outbox, Parcel, TryAgain, Undeliverable
from bot.queueing import queue
from bot.slack.connection import web_client
from bot.slack.courier import EVENT_TYPE, SlackCourier
from intents.catalog import Intent
from models import Carrier, Notice
from tests.builders import Bench
from tests.filing import opened
from tests.outboxes import states

ANN, DESK = "U0ANN", "C0DESK"


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_user(ANN, "ann", "ann@example.test")
        server.add_channel(DESK, "privacy-desk", [ANN])
        yield server


@pytest.fixture
def courier(slack: LoopbackSlack) -> SlackCourier:
    return to(slack.api_url)


def to(api_url: str) -> SlackCourier:
    return SlackCourier(web_client(api_url, BOT_TOKEN), ZoneInfo("Europe/Berlin"))


def line(key: str = "line:1", *, channel: str = DESK, anchor: str | None = None, **payload: Any) -> Parcel:
    return Parcel(1, key, "line", {"channel": channel, "text": "Look here", **payload}, datetime.now(UTC), anchor, 1)


@pytest.fixture
def card(bench: Bench) -> Parcel:
    """A ticket's card as the outbox hands it over."""
    opened(bench, Intent.ERASURE)
    bench.app.deliver()
    [parcel] = bench.slack.of_kind("card")
    return again(parcel, created_at=datetime.now(UTC))


def again(parcel: Parcel, **changes: Any) -> Parcel:
    fields = ("id", "key", "kind", "payload", "created_at", "anchor", "attempts")
    return Parcel(**{name: getattr(parcel, name) for name in fields} | changes)


class TestPosting:
    def test_a_line_for_a_colleague_about_another(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        receipt = courier.send(line(mention=ANN, by="slack:U0BEN"))
        [message] = slack.messages(DESK)
        assert receipt == f"{DESK}:{message['ts']}"
        assert message["text"] == f"<@{ANN}> Look here By <@U0BEN>."

    def test_a_quote_fires_nothing(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        courier.send(line(by="slack:U0BEN", quote="He said <!channel>\n& left"))
        assert slack.messages(DESK)[0]["text"] == "Look here By <@U0BEN>.\n> He said &lt;!channel&gt;\n> &amp; left"

    def test_a_card_is_edited_in_place(self, slack: LoopbackSlack, courier: SlackCourier, card: Parcel) -> None:
        receipt = courier.send(card)
        facts = {**card.payload["card"], "handler": ANN}
        assert courier.send(again(card, anchor=receipt, payload={**card.payload, "card": facts})) == receipt
        [message] = slack.messages(DESK)
        assert f"<@{ANN}>" in str(message["blocks"])

    def test_a_card_that_somebody_deleted_is_posted_anew(self, slack: LoopbackSlack, courier: SlackCourier, card: Parcel) -> None:
        receipt = courier.send(card)
        web_client(slack.api_url, BOT_TOKEN).chat_delete(channel=DESK, ts=receipt.partition(":")[2])
        assert slack.messages(DESK) == []
        anew = courier.send(again(card, anchor=receipt))
        assert anew != receipt
        assert [f"{DESK}:{message['ts']}" for message in slack.messages(DESK)] == [anew]

    def test_a_note_stands_below_its_card(self, slack: LoopbackSlack, courier: SlackCourier, card: Parcel) -> None:
        receipt = courier.send(card)
        courier.send(line("note:1", anchor=receipt))
        thread = slack.thread(DESK, receipt.partition(":")[2])
        assert [message["text"] for message in thread[1:]] == ["Look here"]

    def test_a_person_is_written_to_directly(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        receipt = courier.send(line(channel=ANN))
        direct = slack.direct_channel(ANN)
        assert receipt.startswith(f"{direct}:")
        assert [message["text"] for message in slack.messages(direct)] == ["Look here"]


class TestFinding:
    def test_by_its_key_in_the_channel_in_a_thread_and_in_direct_messages(self, courier: SlackCourier, card: Parcel) -> None:
        receipt = courier.send(card)
        parcels = [line("desk"), line("thread", anchor=receipt), line("direct", channel=ANN)]
        receipts = [courier.send(parcel) for parcel in parcels]
        assert [courier.find(parcel) for parcel in parcels] == receipts
        assert courier.find(card) == receipt

    def test_not_what_was_never_sent_and_no_others(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        courier.send(line("another"))
        slack.say(DESK, ANN, "line:1")
        assert courier.find(line("line:1")) is None
        assert courier.find(line("line:1", channel=ANN)) is None

    def test_not_what_somebody_elses_app_marked(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        metadata = {"event_type": EVENT_TYPE + "_of_others", "event_payload": {"key": "line:1"}}
        web_client(slack.api_url, BOT_TOKEN).chat_postMessage(channel=DESK, text="x", metadata=metadata)
        assert courier.find(line("line:1")) is None

    def test_below_a_card_that_is_gone_there_is_nothing(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        assert courier.find(line("note:1", anchor=f"{DESK}:1790000000.000100")) is None

    def test_with_a_colleague_who_is_gone_there_is_nothing(self, courier: SlackCourier) -> None:
        assert courier.find(line("line:1", channel="U0GONE")) is None

    @pytest.mark.parametrize("trouble", [{"drop": True}, {"status": 503}, {"error": "token_revoked"}])
    def test_slack_that_does_not_say_is_asked_again(self, slack: LoopbackSlack, courier: SlackCourier, trouble: dict[str, Any]) -> None:
        courier.send(line())
        slack.fail_next("conversations.history", **trouble)
        with pytest.raises(TryAgain) as later:
            courier.find(line())
        assert later.value.down
        assert courier.find(line()) is not None


class TestTrouble:
    def test_a_limit_is_obeyed_as_long_as_slack_says(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        for method, call in (("chat.postMessage", courier.send), ("conversations.history", courier.find)):
            slack.fail_next(method, status=429, headers={"Retry-After": "7"})
            with pytest.raises(TryAgain) as later:
                call(line())
            assert (later.value.code, later.value.after, later.value.down) == ("ratelimited", timedelta(seconds=7), True)
            assert len(slack.calls_of(method)) == 1

    @pytest.mark.parametrize("header", ["", "soon", "-1", "1.5", "99999999999999999999", "99999"])
    def test_a_limit_without_a_sensible_time_is_obeyed_too(self, slack: LoopbackSlack, courier: SlackCourier, header: str) -> None:
        slack.fail_next("chat.postMessage", status=429, headers={"Retry-After": header})
        with pytest.raises(TryAgain) as later:
            courier.send(line())
        assert later.value.after is not None and timedelta(0) < later.value.after <= timedelta(hours=1)

    @pytest.mark.parametrize("trouble", [{"drop": True}, {"status": 500}, {"error": "token_revoked"}, {"error": "invalid_auth"}])
    def test_slack_being_out_is_told_apart_from_one_notice(
        self, slack: LoopbackSlack, courier: SlackCourier, trouble: dict[str, Any]
    ) -> None:
        slack.fail_next("chat.postMessage", **trouble)
        with pytest.raises(TryAgain) as later:
            courier.send(line())
        assert later.value.down
        assert courier.send(line())

    @pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived", "an_error_of_tomorrow"])
    def test_a_channel_to_be_set_right_keeps_back_no_other(
        self, slack: LoopbackSlack, courier: SlackCourier, code: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        slack.fail_next("chat.postMessage", error=code, times=2)
        for _ in range(2):
            with pytest.raises(TryAgain) as later:
                courier.send(line())
            assert not later.value.down
        assert courier.send(line())
        told = [record.message for record in caplog.records if record.name.startswith("privacybot")]
        assert told == [f"Slack channel {DESK} takes no notices (slack {code}); retrying until it does, nothing is lost"]

    def test_what_slack_will_never_take_is_given_up(self, slack: LoopbackSlack, courier: SlackCourier) -> None:
        with pytest.raises(Undeliverable, match="slack msg_too_long"):
            courier.send(line(text="x" * 50_000))
        with pytest.raises(Undeliverable, match="slack user_not_found"):
            courier.send(line(channel="U0GONE"))

    @pytest.mark.parametrize(
        "answer", ["", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "HTTP/1.1 502 Bad\r\n\r\n<html>", "nonsense\r\n"]
    )
    def test_answers_that_are_none(self, answer: str) -> None:
        with one_answer(answer) as address, pytest.raises(TryAgain) as later:
            to(address).send(line())
        assert later.value.down


@contextmanager
def one_answer(text: str) -> Iterator[str]:
    """A server that says one thing to whoever connects, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            caller, _ = listener.accept()
            caller.recv(65536)
            caller.sendall(text.encode())
            caller.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/"
        thread.join(5)


class TestOverTheOutbox:
    """Rows that wait, with the real courier and a clock of the test."""

    def test_an_unknown_channel_loses_nothing_and_stops_nobody(self, slack: LoopbackSlack, courier: SlackCourier, bench: Bench) -> None:
        outbox = box(bench, courier)
        put_lines(bench, "first", "second")
        slack.fail_next("chat.postMessage", error="channel_not_found")
        outbox.deliver(bench.clock)
        assert states(bench) == {"first": "queued", "second": "sent"}
        bench.clock.at += timedelta(hours=1)
        outbox.deliver(bench.clock)
        assert states(bench) == {"first": "sent", "second": "sent"}

    def test_a_limited_slack_is_left_alone_until_it_may_be_asked(self, slack: LoopbackSlack, courier: SlackCourier, bench: Bench) -> None:
        outbox = box(bench, courier)
        put_lines(bench, "first", "second")
        slack.fail_next("chat.postMessage", status=429, headers={"Retry-After": "120"})
        outbox.deliver(bench.clock)
        bench.clock.at += timedelta(seconds=119)
        outbox.deliver(bench.clock)
        assert len(slack.calls_of("chat.postMessage")) == 1
        bench.clock.at += timedelta(seconds=2)
        outbox.deliver(bench.clock)
        assert set(states(bench).values()) == {"sent"} and len(slack.messages(DESK)) == 2


def put_lines(bench: Bench, *keys: str) -> None:
    """Lines to the desk channel that wait in the outbox."""
    payload = {"channel": DESK, "text": "Look here"}
    bench.app.read(lambda session: [queue(session, Notice.queue(key, Carrier.SLACK, "line", payload, bench.clock())) for key in keys])


def box(bench: Bench, courier: SlackCourier) -> Outbox:
    return Outbox(bench.app._sessions, {Carrier.SLACK: courier}, "w", lambda *_: None)
