"""SMTP: the same notice gives the same letter, its headers tell robots to keep still, and a real server's answers are understood."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.accounts import Account
from bot.config import Config
from bot.inquiry import Attachment
from bot.outbox import Parcel, TryAgain, Undeliverable
from bot.smtp import MailCourier, SmtpCourier, build, given_id
from models import Vault
from tests.builders import KEY, MONDAY, config, config_data

SES = "0100018f3a2b4c5d-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"
LONG_ID = f"<{'A1b2' * 25}@mail.prod.outlook.example>"


def parcel(**payload: Any) -> Parcel:
    given = {
        "to": "jo@home.example", "subject": "Ihre Anfrage ist da – schön [PRV-2026-00001]", "text": "Guten Tag,\n\nalles gut: größer.\n",
        "html": "<p>Guten Tag</p>", "language": "de", "message_id": "<prv-2026-00001.acknowledgement.0123456789abcdef@example.test>",
        "in_reply_to": "<m1@home.example>", "references": ["<m0@home.example>"], "loop": "0123456789abcdef",
    }  # fmt: skip
    return Parcel(1, "acknowledgement:PRV-2026-00001", "acknowledgement", {**given, **payload}, MONDAY, None, 1)


def written(files: tuple[Attachment, ...] = (), **payload: Any) -> bytes:
    settings = config()
    return build(replace(parcel(**payload), files=files), settings.mailbox, settings.organisation).as_bytes()


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


class TestLetter:
    def test_is_the_same_to_the_byte_each_time(self) -> None:
        assert written() == written()

    def test_carries_what_robots_must_know(self) -> None:
        letter = read(written())
        assert letter["Auto-Submitted"] == "auto-replied"  # RFC 3834 5
        assert letter["X-Auto-Response-Suppress"] == "All"
        assert letter["X-Privacybot-Loop"] == "0123456789abcdef"
        assert letter["Content-Language"] == "de"
        assert letter["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
        assert letter["Reply-To"] is None
        assert letter["From"] == "Example GmbH <privacy@example.test>"

    def test_of_a_person_is_not_marked_as_a_machines_and_still_known_to_us(self) -> None:
        letter = read(written(by_person=True))
        assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"], letter["Precedence"]) == (None, None, None)
        assert letter["X-Privacybot-Loop"] == "0123456789abcdef"
        assert letter["In-Reply-To"] == "<m1@home.example>"

    def test_carries_its_files_whole_and_is_the_same_each_time(self) -> None:
        files = (
            Attachment("Auskunft größer.pdf", "application/pdf", bytes(range(256)) * 100),
            Attachment("a\r\nBcc: x@y.example", "text/csv", b"a;b"), Attachment("mail.eml", "message/rfc822", b"Subject: x\n\nx"),
            Attachment("odd", "no type\r\n", b""), Attachment("\x00", "", b"1"),
        )  # fmt: skip
        raw = written(files, enclosed=5)
        assert raw == written(files, enclosed=5) and raw.isascii()
        letter = read(raw)
        assert letter["Bcc"] is None and letter["Content-Language"] == "de"
        parts = [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in letter.iter_attachments()]
        assert parts == [
            ("Auskunft größer.pdf", "application/pdf", files[0].content), ("a Bcc: x@y.example", "text/csv", b"a;b"),
            ("mail.eml", "application/octet-stream", files[2].content), ("odd", "application/octet-stream", b""),
            ("file", "application/octet-stream", b"1"),
        ]  # fmt: skip
        text = letter.get_body(("plain",))
        assert text is not None and "alles gut: größer." in text.get_content()
        assert letter.get_body(("html",)) is not None

    def test_does_not_leave_without_its_files(self) -> None:
        with pytest.raises(Undeliverable, match="files are gone"):
            courier(1).send(parcel(enclosed=1))

    def test_stands_in_its_thread(self) -> None:
        letter = read(written())
        assert letter["Message-ID"] == "<prv-2026-00001.acknowledgement.0123456789abcdef@example.test>"
        assert letter["In-Reply-To"] == "<m1@home.example>"
        assert letter["References"] == "<m0@home.example> <m1@home.example>"

    def test_that_answers_nothing_says_so(self) -> None:
        letter = read(written(in_reply_to="", references=[]))
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["In-Reply-To"] is None
        assert letter["References"] is None

    def test_says_the_same_in_text_and_html(self) -> None:
        letter = read(written())
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().splitlines() == ["Guten Tag,", "", "alles gut: größer."]
        assert html.get_content().splitlines() == ["<p>Guten Tag</p>"]
        assert letter["Subject"] == "Ihre Anfrage ist da – schön [PRV-2026-00001]"

    def test_keeps_long_ids_as_ids(self) -> None:
        raw = written(in_reply_to=LONG_ID, references=[LONG_ID.replace("A", "B")] * 3)
        head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
        assert f"In-Reply-To: {LONG_ID}\r\n" in head
        assert head.count(LONG_ID) == 2
        assert head.count(LONG_ID.replace("A", "B")) == 3
        assert all(len(line) <= 998 for line in head.split("\r\n"))  # RFC 5322 2.1.1

    def test_is_seven_bits_wide(self) -> None:
        assert written(html="<p>größer – 日本</p>").isascii()

    @pytest.mark.parametrize("field", ["to", "subject"])
    @pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
    def test_takes_no_header_from_a_value(self, field: str, newline: str) -> None:
        with pytest.raises(Undeliverable, match="not a letter"):
            courier(1).send(parcel(**{field: f"x@home.example{newline}Bcc: all@home.example"}))

    @pytest.mark.parametrize("bad", ["<a@b>\r\nBcc: all@home.example", "<a\x00@b.example>", "<schön@b.example>", "no id at all"])
    def test_leaves_out_an_id_that_is_none(self, bad: str) -> None:
        raw = written(in_reply_to=bad, references=[bad, "<good@b.example>"])
        letter = read(raw)
        assert letter["Bcc"] is None
        assert letter["In-Reply-To"] is None
        assert letter["Subject"] == "Ihre Anfrage ist da – schön [PRV-2026-00001]"


class Server:
    """A real SMTP server whose answers the test chooses."""

    def __init__(self) -> None:
        self.to_rcpt = self.to_data = "250 OK"
        self.hangs_up = False
        self.came: list[tuple[str | None, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.hangs_up:
            assert server.transport is not None
            server.transport.close()
        if self.to_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.to_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.came.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.to_data


class AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port(server: Server) -> Iterator[int]:
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller.port
    controller.stop()


def courier(port: int, **smtp: Any) -> SmtpCourier:
    data = config_data()
    data["mailbox"]["smtp"] |= {"port": port, "timeout": "5s", **smtp}
    settings = Config.model_validate(data)
    return SmtpCourier(settings.mailbox, settings.organisation, "")


class TestGivenId:
    """What a server says it called the letter."""

    @pytest.mark.parametrize(
        ("host", "said", "given"),
        [
            ("email-smtp.us-east-1.amazonaws.com", f"Ok {SES}", f"<{SES}@email.amazonses.com>"),
            ("email-smtp.eu-central-1.amazonaws.com", f"Ok {SES}", f"<{SES}@eu-central-1.amazonses.com>"),
            ("email-smtp-fips.us-east-2.amazonaws.com", f"Ok {SES}", f"<{SES}@us-east-2.amazonses.com>"),
            ("smtp.office365.com", "2.0.0 OK <AB12@X.prod.outlook.com> [Hostname=X.prod.outlook.com]", "<AB12@X.prod.outlook.com>"),
            ("smtp.gmail.com", "2.0.0 OK  1700000000 a1-20020ab1c2d3000000b0abc - gsmtp", ""),
            ("mail.example.test", "2.0.0 Ok: queued as 4Sx2bq1YzGz9", ""),
            ("mail.example.test", "OK", ""),
        ],
    )
    def test_is_read_from_the_answer(self, host: str, said: str, given: str) -> None:
        assert given_id(host, said) == given

    def test_is_in_the_receipt_as_the_rest_of_the_bot_would_find_it(self, server: Server, port: int) -> None:
        settings, vault = config(), Vault(KEY)
        smtp = settings.mailbox.smtp.model_copy(update={"port": port})
        one = SmtpCourier(settings.mailbox.model_copy(update={"smtp": smtp}), settings.organisation, "", vault.digest)
        plain = one.send(parcel())
        server.to_data = f"250 Ok {SES}"
        assert one.send(parcel()) == f"{plain};{vault.digest(f'<{SES}@email.amazonses.com>')}"
        server.to_data = f"250 2.6.0 {parcel().payload['message_id']} queued"
        assert one.send(parcel()) == plain


class TestSeveralServers:
    """A letter leaves by the server of its ticket's mailbox, and under its address."""

    def several(self, ports: dict[str, int]) -> MailCourier:
        main = config().mailbox
        servers = {name: main.smtp.model_copy(update={"port": port}) for name, port in ports.items()}
        mailboxes = [{"name": name, "address": f"{name}@example.test", "smtp": smtp} for name, smtp in servers.items()]
        self.seconds = 0.0
        accounts = [Account(main.model_copy(update=mailbox), "", "") for mailbox in mailboxes]
        return MailCourier(accounts, config().organisation, Vault(KEY).digest, lambda: self.seconds)

    def test_each_has_its_sender(self, server: Server, port: int) -> None:
        ours = self.several({"main": port, "uk": port})
        for name in ("main", "uk", "closed-since", None):
            ours.send(parcel(**({"mailbox": name} if name else {})))
        ours.rest()
        senders = [str(read(raw)["From"]) for _, _, raw in server.came]
        assert senders == [f"Example GmbH <{name}@example.test>" for name in ("main", "uk", "main", "main")]

    def test_one_that_is_out_rests_and_keeps_no_other_back(self, server: Server, port: int) -> None:
        ours = self.several({"main": 1, "uk": port})
        for code in ("ConnectionRefusedError", "its server is out"):
            with pytest.raises(TryAgain) as caught:
                ours.send(parcel())
            assert (caught.value.code, caught.value.down) == (code, False)
            ours.send(parcel(mailbox="uk"))
        self.seconds = 61.0
        with pytest.raises(TryAgain, match="ConnectionRefusedError"):
            ours.send(parcel())
        assert len(server.came) == 2


