"""SMTP: takes letters to requesters; the same notice gives the same bytes, however often it is sent."""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from time import monotonic
from typing import Any

from bot.accounts import Account, Credential
from bot.config import OrganisationConfig
from bot.layout import one_line
from bot.mail_config import MailboxConfig, SmtpConfig
from bot.oauth import TokenError, Tokens
from bot.outbox import Parcel, TryAgain, Undeliverable
from bot.pictures import add_pictures

_PERMANENT = 500
_CLOSING = 421
_TOO_LARGE = 552  # said of the announced size already, before the letter itself (RFC 1870 6.1)
_LOGIN_TROUBLE = (530, 534, 535, 538)
_ID_FIELDS = frozenset(("message-id", "in-reply-to", "references"))
_SES_ID = re.compile(r"^Ok ([0-9a-f]{16}-[0-9a-f]{8}-[0-9a-f-]{27}-\d{6})\b", re.IGNORECASE)
_SES_REGION = re.compile(r"email-smtp(?:-fips)?\.([a-z0-9-]+)\.")
_REST = timedelta(minutes=1)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
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


class MailCourier:
    """Gives each letter to the server of the mailbox that its ticket came to; one that is out does not keep the others from working."""

    def __init__(self, accounts: Sequence[Account], organisation: OrganisationConfig, digest: Callable[[str], str],
                 clock: Callable[[], float] = monotonic) -> None:  # fmt: skip
        """The first account serves what belongs to no mailbox, or to one that is there no more; `clock` counts seconds."""
        self._couriers = {one.mailbox.name: SmtpCourier(one.mailbox, organisation, one.smtp, digest) for one in accounts}
        self._main, self._clock = accounts[0].mailbox.name, clock
        self._resting: dict[str, float] = {}

    def send(self, parcel: Parcel) -> str:
        """As `SmtpCourier.send`."""
        name = str(parcel.payload.get("mailbox", ""))
        name = name if name in self._couriers else self._main
        if (rest := self._resting.get(name, 0.0) - self._clock()) > 0:
            raise TryAgain("its server is out", timedelta(seconds=rest))
        try:
            return self._couriers[name].send(parcel)
        except TryAgain as trouble:
            if not trouble.down or len(self._couriers) == 1:
                raise
            self._resting[name] = self._clock() + (trouble.after or _REST).total_seconds()
            raise TryAgain(trouble.code, trouble.after) from None

    def find(self, parcel: Parcel) -> str | None:
        """Always None: SMTP can't be asked."""
        return None

    def rest(self) -> None:
        """Say goodbye to all."""
        for courier in self._couriers.values():
            courier.rest()


class SmtpCourier:
    """One connection for a batch of letters. A server can't be asked what it took, so a stale claim is sent again, byte for byte."""

    def __init__(self, mailbox: MailboxConfig, organisation: OrganisationConfig, credential: Credential,
                 digest: Callable[[str], str] | None = None) -> None:  # fmt: skip
        self._mailbox, self._organisation, self._credential = mailbox, organisation, credential
        self._digest = digest or (lambda text: hashlib.sha256(text.encode()).hexdigest())
        self._server: _Server | None = None

    def send(self, parcel: Parcel) -> str:
        """Hand one letter over. Returns the receipt `HASH` or `HASH;HASH`: of its Message-ID (the first half of it, it is known anyway),
        and, whole, of the one that the server says it gave the letter instead, as Amazon SES does; a reply will name that one.
        """
        if len(parcel.files) != parcel.payload.get("enclosed", 0):
            raise Undeliverable("its files are gone")  # a letter that speaks of them must not leave without
        try:
            letter = build(parcel, self._mailbox, self._organisation)
        except ValueError:  # an address or id that is no header value; UnicodeError is a ValueError too
            raise Undeliverable("not a letter") from None
        try:
            server = self._connected()
            server.send_message(letter, self._return_path(parcel), [parcel.payload["to"]])
        except (smtplib.SMTPException, OSError) as error:
            raise self._trouble(error) from None
        except TokenError as error:
            raise TryAgain(str(error)[:200], down=True) from None
        own = str(parcel.payload["message_id"])
        given = given_id(self._mailbox.smtp.host, server.said)
        receipt = self._digest(own)[:32]
        return f"{receipt};{self._digest(given)}" if given not in ("", own) else receipt

    def _return_path(self, parcel: Parcel) -> str:
        """Empty for what a machine says, so that no machine answers (RFC 3834 3.3); what a person wrote comes back if it can't arrive."""
        return self._mailbox.smtp.envelope_sender or (self._mailbox.address if parcel.payload.get("by_person") else "<>")

    def find(self, parcel: Parcel) -> str | None:
        """Always None: SMTP can't be asked."""
        return None

    def rest(self) -> None:
        """Say goodbye; the next letter connects again."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _connected(self) -> "_Server":
        if self._server is None:
            self._server = connect(self._mailbox.smtp, self._credential)
        return self._server

    def _trouble(self, error: Exception) -> TryAgain | Undeliverable:
        """Refused for this reader, or for everybody at the moment? Only the first is final."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._refused_for_reader(next(iter(error.recipients.values()))[0])
        if isinstance(error, smtplib.SMTPNotSupportedError) and self._server is not None:
            return Undeliverable("address needs SMTPUTF8")
        if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == _TOO_LARGE:
            return Undeliverable(f"smtp {_TOO_LARGE}")
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


