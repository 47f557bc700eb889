"""SMTP: takes letters to requesters; the same notice gives the same bytes, however often it is sent."""

import hashlib
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr

from bot.config import OrganisationConfig
from bot.mail_config import MailboxConfig, SmtpConfig
from bot.outbox import Parcel, TryAgain, Undeliverable

_PERMANENT = 500
_CLOSING = 421
_LOGIN_TROUBLE = (530, 534, 535, 538)
_ID_FIELDS = frozenset(("message-id", "in-reply-to", "references"))
_ID = re.compile(r"<[\x21-\x3b=\x3f-\x7e]{1,960}>")  # what may travel in a header as it is (RFC 5322 2.1.1, 3.6.4)


class _LetterPolicy(EmailPolicy):
    """The library folds a long Message-ID into an encoded word, which no mail program takes for an id; ids stand as they are."""

    def fold(self, name: str, value: str) -> str:
        return self._ids(name, value) if name.lower() in _ID_FIELDS else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self._ids(name, value).encode("ascii") if name.lower() in _ID_FIELDS else super().fold_binary(name, value)

    def _ids(self, name: str, value: str) -> str:
        return f"{name}: {f'{self.linesep} '.join(_ID.findall(value))}{self.linesep}"


_POLICY = _LetterPolicy(linesep="\r\n", raise_on_defect=False)


class SmtpCourier:
    """One connection for a batch of letters. A server can't be asked what it took, so a stale claim is sent again, byte for byte."""

    def __init__(self, mailbox: MailboxConfig, organisation: OrganisationConfig, password: str) -> None:
        self._mailbox, self._organisation, self._password = mailbox, organisation, password
        self._server: smtplib.SMTP | None = None

    def send(self, parcel: Parcel) -> str:
        """Hand one letter over. Returns its Message-ID's hash, for the record."""
        try:
            letter = build(parcel, self._mailbox, self._organisation)
        except ValueError:  # an address or id that is no header value; UnicodeError is a ValueError too
            raise Undeliverable("not a letter") from None
        try:
            server = self._connected()
            server.send_message(letter, self._mailbox.smtp.envelope_sender or "<>", [parcel.payload["to"]])
        except (smtplib.SMTPException, OSError) as error:
            raise self._trouble(error) from None
        return hashlib.sha256(str(parcel.payload["message_id"]).encode()).hexdigest()[:32]

    def find(self, parcel: Parcel) -> str | None:
        """Always None: SMTP can't be asked."""
        return None

    def rest(self) -> None:
        """Say goodbye; the next letter connects again."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = connect(self._mailbox.smtp, self._password)
        return self._server

    def _trouble(self, error: Exception) -> TryAgain | Undeliverable:
        """Refused for this reader, or for everybody at the moment? Only the first is final."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._refused_for_reader(next(iter(error.recipients.values()))[0])
        if isinstance(error, smtplib.SMTPNotSupportedError) and self._server is not None:
            return Undeliverable("address needs SMTPUTF8")
        if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _PERMANENT:
            self._reset()
            return Undeliverable(f"smtp {error.smtp_code}")
        self.rest()
        return TryAgain(failure(error), down=True)

    def _refused_for_reader(self, code: int) -> TryAgain | Undeliverable:
        if code == _CLOSING or code in _LOGIN_TROUBLE:
            self.rest()
            return TryAgain(f"smtp {code}", down=True)
        self._reset()
        return Undeliverable(f"smtp {code}") if code >= _PERMANENT else TryAgain(f"smtp {code}")

    def _reset(self) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.rset()


def connect(config: SmtpConfig, password: str) -> smtplib.SMTP:
    """A connection that is encrypted and logged in as the config says; STARTTLS is never skipped. Raises SMTPException or OSError."""
    seconds = config.timeout.total_seconds()
    context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    if config.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(config.host, config.port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(config.host, config.port, timeout=seconds)
    try:
        if config.security == "starttls":
            server.starttls(context=context)
        if config.user:
            server.login(config.user, password)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def failure(error: Exception) -> str:
    """A code for the log: the server's words could hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"smtp {code}" if code else type(error).__name__


def build(parcel: Parcel, mailbox: MailboxConfig, organisation: OrganisationConfig) -> EmailMessage:
    """The letter as a mail, from nothing but the notice: same notice, same bytes. Headers as RFC 3834 asks of automatic answers."""
    payload = parcel.payload
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = formataddr((organisation.name, mailbox.address))
    mail["To"] = payload["to"]
    mail["Subject"] = payload["subject"]
    mail["Date"] = format_datetime(parcel.created_at)
    mail["Message-ID"] = payload["message_id"]
    answered = payload["in_reply_to"] if _ID.fullmatch(payload.get("in_reply_to", "")) else ""
    if answered:
        mail["In-Reply-To"] = answered
        mail["References"] = " ".join([*filter(_ID.fullmatch, payload.get("references", ())), answered])
    mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Privacybot-Loop"] = payload["loop"]
    mail.set_content(payload["text"], cte="quoted-printable")
    if payload.get("html"):
        mail.add_alternative(payload["html"], subtype="html", cte="quoted-printable")
        mail.set_boundary("=_" + hashlib.sha256(parcel.key.encode()).hexdigest()[:32])
    mail["Content-Language"] = payload["language"]  # last: set_content and add_alternative take Content-* headers away
    return mail