class TestServer:
    def test_gets_the_letter_with_an_empty_envelope_sender(self, server: Server, port: int) -> None:
        courier(port).send(parcel())
        [(sender, readers, raw)] = server.came
        assert (sender, readers) == ("<>", ["jo@home.example"])  # RFC 3834 3.3
        assert raw.replace(b"\r\n", b"\n").strip() == written().replace(b"\r\n", b"\n").strip()

    def test_gets_the_envelope_sender_of_the_config(self, server: Server, port: int) -> None:
        courier(port, envelope_sender="bounces@example.test").send(parcel())
        assert server.came[0][0] == "bounces@example.test"

    def test_gets_a_batch_over_one_connection(self, server: Server, port: int) -> None:
        one = courier(port)
        receipts = {one.send(parcel()), one.send(parcel())}
        one.rest()
        one.send(parcel())
        assert len(server.came) == 3
        assert len(receipts) == 1
        assert "@" not in receipts.pop()

    def test_that_refuses_the_reader_for_good_is_believed(self, server: Server, port: int) -> None:
        server.to_rcpt = "550 5.1.1 no jo@home.example here"
        one = courier(port)
        with pytest.raises(Undeliverable) as caught:
            one.send(parcel())
        assert str(caught.value) == "smtp 550"
        server.to_rcpt = "250 OK"
        one.send(parcel())
        assert len(server.came) == 1

    @pytest.mark.parametrize("code", [450, 451, 452])
    def test_that_is_busy_with_this_reader_is_asked_again(self, server: Server, port: int, code: int) -> None:
        server.to_rcpt = f"{code} later"
        with pytest.raises(TryAgain) as caught:
            courier(port).send(parcel())
        assert (caught.value.code, caught.value.down) == (f"smtp {code}", False)

    @pytest.mark.parametrize("code", [421, 530])
    def test_that_takes_nothing_from_us_is_down(self, server: Server, port: int, code: int) -> None:
        server.to_rcpt = f"{code} not now"
        with pytest.raises(TryAgain) as caught:
            courier(port).send(parcel())
        assert caught.value.down

    def test_that_refuses_the_letter_itself_is_believed(self, server: Server, port: int) -> None:
        server.to_data = "554 5.7.1 spam"
        with pytest.raises(Undeliverable, match="smtp 554"):
            courier(port).send(parcel())

    def test_that_takes_no_letter_of_that_size_does_not_keep_the_others_back(self, server: Server) -> None:
        """It says so at MAIL FROM already, of the size that we announce (RFC 1870)."""
        small = AnyPort(server, hostname="127.0.0.1", port=0, data_size_limit=2_000)
        small.start()
        try:
            one = courier(small.port)
            with pytest.raises(Undeliverable, match="smtp 552"):
                one.send(parcel(text="x" * 5_000))
            one.send(parcel(text="short", html=""))
        finally:
            small.stop()
        assert len(server.came) == 1

    def test_of_a_persons_letter_returns_it_to_the_mailbox_and_of_ours_to_nobody(self, server: Server, port: int) -> None:
        one = courier(port)
        one.send(parcel())
        one.send(parcel(by_person=True))
        courier(port, envelope_sender="bounces@example.test").send(parcel(by_person=True))
        assert [sender for sender, _, _ in server.came] == ["<>", "privacy@example.test", "bounces@example.test"]

    def test_that_cannot_store_the_letter_now_is_asked_again(self, server: Server, port: int) -> None:
        server.to_data = "451 disk full"
        with pytest.raises(TryAgain, match="smtp 451"):
            courier(port).send(parcel())

    def test_that_hangs_up_is_down_and_found_again(self, server: Server, port: int) -> None:
        one = courier(port)
        server.hangs_up = True
        with pytest.raises(TryAgain) as caught:
            one.send(parcel())
        assert caught.value.down
        server.hangs_up = False
        one.send(parcel())
        assert len(server.came) == 1

    def test_that_is_not_there_is_down(self, port: int) -> None:
        with pytest.raises(TryAgain) as caught:
            courier(1).send(parcel())
        assert (caught.value.code, caught.value.down) == ("ConnectionRefusedError", True)

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_without_encryption_where_we_ask_for_it_gets_nothing(self, server: Server, port: int, security: str) -> None:
        with pytest.raises(TryAgain) as caught:
            courier(port, security=security).send(parcel())
        assert caught.value.down
        assert server.came == []

    def test_is_told_nothing_it_could_repeat(self, server: Server, port: int, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG", logger="privacybot")
        server.to_rcpt = "550 jo@home.example is unknown"
        with pytest.raises(Undeliverable) as caught:
            courier(port).send(parcel())
        assert caught.value.__cause__ is None
        assert "home.example" not in f"{caught.value!r} {caplog.text}"


@pytest.mark.parametrize(("can_spell", "letters"), [(True, 1), (False, 0)])
def test_an_address_in_letters_beyond_ascii_needs_a_server_that_can_spell_it(server: Server, can_spell: bool, letters: int) -> None:
    controller = AnyPort(server, hostname="127.0.0.1", port=0, enable_SMTPUTF8=can_spell)
    controller.start()
    try:
        courier(controller.port).send(parcel(to="jörg@home.example"))
    except Undeliverable as refusal:
        assert refusal.code == "address needs SMTPUTF8"
    finally:
        controller.stop()
    assert len(server.came) == letters


def test_a_later_attempt_is_the_same_letter() -> None:
    settings, first = config(), parcel()
    later = Parcel(first.id, first.key, first.kind, first.payload, first.created_at, None, attempts=7)
    assert build(later, settings.mailbox, settings.organisation).as_bytes() == written()
