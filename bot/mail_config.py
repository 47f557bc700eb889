"""Mail's part of config.yaml: the mailbox, its two servers, and the limits of automatic mail."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, FilePath, ValidationInfo, field_validator

from bot.notation import Host, Line, MailAddress, Port, Section, Size, Wait, Window, is_loopback, size


class ServerConfig(Section):
    """Host, port and how the line is secured. Plain text is allowed on this machine only."""

    host: Host
    port: Port
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    timeout: Wait = timedelta(seconds=60)
    ca_file: FilePath | None = None

    @field_validator("security")
    @classmethod
    def _plain_only_on_loopback(cls, security: str, info: ValidationInfo) -> str:
        if security == "none" and "host" in info.data and not is_loopback(info.data["host"]):
            raise ValueError("none is allowed for this machine (localhost, 127.0.0.1) only; use tls or starttls")
        return security


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
    poll: Wait = timedelta(minutes=1)
    batch: int = Field(default=50, ge=1, le=500)
    largest_mail: Size = size("25MB")
    folders: FoldersConfig = FoldersConfig()


class SmtpConfig(ServerConfig):
    """The server that takes our letters. Without a user, no login. `envelope_sender: null` sends with an empty return path (RFC 3834)."""

    port: Port = 465
    envelope_sender: MailAddress | None = None


class MailboxConfig(Section):
    """The privacy mailbox: its address, its other names, and its two servers."""

    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    imap: ImapConfig
    smtp: SmtpConfig


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
