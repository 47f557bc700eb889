"""Somebody wants no more advertising, on the running bot: the newsletter tool knows, one line goes out, the card is closed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.builders import mail
from tests.live.dovecot import Dovecot, wait_until
from tests.live.test_whole_life import first_card, slack_of
from tests.live.world import ANN, DESK, World, world
from tests.webhook_receiver import SECRET, Receiver

STOP = "Hello, please unsubscribe me from your newsletter. I do not want any more advertising e-mails from you."
BOTH = "Please unsubscribe me from your newsletter. Please also send me a copy of all personal data you hold about me (Article 15 GDPR)."


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path, dovecot) as one:
        data = yaml.safe_load(one.config_file.read_text("utf-8"))
        hooks = {"suppression": {"webhook": {"url": receiver.url}}, "webhooks": [{"name": "crm", "url": receiver.url}]}
        one.config_file.write_text(yaml.safe_dump(data | hooks), "utf-8")
        secrets = {**one.environment, "PRIVACYBOT_WEBHOOK_SECRET": SECRET}
        monkeypatch.setattr(World, "environment", property(lambda _: secrets))
        yield one


def test_a_mail_that_only_unsubscribes_is_done_without_a_person(live: World, receiver: Receiver) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(mail(STOP, sender="Uma <uma@moor.example>", subject="Newsletter", number=701), "uma@moor.example")
        [letter] = live.smtp.wait_for(lambda: live.smtp.to("uma@moor.example"))
        body = letter.get_body(("plain",))
        assert body is not None and "no more advertising" in body.get_content()
        assert letter["In-Reply-To"] == "<m701@home.example>"
        wait_until(lambda: "closed" in receiver.types())
        assert [event["address"] for event in receiver.events if event["type"] == "suppressed"] == ["uma@moor.example"]
        assert [kind for kind in receiver.types() if kind != "suppressed"] == ["opened", "closed"]
        card = first_card(slack)
        slack.wait_for(lambda: "✅" in json.dumps(slack.message(DESK, card["ts"]), ensure_ascii=False), 20)
        assert app.tickets("list", ANN, "") == []
    assert len(live.smtp.letters) == 1


def test_another_right_keeps_it_open_and_a_colleague_adds_a_channel(live: World, receiver: Receiver) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(mail(BOTH, sender="Ulf <ulf@moor.example>", number=702), "ulf@moor.example")
        live.smtp.wait_for(lambda: live.smtp.to("ulf@moor.example"))
        card = first_card(slack)
        slack.wait_for(lambda: "Fulfilled" in json.dumps(slack.message(DESK, card["ts"])), 20)
        [facts] = app.tickets("list", ANN, "")
        assert {request["intent"]: request["outcome"] for request in facts["requests"]} == {"access": None, "unsubscribe": "fulfilled"}
        slack.select(ANN, DESK, card["ts"], "more", f"suppress:{facts['reference']}").wait_ack()
        [form] = slack.wait_for(lambda: slack.views_of(ANN), 20)
        slack.submit(ANN, form, {"channels": ["phone"]}).wait_ack()
        wait_until(lambda: [event for event in receiver.events if event.get("channel") == "phone"])
    assert len(live.smtp.letters) == 1
