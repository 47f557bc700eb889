"""Five hundred at once: each is acknowledged in time and done once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import Event, Ticket
from tests.builders import sqlite_url
from tests.slack_desk import ANN, BEN, DESK, EVE, INTAKE, SlackDesk, slack_desk

MANY = 500


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    with slack_desk(sqlite_url(tmp_path)) as desk:
        yield desk


@pytest.fixture
def any_desk(database: str) -> Iterator[SlackDesk]:
    with slack_desk(database) as desk:
        yield desk


@pytest.mark.timeout(180)
def test_of_buttons(any_desk: SlackDesk) -> None:
    desk, references = any_desk, [any_desk.ticket(number) for number in range(10)]
    stamps = [desk.card(reference)["ts"] for reference in references]
    presses = [desk.slack.press((ANN, BEN)[number % 2], DESK, stamps[number % 10], "close") for number in range(MANY)]
    for press in presses:
        press.wait_ack()
    looks = select(func.count()).select_from(Event).where(Event.kind == "viewed")
    desk.slack.wait_for(lambda: desk.app.read(lambda s: s.scalar(looks)) >= MANY, 100)
    assert [desk.count(reference, "viewed") for reference in references] == [MANY // 10] * 10


@pytest.mark.timeout(180)
def test_of_posts(desk: SlackDesk) -> None:
    posts = [desk.slack.say(INTAKE, EVE, f"Please erase all data of p{number}@caller.example, article 17 GDPR.") for number in range(MANY)]
    for post in posts:
        post.wait_ack()
    tickets = select(func.count()).select_from(Ticket)
    desk.slack.wait_for(lambda: desk.app.read(lambda s: s.scalar(tickets)) >= MANY, 150)
    assert desk.app.figures()["tickets_open"] == desk.app.figures()["messages_received"] == MANY
