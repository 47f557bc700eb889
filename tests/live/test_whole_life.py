"""The whole life of one message, on real servers: mail in, ticket, letter, card, button, closing, digest."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from imapclient import IMAPClient

from bot.app import now
from bot.clerk import ticket_by_reference
from bot.demo.slack_server import LoopbackSlack
from tests.builders import Clock
from tests.live.dovecot import PASSWORD, USER, Dovecot
from tests.live.world import ANN, BEN, DESK, EVE, INTAKE, World, world

OFFICE = ZoneInfo("Europe/Berlin")  # of the configuration that the tests run with

GERMAN = """\
From: Jana Moor <jana@moor.example>\r
To: privacy@example.test\r
Subject: =?utf-8?q?L=C3=B6schung?=\r
Message-ID: <first@moor.example>\r
Date: Mon, 23 Nov 2026 09:00:00 +0100\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Guten Tag,\r
\r
bitte löschen Sie alle personenbezogenen Daten, die Sie über mich gespeichert haben (Art. 17 DSGVO).\r
\r
Mit freundlichen Grüßen\r
Jana Moor\r
""".encode()


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        yield everything


def slack_of(live: World) -> LoopbackSlack:
    assert live.slack is not None
    return live.slack


def cards(slack: LoopbackSlack) -> list[dict[str, Any]]:
    return [message for message in slack.messages(DESK) if message.get("blocks") and "thread_ts" not in message]


def first_card(slack: LoopbackSlack) -> dict[str, Any]:
    found: list[dict[str, Any]] = slack.wait_for(lambda: cards(slack), 20)
    return found[0]


def folder_sizes(live: World) -> dict[str, int]:
    client = IMAPClient("127.0.0.1", live.dovecot.imap_port, ssl=False, timeout=10)
    client.login(USER, PASSWORD)
    names = [name for flags, _, name in client.list_folders() if b"\\Noselect" not in flags]
    sizes = {name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in names}
    client.logout()
    return sizes


def test_one_mail_lives_its_whole_life(live: World) -> None:
    slack, clock = slack_of(live), Clock(now())
    filed_before = folder_sizes(live).get("Privacy/Filed", 0)
    with live.running(clock) as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(GERMAN, "jana@moor.example")

        [letter] = live.smtp.wait_for(lambda: live.smtp.to("jana@moor.example"))
        assert letter["In-Reply-To"] == "<first@moor.example>"
        assert letter["Content-Language"] == "de"
        assert letter["Auto-Submitted"] == "auto-replied"
        assert live.smtp.senders in (["<>"], [""])
        body = letter.get_body(("plain",))
        assert body is not None and "PRV-" in body.get_content()
        assert "Jana" not in letter.as_string() and "gespeichert haben" not in body.get_content()

        card = first_card(slack)
        reference = next(word for word in card["blocks"][0]["text"]["text"].split() if word.startswith("PRV-"))
        assert f"[{reference}]" in str(letter["Subject"])
        assert "Erasure" in card["blocks"][0]["text"]["text"]
        assert "jana@moor.example" not in json.dumps(card) and "j***@moor.example" in json.dumps(card)
        sizes = folder_sizes(live)
        assert sizes["INBOX"] == 0 and sizes["Privacy/Filed"] == filed_before + 1

        slack.press(ANN, DESK, card["ts"], "claim").wait_ack()
        slack.wait_for(lambda: f"<@{ANN}>" in json.dumps(slack.message(DESK, card["ts"])), 20)

        slack.press(ANN, DESK, card["ts"], "view").wait_ack()
        [view] = slack.wait_for(lambda: slack.views_of(ANN), 20)
        assert "bitte löschen Sie alle" in json.dumps(view, ensure_ascii=False)

        slack.press(BEN, DESK, card["ts"], "close").wait_ack()
        [form] = slack.wait_for(lambda: slack.views_of(BEN), 20)
        slack.submit(BEN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack()

        letters = live.smtp.wait_for(lambda: len(live.smtp.to("jana@moor.example")) == 2 and live.smtp.to("jana@moor.example"))
        assert letters[1]["In-Reply-To"] == "<first@moor.example>"
        slack.wait_for(lambda: "✅" in json.dumps(slack.message(DESK, card["ts"]), ensure_ascii=False), 20)
        assert len(cards(slack)) == 1

        actors = app.read(lambda s: [(event.kind, event.actor) for event in ticket_by_reference(s, reference).events])  # type: ignore[union-attr]
        assert ("claimed", f"slack:{ANN}") in actors and ("viewed", f"slack:{ANN}") in actors and ("closed", f"slack:{BEN}") in actors

        clock.at = next_monday(clock.at)
        app.remind()
        [digest] = live.smtp.wait_for(lambda: live.smtp.to("board@example.test"))
        html = digest.get_body(("html",))
        assert html is not None and "jana" not in html.get_content().lower()
        pictures = [part for part in digest.walk() if part.get_content_type() == "image/png"]
        assert len(pictures) == html.get_content().count('src="cid:') == 2  # nothing is open
        [post] = slack.wait_for(lambda: [m for m in slack.messages(DESK) if "Privacy desk" in m.get("text", "") and m.get("blocks")], 20)
        slack.wait_for(lambda: [m for m in slack.thread(DESK, post["ts"]) if m.get("files")], 20)


def next_monday(moment: datetime) -> datetime:
    """Noon of the Monday after the week in which the office is: on a Sunday night in UTC that week may have begun there."""
    at_the_office = moment.astimezone(OFFICE)
    return (at_the_office + timedelta(days=7 - at_the_office.weekday())).replace(hour=12).astimezone(UTC)


def test_a_stranger_at_the_desk_gets_a_private_no(live: World) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(GERMAN.replace(b"first@", b"second@").replace(b"jana@", b"jens@"))
        card = first_card(slack)
        slack.add_channel("C0LOOK", "lookers", [EVE])
        slack.press(ANN, DESK, card["ts"], "claim").wait_ack()
        slack.command(EVE, INTAKE, "/privacy", "list").wait_ack()
        answer = slack.wait_for(lambda: slack.ephemerals, 20)
        assert "members of the privacy desk" in json.dumps(answer[-1])
        assert app.tickets("mine", ANN, "")[0]["handler"] == ANN


def test_a_colleagues_post_becomes_a_ticket_answered_in_its_thread(live: World) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        post = slack.say(INTAKE, EVE, "Caller kim@caller.example wants all personal data deleted under article 17 GDPR, please delete it.")
        slack.wait_for(lambda: len(slack.thread(INTAKE, post.ts)) > 1, 20)
        assert "PRV-" in slack.thread(INTAKE, post.ts)[1]["text"]
        first_card(slack)
        assert len(app.tickets("list", ANN, "")) == 1  # the bot's own answer opened none
        assert live.smtp.letters == []


def test_what_was_posted_while_the_bot_was_down_is_not_lost(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        slack.wait_connected(20)
        slack.wait_for(lambda: slack.calls_of("conversations.history"), 20)
    slack.say(INTAKE, ANN, "Please erase all personal data of lou@caller.example, article 17 GDPR.")
    with live.running() as (app, _):
        first_card(slack)
        assert len(app.tickets("list", ANN, "")) == 1


def test_the_menu_extends_a_period_with_its_letter(live: World) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        slack.wait_connected(20)
        live.dovecot.deliver(GERMAN.replace(b"first@", b"third@"), "jana@moor.example")
        card = first_card(slack)
        offered = card["blocks"][-1]["elements"][-1]["options"]
        extend = next(option["value"] for option in offered if option["value"].startswith("extend:"))
        slack.select(ANN, DESK, card["ts"], "more", extend).wait_ack()
        [form] = slack.wait_for(lambda: slack.views_of(ANN), 20)
        slack.submit(ANN, form, {"words": "Die Anfrage betrifft viele Systeme.", "send": ["send"]}).wait_ack()
        letters = live.smtp.wait_for(lambda: len(live.smtp.to("jana@moor.example")) == 2 and live.smtp.to("jana@moor.example"))
        assert "Die Anfrage betrifft viele Systeme." in letters[1].get_body(("plain",)).get_content()
        assert len(app.tickets("mine", ANN, "")) == 0
        slack.select(ANN, DESK, card["ts"], "more", extend).wait_ack()
        [again] = slack.wait_for(lambda: slack.views_of(ANN), 20)
        refused = slack.submit(ANN, again, {"words": "Noch einmal.", "send": ["send"]}).wait_ack()
        assert "once" in json.dumps(refused)
