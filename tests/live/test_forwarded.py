"""A colleague's forward on the running bot: right requester, right date, silence, and the letter once a person has pressed the button."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from babel.dates import format_datetime
from sqlalchemy import select

from bot.app import App, now
from models import Ticket
from tests.builders import mail
from tests.live.dovecot import Dovecot, wait_until
from tests.live.test_whole_life import OFFICE, cards, first_card, slack_of
from tests.live.world import ANN, DESK, EVE, World, world
from tests.test_confirming import ANN as COLLEAGUE
from tests.test_confirming import GERMAN


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        yield everything


def forward_of(moment: datetime, number: int = 1) -> bytes:
    """As Outlook in German shows it, in the office's time."""
    shown = format_datetime(moment.astimezone(OFFICE), "EEEE, d. MMMM y HH:mm", locale="de")
    return mail(GERMAN.replace("Freitag, 20. November 2026 09:00", shown), sender=COLLEAGUE, subject="WG: Löschung", number=number)


def the_ticket(app: App) -> Ticket:
    ticket: Ticket = app.read(lambda session: session.scalars(select(Ticket)).one())
    return ticket


def test_a_colleagues_forward_waits_for_a_person(live: World) -> None:
    slack, last_week = slack_of(live), now().replace(second=0, microsecond=0) - timedelta(days=7)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(forward_of(last_week), "ann@example.test")
        card = first_card(slack)
        assert "forwarded by a colleague" in json.dumps(card)
        assert "ann@example.test" not in json.dumps(card)
        wait_until(lambda: app.figures()["outbox_waiting"] == 0)
        assert (the_ticket(app).requester, the_ticket(app).received_at) == ("jo@home.example", last_week)
        assert live.smtp.letters == []

        slack.press(EVE, DESK, card["ts"], "confirm_sender").wait_ack()
        slack.press(ANN, DESK, card["ts"], "correct_sender").wait_ack()
        view = slack.wait_for(lambda: slack.views_of(ANN), 20)[0]
        assert slack.submit(ANN, view, {"address": "nobody"}).wait_ack()["response_action"] == "errors"
        slack.submit(ANN, view, {"address": "kim@else.example"}).wait_ack()

        [letter] = live.smtp.wait_for(lambda: live.smtp.to("kim@else.example"), 20)
        assert letter["Content-Language"] == "de"
        slack.wait_for(lambda: "confirm_sender" not in json.dumps(cards(slack)[0]), 20)
        slack.command(ANN, DESK, "/privacy", "agents").wait_ack()
        slack.wait_for(lambda: any("0 agents" in one["text"] for one in slack.ephemerals), 20)
    assert len(live.smtp.letters) == 1


def test_confirmed_as_it_is_it_answers_the_person_in_the_forward(live: World) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(forward_of(now() - timedelta(days=7), 2), "ann@example.test")
        card = first_card(slack)
        slack.press(ANN, DESK, card["ts"], "confirm_sender").wait_ack()
        live.smtp.wait_for(lambda: live.smtp.to("jo@home.example"), 20)
        assert the_ticket(app).language == "de"
