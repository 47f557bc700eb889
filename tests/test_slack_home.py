"""The home tab on the loopback Slack: lists with buttons that work there, never too long, drawn anew after a press."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.slack_rules import view_problems
from bot.slack.home import home
from tests.builders import sqlite_url
from tests.slack_desk import ANN, BEN, EVE, SOON, Json, SlackDesk, slack_desk
from tests.test_slack_blocks import facts, fires

NAMES = ("overdue", "mine", "due this week", "unassigned", "held")
FIGURES = {"week": "2026-W48", "received": 7, "closed": 3, "open": 4, "overdue": 1, "on_time": "3 of 3"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    with slack_desk(sqlite_url(tmp_path)) as desk:
        yield desk


def opened(desk: SlackDesk, user: str, *words: str) -> Json:
    """The home tab of a person, once it shows these words."""
    desk.slack.open_home(user).wait_ack()
    shown(desk, user, *words)
    found = desk.slack.home_of(user)
    assert found is not None
    return found


def shown(desk: SlackDesk, user: str, *words: str) -> None:
    desk.slack.wait_for(lambda: all(word in json.dumps(desk.slack.home_of(user)) for word in words), SOON)


def whole(count: int, **changes: Any) -> dict[str, Any]:
    tickets = [facts(**changes) for _ in range(8)]
    return {"lists": [{"name": name, "count": count, "tickets": tickets if count else []} for name in NAMES], "digest": FIGURES}


def test_it_stays_below_what_a_view_takes_however_much_there_is() -> None:
    nasty = "<!channel> <https://evil.example|click> *bold*"
    for overview in (whole(5_000, handler=None, warnings=[f"held: {nasty}" * 300], subject=nasty), whole(0), {**whole(9), "digest": None}):
        drawn = home(overview)
        assert view_problems(drawn, "home") == []
        assert len(drawn["blocks"]) < 100
        assert fires(drawn["blocks"]) == []


def test_it_shows_counts_and_the_last_digest() -> None:
    text = json.dumps(home(whole(12)))
    assert "*My tickets* (12)" in text and "and 4 more" in text
    assert "7 received" in text and "1 overdue" in text and "answered on time 3 of 3" in text


def test_claiming_there_moves_the_ticket_to_mine_at_once(desk: SlackDesk) -> None:
    reference = desk.ticket()
    tab = opened(desk, ANN, reference, "*Without a handler* (1)", "*My tickets* (0)")
    desk.slack.press_in_view(ANN, tab, "claim").wait_ack()
    shown(desk, ANN, "*Without a handler* (0)", "*My tickets* (1)")
    assert desk.handler(reference) == ANN


def test_a_button_that_came_too_late_says_why_and_the_tab_is_up_to_date(desk: SlackDesk) -> None:
    reference = desk.ticket()
    tab = opened(desk, ANN, reference)
    desk.app.act("claim", reference, BEN)
    desk.slack.press_in_view(ANN, tab, "claim").wait_ack()
    assert desk.told(ANN, "handed over")
    shown(desk, ANN, "*Without a handler* (0)")


def test_view_and_close_open_their_windows(desk: SlackDesk) -> None:
    tab = opened(desk, ANN, desk.ticket())
    for action in ("view", "close"):
        desk.slack.press_in_view(ANN, tab, action).wait_ack()
        desk.slack.close_view(ANN, desk.view_of(ANN))


def test_strangers_see_that_it_is_not_for_them(desk: SlackDesk) -> None:
    reference = desk.ticket()
    assert reference not in json.dumps(opened(desk, EVE, "members of the privacy desk"))
