"""The mailbox on a real Dovecot: order, other clients, large mails, folders, TLS, a long backlog."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from imapclient import IMAPClient

from bot.mail_config import ImapConfig
from bot.mailbox import Mail, Mailbox, MailboxError
from tests.builders import Bench, mail, sqlite_url
from tests.filing import the_ticket
from tests.live.dovecot import PASSWORD, USER, Dovecot, wait_until

ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."


@pytest.fixture
def inbox(dovecot: Dovecot, request: pytest.FixtureRequest) -> str:
    """A folder of the test's own that stands for INBOX."""
    name = "In-" + "".join(letter for letter in request.node.name if letter.isalnum())
    with other_client(dovecot) as client:
        client.create_folder(name)
    return name


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(sqlite_url(tmp_path))
    yield bench
    bench.close()


def other_client(dovecot: Dovecot) -> IMAPClient:
    """A colleague's mail program."""
    client = IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False, timeout=10)
    client.login(USER, PASSWORD)
    return client


def settings(dovecot: Dovecot, inbox: str, **more: Any) -> ImapConfig:
    folders = {"inbox": inbox, "filed": f"{inbox}-filed", "ignored": f"{inbox}-ignored", "held": f"{inbox}-held"}
    data = {"host": "127.0.0.1", "port": dovecot.imap_port, "security": "none", "user": USER, "folders": folders, "timeout": "10s"}
    return ImapConfig.model_validate(data | more)


def put(dovecot: Dovecot, inbox: str, numbers: range) -> None:
    """Mails in a row, the oldest first."""
    with other_client(dovecot) as client:
        client.multiappend(inbox, [raw(number) for number in numbers])


def raw(number: int) -> bytes:
    return mail(ERASE, number=number, sender=f"p{number}@people.example")


def numbers_of(mails: list[Mail]) -> list[int]:
    return [next(number for number in range(1000) if f"<m{number}@".encode() in one.raw) for one in mails]


def flags_and_size(dovecot: Dovecot, folder: str) -> tuple[set[bytes], int]:
    """All flags that any mail of a folder bears, and how many mails lie there."""
    with other_client(dovecot) as client:
        client.select_folder(folder, readonly=True)
        found = client.fetch(client.search(), ["FLAGS"])
        return {flag for one in found.values() for flag in one[b"FLAGS"]} - {b"\\Recent"}, len(found)


def test_the_oldest_come_first_in_batches_and_stay_unread(dovecot: Dovecot, inbox: str) -> None:
    put(dovecot, inbox, range(1, 8))
    config = settings(dovecot, inbox, batch=3)
    box = Mailbox(config, PASSWORD)
    seen = []
    while mails := box.fetch():
        seen += numbers_of(mails)
        assert len(mails) <= 3 and all(one.received_at.utcoffset() is not None for one in mails)
        box.file([one.uid for one in mails], config.folders.filed)
    box.close()
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert flags_and_size(dovecot, config.folders.filed) == (set(), 7)
    assert flags_and_size(dovecot, inbox) == (set(), 0)


def test_mail_that_a_colleague_read_already_is_taken_too(dovecot: Dovecot, inbox: str) -> None:
    put(dovecot, inbox, range(1, 4))
    with other_client(dovecot) as client:
        client.select_folder(inbox)
        client.add_flags([1, 2], [b"\\Seen", b"\\Flagged"])
        client.add_flags([3], [b"\\Deleted"])  # meant to go, but not gone: a deadline may hang on it
    assert numbers_of(Mailbox(settings(dovecot, inbox), PASSWORD).fetch()) == [1, 2, 3]


def test_colleagues_read_move_and_delete_between_fetch_and_file(dovecot: Dovecot, inbox: str) -> None:
    put(dovecot, inbox, range(1, 6))
    config = settings(dovecot, inbox)
    box = Mailbox(config, PASSWORD)
    mails = box.fetch()
    with other_client(dovecot) as client:
        client.create_folder(f"{inbox}-private")
        client.select_folder(inbox)
        client.add_flags([mails[0].uid], [b"\\Seen"])
        client.move([mails[1].uid], f"{inbox}-private")
        client.delete_messages([mails[2].uid])
        client.expunge()
    box.file([one.uid for one in mails], config.folders.filed)
    put(dovecot, inbox, range(6, 7))
    assert numbers_of(box.fetch()) == [6]
    box.close()
    assert flags_and_size(dovecot, config.folders.filed)[1] == 3
    assert flags_and_size(dovecot, f"{inbox}-private")[1] == 1