class _Remembering:
    """Keeps what the server said when it took a letter, which smtplib lets fall."""

    said = ""

    def data(self, letter: Any) -> tuple[int, bytes]:
        code, words = super().data(letter)  # type: ignore[misc]
        self.said = words.decode("ascii", "replace")
        return code, words


class _Server(_Remembering, smtplib.SMTP):
    """In clear, or after STARTTLS."""


class _TlsServer(_Remembering, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def given_id(host: str, said: str) -> str:
    """The Message-ID that a server says it gave a letter: Exchange names it, Amazon SES its left half. Empty where it says none."""
    if found := _SES_ID.match(said):
        region = _SES_REGION.search(host)
        domain = "email" if region is None or region[1] == "us-east-1" else region[1]
        return f"<{found[1]}@{domain}.amazonses.com>"
    return next((word for word in _ID.findall(said) if "@" in word), "")


def connect(config: SmtpConfig, credential: Credential) -> "_Server":
    """A connection that is encrypted and logged in as the config says; STARTTLS is never skipped.

    Raises SMTPException, OSError or TokenError.
    """
    seconds = config.timeout.total_seconds()
    context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    token = credential.token() if isinstance(credential, Tokens) and config.user else ""
    server: Any = (
        _TlsServer(config.host, config.port, timeout=seconds, context=context)
        if config.security == "tls"
        else _Server(config.host, config.port, timeout=seconds)
    )
    try:
        if config.security == "starttls":
            server.starttls(context=context)
        if config.user and isinstance(credential, str):
            server.login(config.user, credential)
        elif config.user and isinstance(credential, Tokens):
            _login_by_token(server, config.user, credential, token)
    except (smtplib.SMTPException, OSError, TokenError):
        server.close()
        raise
    return server  # type: ignore[no-any-return]


def _login_by_token(server: smtplib.SMTP, user: str, tokens: Tokens, token: str) -> None:
    """A token may have been withdrawn before its time: one that is refused is replaced, once."""
    server.ehlo_or_helo_if_needed()
    try:
        _authenticate(server, user, token)
    except smtplib.SMTPAuthenticationError:
        _authenticate(server, user, tokens.instead_of(token))


def _authenticate(server: smtplib.SMTP, user: str, token: str) -> None:
    """XOAUTH2. A server that says why it refuses (334) is answered by an empty line, then it says 535."""
    server.auth("XOAUTH2", lambda challenge=None: f"user={user}\x01auth=Bearer {token}\x01\x01" if challenge is None else "")


def failure(error: Exception) -> str:
    """A code for the log: the server's words could hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"smtp {code}" if code else type(error).__name__


def build(parcel: Parcel, mailbox: MailboxConfig, organisation: OrganisationConfig) -> EmailMessage:
    """The letter as a mail, from nothing but the notice and its files: same notice, same bytes.

    Automatic answers have the headers that RFC 3834 asks for. A person's letter is not marked as a machine's (its section 5: no field
    says the same as `no`), so that filters don't take it for one; our token stands in both, for it tells our own letters to us alone.
    """
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
    if not payload.get("by_person"):
        mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Privacybot-Loop"] = payload["loop"]
    mail.set_content(payload["text"], cte="quoted-printable")
    if payload.get("html"):
        mail.add_alternative(payload["html"], subtype="html", cte="quoted-printable")
        mail.set_boundary(_boundary(parcel.key))
        add_pictures(mail, payload.get("inline", ()), parcel.key)
    for file in parcel.files:
        mail.add_attachment(file.content, *_type(file.media_type), filename=one_line(file.name) or "file")
    if parcel.files:
        mail.set_boundary(_boundary(f"{parcel.key} and its files"))
    mail["Content-Language"] = payload["language"]  # last: set_content and add_alternative take Content-* headers away
    return mail


def _boundary(name: str) -> str:
    """The same each time, so that a letter sent again is the same byte for byte."""
    return "=_" + hashlib.sha256(name.encode()).hexdigest()[:32]


def _type(media_type: str) -> tuple[str, str]:
    """Main and sub type of an enclosed file; mails and multiparts can't be encoded as files are (RFC 2046 5.1, 5.2.1)."""
    main, _, sub = media_type.lower().partition("/")
    known = _TOKEN.fullmatch(main) and _TOKEN.fullmatch(sub) and main not in ("message", "multipart")
    return (main, sub) if known else ("application", "octet-stream")
