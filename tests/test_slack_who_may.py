"""Who may do what, pressed on the loopback Slack: a private no for all others, and nothing done."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import sqlite_url
from tests.slack_desk import ANN, BEN, DESK, EVE, SOON, SlackDesk, slack_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    only = {"view": {"users": [ANN]}, "close": {"groups": ["S0LEGAL"]}}
    with slack_desk(sqlite_url(tmp_path), only=only) as desk:
        desk.slack.add_group("S0LEGAL", [BEN])
        yield desk


def test_reading_is_for_those_who_are_named(desk: SlackDesk) -> None:
    reference = desk.ticket()
    desk.press(BEN, reference, "view").wait_ack()
    assert "slack.only" in desk.told(BEN, "read the mail itself")
    desk.press(ANN, reference, "view").wait_ack()
    assert "Article 17" in json.dumps(desk.view_of(ANN))
    assert desk.count(reference, "viewed") == 1


def test_closing_is_for_the_group(desk: SlackDesk) -> None:
    reference = desk.ticket()
    desk.press(ANN, reference, "close").wait_ack()
    assert desk.told(ANN, "close a ticket")
    desk.press(BEN, reference, "close").wait_ack()
    desk.slack.submit(BEN, desk.view_of(BEN), {"outcome": "fulfilled", "send": ["send"]}).wait_ack()
    assert desk.count(reference, "closed") == 1


def test_whoever_lost_the_right_while_the_form_was_open_is_told_at_the_field(desk: SlackDesk) -> None:
    reference = desk.ticket()
    desk.press(BEN, reference, "close").wait_ack()
    form = desk.view_of(BEN)
    desk.slack.add_group("S0LEGAL", [])
    desk.seconds += 61.0
    answer = desk.slack.submit(BEN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack()
    assert "close a ticket" in json.dumps(answer["errors"])
    assert desk.count(reference, "closed") == 0


def test_all_else_is_for_the_whole_desk(desk: SlackDesk) -> None:
    reference = desk.ticket()
    desk.press(BEN, reference, "claim").wait_ack()
    desk.slack.wait_for(lambda: desk.handler(reference) == BEN, SOON)


def test_named_people_act_instead_of_the_channels_members(tmp_path: Path) -> None:
    with slack_desk(sqlite_url(tmp_path), who_may={"users": [EVE]}) as desk:
        reference = desk.ticket()
        desk.press(ANN, reference, "claim").wait_ack()
        assert desk.told(ANN, "members of the privacy desk")
        desk.slack.press(EVE, DESK, desk.card(reference)["ts"], "claim").wait_ack()
        desk.slack.wait_for(lambda: desk.handler(reference) == EVE, SOON)