def test_a_mail_that_is_too_large_becomes_a_ticket_that_says_so(dovecot: Dovecot, inbox: str, bench: Bench) -> None:
    with other_client(dovecot) as client:
        client.append(inbox, mail(ERASE + " x" * 3000, sender="Lou <lou@people.example>"))
    config = settings(dovecot, inbox, largest_mail="2kB")
    box = Mailbox(config, PASSWORD)
    [fetched] = box.fetch()
    assert fetched.too_large and b"Article 17" not in fetched.raw and b"Subject: My data" in fetched.raw
    assert fetched.raw not in repr(fetched).encode() and "Subject" not in repr(fetched)
    filed = bench.app.file_mail(fetched)
    assert filed.reference
    bench.app.deliver()
    [card] = [parcel for parcel in bench.slack.sent if parcel.kind == "card"]
    assert "too large" in str(card.payload)
    box.close()


def test_missing_folders_are_made_also_when_somebody_deletes_them_meanwhile(dovecot: Dovecot, inbox: str) -> None:
    config = settings(dovecot, inbox)
    box = Mailbox(config, PASSWORD)
    with other_client(dovecot) as client:
        assert all(client.folder_exists(name) for name in (config.folders.filed, config.folders.ignored, config.folders.held))
        client.delete_folder(config.folders.filed)
    put(dovecot, inbox, range(1, 2))
    [one] = box.fetch()
    assert box.file([one.uid], config.folders.filed) == {}
    box.close()
    assert flags_and_size(dovecot, config.folders.filed)[1] == 1


def test_an_unknown_certificate_is_refused(dovecot: Dovecot, inbox: str) -> None:
    with pytest.raises(MailboxError, match="SSLCertVerificationError"):
        Mailbox(settings(dovecot, inbox, port=dovecot.imaps_port, security="tls"), PASSWORD)
    with pytest.raises(MailboxError, match="SSLCertVerificationError"):
        Mailbox(settings(dovecot, inbox, security="starttls"), PASSWORD)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_known_certificate_is_taken(dovecot: Dovecot, inbox: str, security: str) -> None:
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    put(dovecot, inbox, range(1, 2))
    box = Mailbox(settings(dovecot, inbox, port=port, security=security, ca_file=str(dovecot.certificate)), PASSWORD)
    mails = box.fetch()
    box.file([one.uid for one in mails], f"{inbox}-filed")
    box.close()
    assert len(mails) == 1


def test_a_long_backlog_is_taken_whole(dovecot: Dovecot, inbox: str) -> None:
    put(dovecot, inbox, range(1000))
    config = settings(dovecot, inbox, batch=100)
    box = Mailbox(config, PASSWORD)
    ids: list[int] = []
    while mails := box.fetch():
        ids += [one.uid for one in mails]
        box.file([one.uid for one in mails], config.folders.filed)
    box.close()
    assert len(ids) == 1000 and ids == sorted(set(ids))
    assert flags_and_size(dovecot, config.folders.filed) == (set(), 1000)


def test_after_ten_days_of_silence_all_is_taken_the_oldest_first(dovecot: Dovecot, inbox: str, bench: Bench) -> None:
    began = datetime(2026, 11, 13, 8, 0, tzinfo=UTC)
    with other_client(dovecot) as client:
        for number in range(300):
            client.append(inbox, raw(number), msg_time=began + timedelta(minutes=48 * number))
    config = settings(dovecot, inbox, batch=50)
    box = Mailbox(config, PASSWORD)
    times: list[datetime] = []
    while mails := box.fetch():
        times += [one.received_at for one in mails]
        box.file([one.uid for one in mails], config.folders.filed)
    put(dovecot, inbox, range(300, 301))
    with other_client(dovecot) as client:
        client.append(inbox, raw(301), msg_time=began)
    late = box.fetch()
    box.close()
    assert times == [began + timedelta(minutes=48 * number) for number in range(300)]
    assert numbers_of(late) == [301, 300]
    filed = bench.app.file_mail(late[0])
    assert [ticket["reference"] for ticket in bench.app.tickets("list", "U1", "")] == [filed.reference]
    ticket = the_ticket(bench, str(filed.reference))
    assert (ticket.received_at, ticket.mailbox) == (began, "main")


