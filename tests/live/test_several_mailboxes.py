"""Two mailboxes at once: each is watched, and each ticket's letters leave under the address that the person wrote to."""

from pathlib import Path

import pytest
from imapclient import IMAPClient

from bot.config import Config
from bot.config_file import MailSecrets, Secrets
from bot.launch import launch
from tests.builders import KEY, config_data, mail, sqlite_url
from tests.live.dovecot import PASSWORD, USER, Dovecot, free_ports, wait_until
from tests.live.smtp_sink import SmtpSink

OTHER = "other@example.test"
ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."


def settings(folder: Path, dovecot: Dovecot, smtp: SmtpSink, other_port: int) -> Config:
    data = config_data(sqlite_url(folder), slack=False)
    imap = {"host": "127.0.0.1", "port": dovecot.imap_port, "security": "none", "poll": "1s"}
    data["mailbox"] |= {"imap": {**imap, "user": USER}, "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none"}}
    further = {"name": "uk-desk", "address": OTHER, "imap": {**imap, "port": other_port, "user": OTHER}, "smtp": data["mailbox"]["smtp"]}
    return Config.model_validate(data | {"mailboxes": [further]})


def put(dovecot: Dovecot, user: str, raw: bytes) -> None:
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False, timeout=10) as client:
        client.login(user, PASSWORD)
        client.append("INBOX", raw)


def secrets() -> Secrets:
    return Secrets(KEY, imap_password=PASSWORD, further={"uk-desk": MailSecrets(imap_password=PASSWORD)})


def test_each_mailbox_is_watched_and_answers_under_its_own_address(dovecot: Dovecot, tmp_path: Path) -> None:
    with SmtpSink() as smtp:
        app, service = launch(settings(tmp_path, dovecot, smtp, dovecot.imap_port), secrets())
        put(dovecot, USER, mail(ERASE, sender="ann@people.example", number=9001))
        put(dovecot, OTHER, mail(ERASE, sender="ben@people.example", number=9002))
        put(dovecot, OTHER, mail(ERASE, sender=f"Us <{USER}>", number=9003))  # one of ours: no letter, no loop
        service.start()
        try:
            smtp.wait_for(lambda: smtp.to("ann@people.example") and smtp.to("ben@people.example"), 90)
            wait_until(lambda: "seconds_since_poll_uk_desk" in app.figures())
        finally:
            service.stop()
            app.close()
    senders = [str(smtp.to(f"{name}@people.example")[0]["From"]) for name in ("ann", "ben")]
    assert senders == ["Example GmbH <privacy@example.test>", f"Example GmbH <{OTHER}>"]
    assert smtp.to(USER) == []


def test_one_that_is_out_keeps_no_other_back_but_shows(dovecot: Dovecot, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SmtpSink() as smtp:
        app, service = launch(settings(tmp_path, dovecot, smtp, free_ports(1)[0]), secrets())
        put(dovecot, USER, mail(ERASE, sender="cid@people.example", number=9004))
        service.start()
        try:
            smtp.wait_for(lambda: smtp.to("cid@people.example"), 90)
            assert app.figures()["healthy"] == 0
        finally:
            service.stop()
            app.close()
    assert "mailbox uk-desk: ConnectionRefusedError; retrying" in caplog.text
