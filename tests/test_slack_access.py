"""Who may act at the desk: its members, as Slack knows them now."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.slack.access import CLOSE, VIEW, Access
from bot.slack.connection import web_client
from bot.slack_config import CircleConfig

ANN, BEN, EVE, DESK, LEGAL = "U0ANN", "U0BEN", "U0EVE", "C0DESK", "S0LEGAL"


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_user(ANN, "ann", "ann@example.test")
        server.add_user(EVE, "eve", "eve@example.test")
        server.add_channel(DESK, "privacy-desk", [ANN])
        server.add_group(LEGAL, [BEN])
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


class TestWhoIsNamed:
    def test_may_instead_of_the_channels_members(self, client: WebClient) -> None:
        access = Access(DESK, Watch(), CircleConfig(users=(EVE,), groups=(LEGAL,)))
        assert [access.may(client, user) for user in (ANN, BEN, EVE)] == [False, True, True]

    def test_by_id_alone_slack_is_not_asked(self, slack: LoopbackSlack, client: WebClient) -> None:
        access = Access(DESK, Watch(), CircleConfig(users=(EVE,)))
        assert access.may(client, EVE) and not access.may(client, ANN)
        assert slack.calls == []

    def test_a_group_that_slack_does_not_know_lets_nobody_in_but_those_with_a_name(self, client: WebClient) -> None:
        access = Access(DESK, Watch(), CircleConfig(users=(EVE,), groups=("S0GONE",)))
        assert [access.may(client, user) for user in (BEN, EVE)] == [False, True]

    def test_whoever_joins_a_group_is_let_in_at_once(self, slack: LoopbackSlack, client: WebClient) -> None:
        access = Access(DESK, Watch(), CircleConfig(groups=(LEGAL,)))
        assert not access.may(client, EVE)
        slack.add_group(LEGAL, [BEN, EVE])
        assert access.may(client, EVE)

    def test_may_do_what_others_at_the_desk_may_not(self, slack: LoopbackSlack, client: WebClient) -> None:
        slack.add_channel(DESK, "privacy-desk", [ANN, BEN])
        access = Access(DESK, Watch(), only={CLOSE: CircleConfig(users=(ANN,)), VIEW: CircleConfig(groups=(LEGAL,))})
        assert [access.may(client, user) for user in (ANN, BEN, EVE)] == [True, True, False]
        assert [access.may(client, user, CLOSE) for user in (ANN, BEN, EVE)] == [True, False, False]
        assert [access.may(client, user, VIEW) for user in (ANN, BEN, EVE)] == [False, True, False]

    def test_alone_is_not_at_the_desk(self, client: WebClient) -> None:
        access = Access(DESK, Watch(), only={CLOSE: CircleConfig(users=(EVE,))})
        assert not access.may(client, EVE, CLOSE)

    def test_whoever_may_not_hears_why(self) -> None:
        access = Access(DESK, Watch(), only={CLOSE: CircleConfig(users=(EVE,))})
        assert "close a ticket" in access.refusal(CLOSE) and "slack.only" in access.refusal(CLOSE)
        assert access.refusal(VIEW) == access.refusal() == access.no