def test_a_folder_that_takes_no_mail_costs_no_mail_and_is_told_of_once(dovecot: Dovecot, inbox: str, tmp_path: Path) -> None:
    """Nothing can be written into Filed: nothing moves, all is taken, each once; when it can, all is moved."""
    with other_client(dovecot) as client:
        client.create_folder(f"{inbox}-filed")
    [filed] = list(dovecot.folder.rglob(f"{inbox}-filed/dbox-Mails"))
    filed.chmod(0o555)
    put(dovecot, inbox, range(1, 8))
    config = settings(dovecot, inbox, batch=3)
    bench = Bench(sqlite_url(tmp_path))
    box = Mailbox(config, PASSWORD)
    took = [bench.app.take_mail(box) for _ in range(4)]
    assert took == [3, 3, 1, 0]
    box.close()
    bench.close()

    again, after_restart = Bench(sqlite_url(tmp_path)), Mailbox(config, PASSWORD)
    assert again.app.take_mail(after_restart) == 0
    filed.chmod(0o755)
    put(dovecot, inbox, range(8, 9))
    again.clock.at += timedelta(minutes=15)
    assert again.app.take_mail(after_restart) == 1
    while again.app.take_mail(after_restart) or flags_and_size(dovecot, inbox)[1]:
        again.clock.at += timedelta(minutes=15)
    again.app.deliver()
    after_restart.close()
    assert flags_and_size(dovecot, f"{inbox}-filed")[1] == 8
    assert again.app.figures()["tickets_open"] == 8
    assert len([parcel for parcel in again.slack.sent if "will not move them" in str(parcel.payload)]) == 1
    again.close()


def test_idle_wakes_when_mail_arrives(dovecot: Dovecot, inbox: str) -> None:
    box = Mailbox(settings(dovecot, inbox), PASSWORD)
    assert box.fetch() == []
    wake, _poke = socket.socketpair()
    waiting = Thread(target=box.wait, args=[timedelta(minutes=5).total_seconds(), wake])
    waiting.start()
    put(dovecot, inbox, range(1, 2))
    waiting.join(20)
    assert not waiting.is_alive() and len(box.fetch()) == 1
    box.close()
    wake.close()
    _poke.close()


@pytest.mark.parametrize("idle", [True, False])
def test_a_poke_ends_the_wait(dovecot: Dovecot, inbox: str, idle: bool) -> None:
    box = Mailbox(settings(dovecot, inbox, idle=idle), PASSWORD)
    box.fetch()
    wake, poke = socket.socketpair()
    poke.send(b"!")
    box.wait(300, wake)
    assert box.fetch() == []
    box.close()
    wake.close()
    poke.close()


def test_a_mailbox_that_was_rebuilt_opens_no_second_tickets(dovecot: Dovecot, inbox: str, bench: Bench) -> None:
    config = settings(dovecot, inbox)
    for validity in range(2):  # the same mails under new numbers: restored from a backup
        if validity:
            with other_client(dovecot) as client:
                client.delete_folder(inbox)
                client.create_folder(inbox)
        put(dovecot, inbox, range(1, 4))
        box = Mailbox(config, PASSWORD)
        for one in box.fetch():
            bench.app.file_mail(one)
        box.close()
    assert bench.app.figures()["tickets_open"] == 3


def test_a_folder_that_is_gone_is_trouble_that_passes(dovecot: Dovecot, inbox: str) -> None:
    box = Mailbox(settings(dovecot, inbox), PASSWORD)
    with other_client(dovecot) as client:
        client.delete_folder(inbox)
    with pytest.raises(MailboxError):
        box.fetch()
    box.close()
    put_back = Mailbox(settings(dovecot, inbox), PASSWORD)
    with other_client(dovecot) as client:
        client.create_folder(inbox)
    assert put_back.fetch() == []
    put_back.close()


def test_the_server_ends_while_we_wait(dovecot: Dovecot, inbox: str) -> None:
    box = Mailbox(settings(dovecot, inbox), PASSWORD)
    box.fetch()
    wake, poke = socket.socketpair()
    failed: list[str] = []

    def wait() -> None:
        try:
            box.wait(300, wake)
        except MailboxError as error:
            failed.append(str(error))

    waiting = Thread(target=wait)
    waiting.start()
    dovecot.stop()
    waiting.join(20)
    dovecot.start()
    wait_until(lambda: failed)
    box.close()
    wake.close()
    poke.close()
