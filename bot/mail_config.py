"""Mail's part of config.yaml: the mailboxes, their servers and logins, and the limits of automatic mail."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, FilePath, ValidationInfo, field_validator

from bot.notation import (
    Domain,
    Duration,
    Host,
    Line,
    MailAddress,
    MailboxName,
    Port,
    SecretAddress,
    Section,
    Size,
    Wait,
    Window,
    host,
    is_loopback,
    size,
)

MAIN = "main"
"""What the mailbox is called that has no other name."""


def _holds_certificates(file: Path) -> Path:
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError:  # TLS's own errors are of that kind, too
        raise ValueError("must be a file with certificates in PEM format that the bot may read") from None
    return file


CertificateFile = Annotated[FilePath, AfterValidator(_holds_certificates)]


class OAuthConfig(Section):
    """Login by token (XOAUTH2) instead of a password. Without a `scope`, that of the provider's mail; `custom` needs a `token_url`."""

    provider: Literal["microsoft", "google", "custom"]
    tenant: str = Field(default="", validate_default=True, pattern=r"^[A-Za-z0-9.-]*$")
    client_id: Line
    flow: Literal["client_credentials", "refresh_token"]
    scope: str = ""
    authority: SecretAddress = "https://login.microsoftonline.com"
    token_url: SecretAddress | None = Field(default=None, validate_default=True)
    ca_file: CertificateFile | None = None

    @field_validator("tenant")
    @classmethod
    def _names_the_directory(cls, tenant: str, info: ValidationInfo) -> str:
        if info.data.get("provider") == "microsoft" and not tenant:
            raise ValueError("is missing; microsoft needs the directory's id or domain, such as example.onmicrosoft.com")
        return tenant

    @field_validator("flow")
    @classmethod
    def _is_offered(cls, flow: str, info: ValidationInfo) -> str:
        if info.data.get("provider") == "google" and flow == "client_credentials":
            raise ValueError("must be refresh_token with google, which knows no client credentials for mail")
        return flow

    @field_validator("token_url")
    @classmethod
    def _only_of_a_custom_provider(cls, token_url: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("provider") == "custom" and token_url is None:
            raise ValueError("is missing; a custom provider needs the address that hands out its tokens")
        if info.data.get("provider") == "microsoft" and token_url is not None:
            raise ValueError("is for google and custom; microsoft's servers are found through authority and tenant")
        return token_url


class ServerConfig(Section):
    """Host, port, how the line is secured and who logs in how. Plain text is allowed on this machine only."""

    host: Host
    port: Port
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    login: Literal["password", "oauth"] = "password"
    timeout: Wait = timedelta(seconds=60)
    ca_file: CertificateFile | None = None

    @field_validator("security")
    @classmethod
    def _plain_only_on_loopback(cls, security: str, info: ValidationInfo) -> str:
        if security == "none" and "host" in info.data and not is_loopback(info.data["host"]):
            raise ValueError("none is allowed for this machine (localhost, 127.0.0.1) only; use tls or starttls")
        return security

    @field_validator("login")
    @classmethod
    def _token_for_somebody(cls, login: str, info: ValidationInfo) -> str:
        user = info.data.get("user", "-")
        if login == "oauth" and not (user and user.isascii()):  # smtplib sends nothing else
            raise ValueError("oauth needs a user, in ASCII: the mailbox's address at the provider")
        return login


class FoldersConfig(Section):
    """Where mail lies: it waits in `inbox` and is moved when its ticket is recorded. Missing folders are made."""

    inbox: Line = "INBOX"
    filed: Line = "Privacy/Filed"
    ignored: Line = "Privacy/Ignored"
    held: Line = "Privacy/Held"

    @field_validator("filed", "ignored", "held")
    @classmethod
    def _leads_out_of_the_inbox(cls, folder: str, info: ValidationInfo) -> str:
        if folder.upper() == str(info.data.get("inbox", "INBOX")).upper():  # its mails would come in again and again
            raise ValueError("must be another folder than inbox")
        return folder


class ImapConfig(ServerConfig):
    """The mailbox that is watched."""

    port: Port = 993
    user: Line
    idle: bool = True
    idle_renew: Wait = timedelta(seconds=40)
    poll: Wait = timedelta(minutes=1)
    batch: int = Field(default=50, ge=1, le=500)
    largest_mail: Size = size("25MB")
    folders: FoldersConfig = FoldersConfig()


class SmtpConfig(ServerConfig):
    """The server that takes our letters. Without a user, no login. `envelope_sender: null` sends with an empty return path (RFC 3834)."""

    port: Port = 465
    envelope_sender: MailAddress | None = None


class MailboxConfig(Section):
    """A privacy mailbox: its address, its other names, its two servers, and whose word on senders is believed.

    `colleagues`: the domains whose people forward requests; None: those of `address` and `aliases` but for mail providers'.

    `name` tells several mailboxes apart. `authserv_id` is what the own mail server calls itself in Authentication-Results (RFC 8601);
    without one no sender is doubted.
    """

    name: MailboxName = MAIN
    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    authserv_id: tuple[str, ...] = ()
    unauthenticated: Literal["hold_letters", "answer"] = "hold_letters"
    colleagues: tuple[Domain, ...] | None = None
    oauth: OAuthConfig | None = None
    imap: ImapConfig
    smtp: SmtpConfig

    @field_validator("authserv_id", mode="before")
    @classmethod
    def _one_or_several_ids(cls, value: Any) -> tuple[str, ...]:
        names = value if isinstance(value, (list, tuple)) else [value]
        try:
            return tuple(host(name).lower() for name in names)
        except ValueError:
            raise ValueError("write the id as mx.example.org, or several as [mx1.example.org, mx2.example.org]") from None

    @field_validator("imap", "smtp")
    @classmethod
    def _token_from_somewhere(cls, server: ServerConfig, info: ValidationInfo) -> ServerConfig:
        if server.login == "oauth" and "oauth" in info.data and info.data["oauth"] is None:
            raise ValueError("login: oauth needs an oauth: section in this mailbox")
        return server

    @field_validator("smtp")
    @classmethod
    def _oauth_for_something(cls, smtp: SmtpConfig, info: ValidationInfo) -> SmtpConfig:
        imap = info.data.get("imap")
        if info.data.get("oauth") is not None and imap is not None and "oauth" not in (imap.login, smtp.login):
            raise ValueError("no server logs in by the oauth: section; write login: oauth in imap and smtp")
        return smtp


FurtherMailboxes = Annotated[tuple[MailboxConfig, ...], Field(max_length=50)]


class AutomaticMailConfig(Section):
    """The last line against loops: how many letters the bot writes by itself. Above it the ticket says so and a person answers.

    `volley` limits the letters to one sender that a mail in hand can be an answer to: two machines that answer each other.
    `all_senders` does not count against what waited longer than its window, as after an outage; `oldest` ends that: the month to
    answer is over (Art 12(3) GDPR), so a person writes.
    """

    oldest: Window = timedelta(days=30)

    volley: int = Field(default=2, ge=1)
    volley_window: Window = timedelta(hours=1)
    per_sender: int = Field(default=4, ge=1)
    per_sender_window: Window = timedelta(days=1)
    all_senders: int = Field(default=200, ge=1)
    all_senders_window: Window = timedelta(hours=1)


class ThreadsConfig(Section):
    """Until when a reply reopens a closed ticket, counted from the day it was closed; a later one opens a new ticket that is linked."""

    reopen_within: Duration = timedelta(days=30)
