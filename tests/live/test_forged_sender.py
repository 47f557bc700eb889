"""A forged sender on real servers: a ticket with its clock and a warning; one letter, when a colleague has pressed the button."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import mail
from tests.live.dovecot import Dovecot, wait_until
from tests.live.test_whole_life import first_card, slack_of
from tests.live.world import ANN, DESK, World, world

VICTIM = "vic@bank.example"
FAILED = b"Authentication-Results: mx.example.test; dmarc=fail (p=reject) header.from=bank.example\r\n"
FORGED = b"Authentication-Results: mx.example.test; dmarc=pass header.from=bank.example\r\n"


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        everything.write_config(authserv_id="mx.example.test")
        yield everything


def test_gets_one_letter_and_only_when_a_colleague_says_so(live: World) -> None:
    slack = slack_of(live)
    raw = mail("Please delete all personal data you hold about me under Article 17 GDPR.", sender=VICTIM, number=500)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(FAILED + FORGED + raw)
        card = first_card(slack)
        shown = json.dumps(card, ensure_ascii=False)
        assert "sender not authenticated" in shown and "Answer anyway" in shown and "due *" in shown
        wait_until(lambda: app.figures()["outbox_waiting"] == 0, 60)
        assert live.smtp.letters == []

        slack.press(ANN, DESK, card["ts"], "answer_anyway").wait_ack()
        live.smtp.wait_for(lambda: live.smtp.to(VICTIM), 40)
        slack.wait_for(lambda: "not authenticated" not in json.dumps(slack.message(DESK, card["ts"])), 20)
        wait_until(lambda: app.figures()["outbox_waiting"] == 0, 60)
    assert len(live.smtp.letters) == 1
