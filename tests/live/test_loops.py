"""Loops, on the wire: two bots that face each other, machines that answer everything and say nothing of themselves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml
from imapclient import IMAPClient
from sqlalchemy import func, select

from bot.app import App
from models import Message
from tests.live.dovecot import PASSWORD, SECOND, USER, Dovecot, wait_until
from tests.live.relay import Answer, Relay, ask_anew, hand_on, hand_on_reworded, hand_on_rewritten
from tests.live.world import World

ROBOT = "service@robot.example"


@contextmanager
def facing(folder: Path, dovecot: Dovecot, answer: Answer, *users: str, **sections: object) -> Iterator[tuple[Relay, list[App]]]:
    """A bot for each of these mailboxes, all with one mail server that makes of their letters what `answer` says."""
    with Relay(dovecot, answer) as relay, ExitStack() as bots:
        apps = []
        for number, user in enumerate(users):
            place = folder / str(number)
            place.mkdir()
            live = World(place, dovecot, relay, None, user)
            live.config_file.write_text(yaml.safe_dump({**yaml.safe_load(live.config_file.read_text("utf-8")), **sections}), "utf-8")
            apps.append(bots.enter_context(live.running())[0])
        yield relay, apps


def at_rest(dovecot: Dovecot, relay: Relay, apps: list[App]) -> Callable[[], bool]:
    """Nothing waits in a mailbox or an outbox, and nothing moved while that was looked at."""

    def moved() -> tuple[int, ...]:
        return len(relay.letters), *(app.read(lambda session: session.scalar(select(func.count()).select_from(Message))) for app in apps)

    def look() -> bool:
        before = moved()
        waiting = any(in_inbox(dovecot, user) for user in (USER, SECOND)) or any(app.figures()["outbox_waiting"] for app in apps)
        return not waiting and before == moved()

    return look


def in_inbox(dovecot: Dovecot, user: str) -> int:
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False, timeout=10) as client:
        client.login(user, PASSWORD)
        return int(client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"])


@pytest.mark.parametrize("answer", [hand_on, hand_on_rewritten, hand_on_reworded])
def test_two_bots_that_face_each_other_end_below_five_letters(tmp_path: Path, dovecot: Dovecot, answer: Answer) -> None:
    with facing(tmp_path, dovecot, answer, USER, SECOND) as (relay, apps):
        dovecot.deliver(ask_anew(USER, SECOND), USER, SECOND)
        relay.wait_for(lambda: relay.letters)
        wait_until(at_rest(dovecot, relay, apps), 60)
        assert len(relay.letters) < 5


def answered_from(*addresses: str) -> Answer:
    """A machine that writes afresh whenever a letter comes, each time from the next of its addresses."""
    letters = iter(range(10_000))

    def answer(_letter: EmailMessage, _reader: str) -> tuple[bytes, str, str]:
        sender = addresses[next(letters) % len(addresses)]
        return ask_anew(sender), sender, USER

    return answer


def answered_in_thread(letter: EmailMessage, _reader: str) -> tuple[bytes, str, str]:
    """A machine that keeps to the thread, with new words each time."""
    thread = f"In-Reply-To: {letter['Message-ID']}\r\nReferences: {letter['Message-ID']}\r\n".encode()
    return thread + ask_anew(ROBOT), ROBOT, USER


@pytest.mark.parametrize(("answer", "tickets"), [(answered_from(ROBOT), 3), (answered_in_thread, 1)])
def test_a_machine_that_answers_everything_and_says_nothing_of_itself_gets_two_letters(
    tmp_path: Path, dovecot: Dovecot, answer: Answer, tickets: int
) -> None:
    with facing(tmp_path, dovecot, answer, USER) as (relay, apps):
        dovecot.deliver(ask_anew(ROBOT), ROBOT)
        relay.wait_for(lambda: relay.letters)
        wait_until(at_rest(dovecot, relay, apps), 60)
        assert (len(relay.letters), relay.delivered) == (2, 2)
        assert apps[0].figures()["tickets_open"] == tickets  # whoever it is, nothing that it wrote is lost


@pytest.mark.timeout(180)
def test_a_machine_that_changes_its_address_is_ended_by_the_limit_over_all(tmp_path: Path, dovecot: Dovecot) -> None:
    addresses = [f"service{number}@robot.example" for number in range(100)]
    with facing(tmp_path, dovecot, answered_from(*addresses), USER, automatic_mail={"all_senders": 12}) as (relay, apps):
        dovecot.deliver(ask_anew("seed@robot.example"), ROBOT)
        relay.wait_for(lambda: relay.letters)
        wait_until(at_rest(dovecot, relay, apps), 120)
        assert (len(relay.letters), apps[0].figures()["tickets_open"]) == (12, 13)


def test_a_letter_says_on_the_wire_that_a_machine_wrote_it(tmp_path: Path, dovecot: Dovecot) -> None:
    with facing(tmp_path, dovecot, lambda *_: None, USER) as (relay, apps):
        dovecot.deliver(ask_anew("jo@home.example"), "jo@home.example")
        relay.wait_for(lambda: relay.letters)
        [letter], [sender] = relay.letters, relay.senders
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"], sender) == ("auto-replied", "All", "<>")
    assert letter["X-Privacybot-Loop"] == apps[0].office.loop_token
