"""The intake channel against a Slack: what people did there while nobody listened reaches the tickets, each thing once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.slack.connection import IntakeChannel, web_client
from models import Ticket
from tests.builders import Bench, sqlite_url
from tests.filing import journal, rows, the_ticket

ANN, INTAKE = "U0ANN", "C0INTAKE"
ERASE = "Please erase all personal data of lou@caller.example, article 17 GDPR."
NAMELESS = "A caller wants all her personal data deleted, article 17 GDPR."


class Office:
    """A bot that looks into the channel when told, and the Slack it looks into."""

    def __init__(self, bench: Bench, slack: LoopbackSlack) -> None:
        self.bench, self.slack = bench, slack
        self.client = web_client(slack.api_url, BOT_TOKEN)
        self.look()

    def look(self) -> None:
        """What a bot does that was started just now."""
        IntakeChannel(self.client, INTAKE, self.bench.app, lambda: self.bench.clock().timestamp()).catch_up()

    def open(self, text: str = ERASE) -> tuple[str, str]:
        """A post that was filed and answered in its thread: its time stamp, and the ticket's reference."""
        ts = self.slack.say(INTAKE, ANN, text).ts
        self.look()
        reference = rows(self.bench, Ticket)[-1].reference
        self.client.chat_postMessage(channel=INTAKE, thread_ts=ts, text=f"This is ticket {reference} now.")
        self.slack.say(INTAKE, ANN, "Lunch at noon?")
        self.look()
        return ts, reference


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    bench = Bench(sqlite_url(tmp_path))
    with LoopbackSlack(clock=lambda: bench.clock().timestamp()) as slack:
        slack.add_user(ANN, "ann", "ann@example.test")
        slack.add_channel(INTAKE, "privacy-intake", [ANN])
        yield Office(bench, slack)
    bench.close()


def test_a_reply_in_an_old_thread_is_added(office: Office) -> None:
    ts, reference = office.open(NAMELESS)
    office.slack.say(INTAKE, ANN, "It is kim@caller.example", thread_ts=ts)
    office.look()
    office.look()
    assert the_ticket(office.bench, reference).requester == "kim@caller.example"
    assert journal(office.bench, reference).count("message_joined") == 1


def test_a_reply_that_came_before_a_newer_post_is_not_passed_over(office: Office) -> None:
    """The mark of the channel has moved on; that of the threads is its own."""
    ts, reference = office.open(NAMELESS)
    intake = IntakeChannel(office.client, INTAKE, office.bench.app, lambda: office.bench.clock().timestamp())
    intake.catch_up()
    office.slack.say(INTAKE, ANN, "It is kim@caller.example", thread_ts=ts)
    for _ in range(4):
        office.bench.clock.at = office.bench.clock.at.replace(minute=office.bench.clock.at.minute + 14)
        office.slack.say(INTAKE, ANN, "Lunch at noon?")
        intake.catch_up()
        assert the_ticket(office.bench, reference).requester is None
    office.bench.clock.at = office.bench.clock.at.replace(hour=office.bench.clock.at.hour + 1)
    intake.catch_up()
    assert the_ticket(office.bench, reference).requester == "kim@caller.example"


def test_an_edit_is_followed_once(office: Office) -> None:
    ts, reference = office.open(NAMELESS)
    office.slack.edit(INTAKE, ANN, ts, "A caller, kim@caller.example, wants all her personal data deleted, article 17 GDPR.")
    office.look()
    office.look()
    ticket = the_ticket(office.bench, reference)
    assert ticket.requester == "kim@caller.example" and NAMELESS in [message.text for message in ticket.messages]
    assert journal(office.bench, reference).count("post_edited") == 1


def test_a_deleted_post_is_told_once(office: Office) -> None:
    ts, reference = office.open()
    office.slack.delete(INTAKE, ANN, ts)
    office.look()
    office.look()
    assert journal(office.bench, reference).count("post_deleted") == 1
    assert not the_ticket(office.bench, reference).is_closed


def test_what_was_posted_and_edited_meanwhile_is_filed_as_it_stands(office: Office) -> None:
    post = office.slack.say(INTAKE, ANN, "Lunch?")
    office.slack.edit(INTAKE, ANN, post.ts, ERASE)
    office.look()
    office.look()
    assert [ticket.requester for ticket in rows(office.bench, Ticket)] == ["lou@caller.example"]


def test_replies_of_many_pages_are_read(office: Office) -> None:
    ts, reference = office.open(NAMELESS)
    for number in range(130):
        office.slack.say(INTAKE, ANN, f"Addition {number}.", thread_ts=ts)
    office.look()
    assert journal(office.bench, reference).count("message_joined") == 130


def test_what_people_do_meanwhile_is_told_as_slack_tells_it(office: Office) -> None:
    """Of an answered post Slack tells its deletion as a change to a tombstone."""
    ts, reference = office.open()
    delivery = office.slack.delete(INTAKE, ANN, ts)
    assert delivery.payload["event"]["subtype"] == "message_changed"
    office.bench.app.take_in_slack(delivery.payload["event"])
    assert journal(office.bench, reference).count("post_deleted") == 1
