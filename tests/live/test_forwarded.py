"""A colleague's forward on the running bot: right requester, right date, silence, and the letter once a person has pressed the button."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Ticket
from tests.builders import MONDAY, Clock, mail
from tests.live.dovecot import Dovecot, wait_until
from tests.live.test_whole_life import cards, first_card, slack_of
from tests.live.world import ANN, DESK, EVE, World, world
from tests.test_confirming import ANN as COLLEAGUE
from tests.test_confirming import GERMAN


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        yield everything


def test_a_colleagues_forward_waits_for_a_person(live: World) -> None:
    slack = slack_of(live)
    with live.running(Clock(MONDAY.replace(year=2027))) as (app, _):
        slack.wait_connected(20)
        raw = mail(GERMAN.replace("2026", datetime.now(UTC).strftime("%Y")), sender=COLLEAGUE, subject="WG: Löschung")
        live.dovecot.deliver(raw, "ann@example.test")
        card = first_card(slack)
        assert "forwarded by a colleague" in json.dumps(card)
        assert "ann@example.test" not in json.dumps(card)
        wait_until(lambda: app.figures()["outbox_waiting"] == 0)
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
        live.dovecot.deliver(mail(GERMAN, sender=COLLEAGUE, subject="WG: Löschung", number=2), "ann@example.test")
        card = first_card(slack)
        slack.press(ANN, DESK, card["ts"], "confirm_sender").wait_ack()
        live.smtp.wait_for(lambda: live.smtp.to("jo@home.example"), 20)
        assert app.read(lambda session: session.scalars(select(Ticket.language)).one()) == "de"
