"""Who may act at the desk: its members, as Slack knows them now."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.slack.access import Access
from bot.slack.connection import web_client

ANN, EVE, DESK = "U0ANN", "U0EVE", "C0DESK"


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_user(ANN, "ann", "ann@example.test")
        server.add_user(EVE, "eve", "eve@example.test")
        server.add_channel(DESK, "privacy-desk", [ANN])
        yield server


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return web_client(slack.api_url, BOT_TOKEN)


class Watch:
    """A monotonic clock, moved by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_members_only(client: WebClient) -> None:
    access = Access(DESK, Watch())
    assert access.may(client, ANN)
    assert not access.may(client, EVE)
    assert not access.may(client, "")


def test_slack_is_asked_once_a_minute_for_those_who_may(slack: LoopbackSlack, client: WebClient) -> None:
    watch = Watch()
    access = Access(DESK, watch)
    assert all(access.may(client, ANN) for _ in range(5))
    assert len(slack.calls_of("conversations.members")) == 1
    watch.seconds = 61.0
    assert access.may(client, ANN)
    assert len(slack.calls_of("conversations.members")) == 2


def test_whoever_just_joined_is_let_in_at_once(slack: LoopbackSlack, client: WebClient) -> None:
    access = Access(DESK, Watch())
    assert access.may(client, ANN) and not access.may(client, EVE)
    slack._state.channel(DESK).members.append(EVE)
    assert access.may(client, EVE)


def test_whoever_left_is_let_out_within_a_minute(slack: LoopbackSlack, client: WebClient) -> None:
    watch = Watch()
    access = Access(DESK, watch)
    assert access.may(client, ANN)
    slack._state.channel(DESK).members.remove(ANN)
    watch.seconds = 61.0
    assert not access.may(client, ANN)


@pytest.mark.parametrize("trouble", [{"drop": True}, {"status": 500}, {"status": 429}, {"error": "channel_not_found"}])
def test_when_slack_does_not_say_nobody_may_until_it_does(slack: LoopbackSlack, client: WebClient, trouble: dict[str, object]) -> None:
    watch = Watch()
    access = Access(DESK, watch)
    assert access.may(client, ANN)
    watch.seconds = 61.0
    slack.fail_next("conversations.members", **trouble)  # type: ignore[arg-type]
    assert not access.may(client, ANN)
    assert access.may(client, ANN)


def test_many_members_come_in_pages(slack: LoopbackSlack, client: WebClient) -> None:
    slack._state.channel(DESK).members.extend(f"U{number}" for number in range(1200))
    assert Access(DESK, Watch()).may(client, "U1199")
