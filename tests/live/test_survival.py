"""What broke other systems must not break this one, on real servers: failures by their number in docs/survival.md."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import now
from bot.intake import Filing
from bot.mailbox import Mailbox
from models import Direction, Message, Ticket
from tests.builders import Bench, mail
from tests.filing import the_ticket
from tests.live.dovecot import PASSWORD, Dovecot, wait_until
from tests.live.relay import Relay, hand_on_rewritten
from tests.live.test_mailbox import flags_and_size, other_client, settings
from tests.live.test_whole_life import folder_sizes
from tests.live.world import World, world

ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."
MAILS = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "mail").glob("*.eml"))]
PIECES = (
    b"\xff\xfe\xfd", b"\r\n\r\n", b"=?utf-8?q?=C3", b"Content-Type: multipart/mixed; boundary=", b"--", b"<" * 500, b'"', b";;;",
    b"\x80" * 90, b"Date: Mon, 99 Foo 99999\r\n", b"From: :;,<@>\r\n", b"Content-Transfer-Encoding: base65\r\n", b"charset=klingon", b": ",
)  # fmt: skip


@pytest.fixture
def mail_only(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot, slack=False) as everything:
        yield everything


def came_in(session: Session) -> int:
    """How many messages are recorded that others wrote."""
    return session.scalar(select(func.count()).select_from(Message).where(Message.direction == Direction.IN)) or 0


def malformed(seed: int) -> list[bytes]:
    """Three hundred: cut off, patched, shuffled or turned into noise; no two are the same."""
    dice = random.Random(seed)
    return [spoiled(dice, dice.choice(MAILS)) + b"\r\n%d" % number for number in range(300)]


def spoiled(dice: random.Random, raw: bytes) -> bytes:
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(raw) + 1)
        match dice.randrange(5):
            case 0:
                raw = raw[:at] or b"x"
            case 1:
                raw = raw[:at] + dice.choice(PIECES) + raw[at + dice.randrange(40) :]
            case 2:
                lines = raw.splitlines(keepends=True)
                dice.shuffle(lines)
                raw = b"".join(lines)
            case 3:
                raw = raw[at:] or b"x"
            case _:
                raw = bytes(byte ^ (dice.random() < 0.01) * dice.randrange(1, 256) or 32 for byte in raw)
    return raw


@pytest.mark.timeout(300)
def test_04_three_hundred_malformed_mails_stop_nothing(bench: Bench, dovecot: Dovecot) -> None:
    raws = [*malformed(4), mail(ERASE, sender="last@people.example", number=40_001)]
    with other_client(dovecot) as client:
        client.create_folder("In-malformed")
        client.multiappend("In-malformed", raws)
    box = Mailbox(settings(dovecot, "In-malformed"), PASSWORD)
    taken = []
    while mails := box.fetch():
        taken += [bench.app.file_mail(one) for one in mails]
        box.file([one.uid for one in mails], "In-malformed-filed")
    box.close()
    assert len(taken) == len(raws) == flags_and_size(dovecot, "In-malformed-filed")[1]
    assert bench.app.read(came_in) == sum(one.filing is not Filing.KNOWN for one in taken) >= 290
    assert all(one.reference for one in taken if one.filing is Filing.HELD)
    last = the_ticket(bench, taken[-1].reference or "")
    assert last.requester == "last@people.example" and last.due_at is not None


def test_02_a_database_out_of_order_leaves_the_mail_in_inbox_until_it_works_again(
    mail_only: World, caplog: pytest.LogCaptureFixture
) -> None:
    data = mail_only.config_file.read_text("utf-8").replace("bot.db", "bot.db?timeout=0.1")
    mail_only.config_file.write_text(data, "utf-8")
    with mail_only.running() as (app, _), closing(sqlite3.connect(mail_only.folder / "bot.db", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")  # a backup, or a person with a database program
        mail_only.dovecot.deliver(mail(ERASE, sender="p1@people.example", number=40_002))
        wait_until(lambda: "mailbox: the database is locked by another program" in caplog.text)
        assert folder_sizes(mail_only)["INBOX"] == 1
        another.execute("ROLLBACK")
        mail_only.smtp.wait_for(lambda: mail_only.smtp.to("p1@people.example"), 60)
        wait_until(lambda: folder_sizes(mail_only)["INBOX"] == 0)
        assert app.figures()["tickets_open"] == 1
    assert caplog.text.count("mailbox: the database is locked") == 1


def test_16_a_reply_through_a_relay_that_gave_our_letter_another_id_still_joins(tmp_path: Path, dovecot: Dovecot) -> None:
    sender = "jo@home.example"
    with Relay(dovecot, lambda *_: None) as relay:
        live = World(tmp_path, dovecot, relay, None)
        dovecot.deliver(mail(ERASE, sender=sender, number=40_003))
        with live.running() as (app, _):
            [letter] = relay.wait_for(lambda: relay.letters)
            subject, own_id = str(letter["Subject"]), str(letter["Message-ID"])
            hand_on_rewritten(letter, sender)  # what Jo has: another id
            assert letter["Message-ID"] != own_id
            thread = f"In-Reply-To: {letter['Message-ID']}\n"
            dovecot.deliver(mail("My number is 7.", sender=sender, subject=f"Re: {subject}", number=40_004, headers=thread))
            wait_until(lambda: app.read(came_in) == 2)
            assert app.figures()["tickets_open"] == 1


def test_18_after_ten_days_down_everything_is_taken_oldest_first_and_answered(mail_only: World) -> None:
    data = mail_only.config_file.read_text("utf-8") + "automatic_mail: {all_senders: 10}\n"
    mail_only.config_file.write_text(data, "utf-8")
    numbers, began = range(60), now() - timedelta(days=10)
    came = [began + number * timedelta(hours=3) for number in numbers]
    with other_client(mail_only.dovecot) as client:
        for number, at in zip(numbers, came, strict=True):
            client.append("INBOX", mail(ERASE, sender=f"d{number}@people.example", number=41_000 + number), msg_time=at)
    with mail_only.running() as (app, _):
        mail_only.smtp.wait_for(lambda: len(mail_only.smtp.letters) == 60, 100)
        tickets = app.read(lambda session: session.scalars(select(Ticket).order_by(Ticket.reference)).all())
        wait_until(lambda: folder_sizes(mail_only)["INBOX"] == 0)
    assert [ticket.requester for ticket in tickets] == [f"d{number}@people.example" for number in numbers]
    assert [ticket.received_at for ticket in tickets] == [at.replace(microsecond=0) for at in came]
