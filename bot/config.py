"""Config: what config.yaml may say, as pydantic models with safe defaults; unknown keys are refused, secrets are not in here."""

from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.clocks import ClockError, Place, check_place, regimes
from bot.notation import (
    Country,
    Duration,
    Language,
    MailAddress,
    Port,
    Size,
    SlackId,
    TimeOfDay,
    Weekday,
    Zone,
    duration,
    size,
    time_of_day,
)


class Section(BaseModel):
    """A part of the file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


class AuthorityConfig(Section):
    """The supervisory authority named in letters; without it, the national one of `organisation.country`."""

    name: str
    url: str = Field(pattern=r"^https://", description="an https:// address")


class OrganisationConfig(Section):
    """Who the controller is, as letters and clocks need it."""

    name: str = Field(min_length=1)
    postal_address: str = ""
    country: Country
    subdivision: str | None = None
    time_zone: Zone
    language: Language = "en"
    dpo: MailAddress
    privacy_notice: str = Field(default="", pattern=r"^(https://.*)?$", description="an https:// address, or nothing")
    authority: AuthorityConfig | None = None
    signature: str = ""
    extra: str = ""


class ServerConfig(Section):
    """Host, port and how the line is secured. Plain text is allowed on this machine only."""

    host: str = Field(min_length=1)
    port: Port
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    timeout: Duration = timedelta(seconds=60)
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _plain_only_on_loopback(self) -> Self:
        if self.security == "none" and not _is_loopback(self.host):
            raise ValueError("security: none is allowed for this machine (localhost, 127.0.0.1) only; use tls or starttls")
        return self


class FoldersConfig(Section):
    """Where mail lies: it waits in `inbox` and is moved when its ticket is recorded. Missing folders are made."""

    inbox: str = "INBOX"
    filed: str = "Privacy/Filed"
    ignored: str = "Privacy/Ignored"
    held: str = "Privacy/Held"


class ImapConfig(ServerConfig):
    """The mailbox that is watched."""

    port: Port = 993
    idle: bool = True
    poll: Duration = timedelta(minutes=1)
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


class SlackConfig(Section):
    """The desk where staff work. Without this section the bot runs mail-only."""

    desk_channel: SlackId
    intake_channel: SlackId | None = None
    show: Literal["reference", "masked", "full"] = "masked"
    api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.*/$", description="an address that ends in /")


class ClocksConfig(Section):
    """Which law applies where a message names none, and corrections of the public-holiday table."""

    regime: str = "eu_gdpr"
    holidays_added: tuple[date, ...] = ()
    holidays_removed: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _known_regime(self) -> Self:
        if self.regime not in regimes():
            raise ValueError(f"regime: allowed are {', '.join(regimes())}")
        return self


class RemindersConfig(Section):
    """When the handler is reminded before the due date; on the day itself and daily after it, without being asked."""

    before_due: tuple[Duration, ...] = tuple(duration(step) for step in ("14d", "7d", "3d", "1d"))
    escalate_before_due: Duration = timedelta(days=1)


class EscalationConfig(Section):
    """Who is told when a request is about to be late, or is."""

    managers: tuple[MailAddress, ...] = ()


class DigestConfig(Section):
    """The weekly account for managers."""

    day: Weekday = "monday"
    at: TimeOfDay = time_of_day("08:00")
    recipients: tuple[MailAddress, ...] = ()
    slack: bool = True


class AutomaticMailConfig(Section):
    """The last line against loops: how many letters the bot writes by itself. Above it the ticket says so and a person answers."""

    per_sender: int = Field(default=4, ge=1)
    per_sender_window: Duration = timedelta(days=1)
    all_senders: int = Field(default=200, ge=1)
    all_senders_window: Duration = timedelta(hours=1)


class RetentionConfig(Section):
    """How long things are kept after a ticket was closed (messages, tickets) or after they came in (ignored mail)."""

    messages: Duration = timedelta(days=365)
    tickets: Duration = timedelta(days=3 * 366 + 366)
    ignored: Duration = timedelta(days=14)


class HealthConfig(Section):
    """Where /healthz and /metrics are served; no personal data in either."""

    host: str = "127.0.0.1"
    port: Port = 9464


class Config(Section):
    """The whole file."""

    organisation: OrganisationConfig
    mailbox: MailboxConfig
    database: str = Field(
        default="sqlite:///privacybot.db",
        pattern=r"^(sqlite:///|postgresql(\+psycopg)?://)",
        description="sqlite:///FILE or postgresql://HOST/NAME",
    )
    slack: SlackConfig | None = None
    clocks: ClocksConfig = ClocksConfig()
    reminders: RemindersConfig = RemindersConfig()
    escalation: EscalationConfig = EscalationConfig()
    digest: DigestConfig = DigestConfig()
    automatic_mail: AutomaticMailConfig = AutomaticMailConfig()
    retention: RetentionConfig = RetentionConfig()
    health: HealthConfig | None = None
    model: Path | None = None

    @model_validator(mode="after")
    def _known_calendar(self) -> Self:
        try:
            check_place(self.place)
        except ClockError as error:
            raise ValueError(f"organisation: {error}") from None
        return self

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that is the mailbox itself."""
        return frozenset((self.mailbox.address, *self.mailbox.aliases))

    @property
    def place(self) -> Place:
        """Where the controller acts: calendar and time zone of the clocks."""
        organisation, clocks = self.organisation, self.clocks
        return Place(
            country=organisation.country,
            subdivision=organisation.subdivision,
            time_zone=organisation.time_zone,
            holidays_added=frozenset(clocks.holidays_added),
            holidays_removed=frozenset(clocks.holidays_removed),
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
