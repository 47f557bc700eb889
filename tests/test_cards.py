"""A card that somebody deleted: posted anew at once, with what comes later below it; what has done its service stays away."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import sqlite_url
from tests.live.dovecot import wait_until
from tests.slack_desk import ANN, BEN, DESK, SOON, SlackDesk, slack_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    with slack_desk(sqlite_url(tmp_path)) as desk:
        yield desk


def deleted(desk: SlackDesk, reference: str) -> None:
    """The card is cleared away, by a person who saw it: the bot knows where it stands, and has heard that it is gone."""
    wait_until(lambda: desk.app.figures()["outbox_waiting"] == 0)
    desk.slack.clear_away(DESK, BEN, desk.card(reference)["ts"]).wait_ack()


def posted(desk: SlackDesk) -> int:
    """How many messages the bot has posted to the desk so far, threads included."""
    return len([call for call in desk.slack.calls_of("chat.postMessage") if call.arguments["channel"] == DESK and not call.error])


def closed(desk: SlackDesk, reference: str) -> None:
    [request] = desk.app.look(reference, ANN)["open"]
    desk.app.act("close", reference, ANN, outcomes={request["id"]: "fulfilled"}, reasons="", letter=False)
    desk.slack.wait_for(lambda: "✅" in json.dumps(desk.card(reference), ensure_ascii=False), SOON)


def test_a_deleted_card_is_posted_anew_and_notes_follow_it(desk: SlackDesk) -> None:
    reference = desk.ticket()
    old = desk.card(reference)["ts"]
    deleted(desk, reference)
    new = desk.slack.wait_for(lambda: desk.card(reference), SOON)["ts"]
    assert new != old
    desk.slack.press(ANN, DESK, new, "claim").wait_ack()
    desk.slack.wait_for(lambda: len(desk.slack.thread(DESK, new)) == 2, SOON)
    assert f"<@{ANN}>" in json.dumps(desk.card(reference)) and desk.card(reference)["ts"] == new


def test_a_card_with_a_thread_is_posted_anew_too(desk: SlackDesk) -> None:
    reference = desk.ticket()
    old = desk.card(reference)["ts"]
    desk.press(ANN, reference, "claim").wait_ack()
    desk.slack.wait_for(lambda: len(desk.slack.thread(DESK, old)) == 2, SOON)
    deleted(desk, reference)
    assert desk.slack.wait_for(lambda: desk.card(reference), SOON)["ts"] != old


def test_told_twice_it_is_posted_once(desk: SlackDesk) -> None:
    reference = desk.ticket()
    wait_until(lambda: desk.app.figures()["outbox_waiting"] == 0)
    gone = desk.slack.clear_away(DESK, BEN, desk.card(reference)["ts"])
    desk.slack.wait_for(lambda: desk.card(reference), SOON)
    desk.slack.repeat(gone).wait_ack()
    other = desk.ticket(2)
    desk.slack.wait_for(lambda: desk.card(other), SOON)
    assert posted(desk) == 3
    assert desk.count(reference, "card_posted_anew") == 1


def test_a_robot_that_clears_the_channel_is_not_fought(desk: SlackDesk) -> None:
    reference = desk.ticket()
    for _ in range(3):
        deleted(desk, reference)
        desk.slack.wait_for(lambda: desk.card(reference), SOON)
    deleted(desk, reference)
    desk.ticket(2)
    assert desk.card(reference) == {}
    assert posted(desk) == 5


@pytest.mark.parametrize(("days", "comes_back"), [(1, True), (8, False)])
def test_of_a_closed_ticket_only_when_it_was_closed_lately(desk: SlackDesk, days: int, comes_back: bool) -> None:
    reference = desk.ticket()
    closed(desk, reference)
    desk.clock.at += timedelta(days=days)
    deleted(desk, reference)
    desk.ticket(2)
    if comes_back:
        desk.slack.wait_for(lambda: desk.card(reference), SOON)
    assert desk.count(reference, "card_posted_anew") == comes_back


def test_other_messages_may_be_deleted(desk: SlackDesk) -> None:
    post = desk.slack.say(DESK, ANN, "Lunch?")
    desk.slack.clear_away(DESK, ANN, post.ts).wait_ack()
    desk.ticket()
    assert posted(desk) == 1
