"""The running bot when things go wrong around it: servers that go away, a kill, a stop."""

import json
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Notice, Ticket
from tests.builders import mail
from tests.live.dovecot import Dovecot, wait_until
from tests.live.test_whole_life import cards, folder_sizes, slack_of
from tests.live.world import ANN, DESK, World, world

ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        yield everything


@pytest.fixture
def mail_only(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot, slack=False) as everything:
        yield everything


def letter_from(number: int) -> bytes:
    return mail(ERASE, sender=f"p{number}@people.example", number=number)


def ended(process: "subprocess.Popen[str]") -> str:
    """Stop it as an init system would; what it said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    return said


def test_run_stops_cleanly_and_says_that_it_is_mail_only(mail_only: World) -> None:
    process = mail_only.spawn()
    mail_only.dovecot.deliver(letter_from(1))
    mail_only.smtp.wait_for(lambda: mail_only.smtp.to("p1@people.example"), 30)
    said = ended(process)
    assert "mail-only" in said
    assert "Traceback" not in said and "people.example" not in said and "delete all" not in said


def test_killed_in_the_middle_nothing_is_lost_and_nothing_doubled(mail_only: World) -> None:
    for number in range(10, 40):
        mail_only.dovecot.deliver(letter_from(number))
    for wanted in (1, 8, 16):
        process = mail_only.spawn()
        mail_only.smtp.wait_for(partial(_has_letters, mail_only, wanted), 30)
        process.kill()
        process.communicate()
    with mail_only.running() as (app, _):
        wait_until(lambda: app.figures()["tickets_open"] == 30 and folder_sizes(mail_only)["INBOX"] == 0)
        # what was claimed when the bot was killed is sent again only when its lease is over; all else is there now
        wait_until(lambda: app.figures()["outbox_waiting"] == _claimed(app))
    ids = [str(letter["Message-ID"]) for letter in mail_only.smtp.letters]
    assert len(set(ids)) == len(ids)
    assert len(ids) + 3 >= 30


def _has_letters(live: World, wanted: int) -> bool:
    return len(live.smtp.letters) >= wanted


def _claimed(app: Any) -> int:
    return len(app.read(lambda session: session.scalars(select(Notice.id).where(Notice.state == "claimed")).all()))


def test_a_mail_server_that_goes_away_is_waited_for(live: World, caplog: pytest.LogCaptureFixture) -> None:
    with live.running() as (app, _):
        live.dovecot.deliver(letter_from(50))
        live.smtp.wait_for(lambda: live.smtp.to("p50@people.example"))
        live.dovecot.stop()
        wait_until(lambda: "retrying until it works" in caplog.text)
        live.dovecot.start()
        live.dovecot.deliver(letter_from(51))
        live.smtp.wait_for(lambda: live.smtp.to("p51@people.example"), 40)
        assert app.figures()["tickets_open"] == 2
    assert caplog.text.count("retrying until it works") == 1


def test_letters_wait_for_an_smtp_server_that_is_out(live: World, caplog: pytest.LogCaptureFixture) -> None:
    live.smtp.answer = "451 try later"
    with live.running() as (app, _):
        live.dovecot.deliver(letter_from(60))
        slack_of(live).wait_for(lambda: cards(slack_of(live)), 20)
        wait_until(lambda: "mail does not take notices" in caplog.text)
        live.smtp.answer = "250 OK"
        live.smtp.wait_for(lambda: live.smtp.to("p60@people.example"), 40)
        assert app.figures()["outbox_failed"] == 0
    assert len(live.smtp.to("p60@people.example")) == 1


def test_a_letter_refused_for_good_is_shown_on_the_card(live: World) -> None:
    live.smtp.answer = "554 no such reader"
    slack = slack_of(live)
    with live.running():
        live.dovecot.deliver(letter_from(70))
        card = slack.wait_for(lambda: cards(slack), 20)[0]
        slack.wait_for(lambda: "could not be delivered" in json.dumps(slack.message(DESK, card["ts"])), 20)


def test_slack_that_limits_and_hangs_up_gets_its_cards_in_the_end(live: World) -> None:
    slack = slack_of(live)
    slack.fail_next("chat.postMessage", error="ratelimited", status=429, headers={"Retry-After": "1"}, times=3)
    with live.running():
        slack.wait_connected(20)
        live.dovecot.deliver(letter_from(80))
        card = slack.wait_for(lambda: cards(slack), 30)[0]
        slack.disconnect()
        slack.wait_for(lambda: slack.connections >= 1, 20)
        slack.press(ANN, DESK, card["ts"], "claim").wait_ack()
        slack.wait_for(lambda: f"<@{ANN}>" in json.dumps(slack.message(DESK, card["ts"])), 20)
    assert len(cards(slack)) == 1


def test_an_answer_of_slack_that_is_lost_does_not_double_the_card(live: World) -> None:
    slack = slack_of(live)
    slack.fail_next("chat.postMessage", drop=True, after_effect=True)
    with live.running() as (app, _):
        live.dovecot.deliver(letter_from(90))
        slack.wait_for(lambda: cards(slack), 20)
        wait_until(lambda: app.figures()["outbox_waiting"] == 0, 60)
    assert len(cards(slack)) == 1


def test_another_client_reading_and_moving_mail_loses_nothing(live: World) -> None:
    with live.running() as (app, _):
        for number in range(100, 110):
            live.dovecot.deliver(letter_from(number))
        wait_until(lambda: app.figures()["tickets_open"] == 10)
    references = app.read(lambda session: session.scalars(select(Ticket.reference)).all())
    assert len(set(references)) == 10
