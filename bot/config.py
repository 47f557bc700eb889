"""Config: what config.yaml may say, as pydantic models with safe defaults; unknown keys are refused, secrets are not in here."""

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from bot.authorities import authority_for
from bot.clocks import Place, check_place, regimes
from bot.digest_config import DigestConfig
from bot.mail_config import AutomaticMailConfig, FurtherMailboxes, MailboxConfig, ThreadsConfig
from bot.notation import (
    Country,
    DatabaseAddress,
    Day,
    Duration,
    Host,
    Language,
    Line,
    MailAddress,
    OptionalTimeOfDay,
    OptionalWebAddress,
    Port,
    Section,
    SlackId,
    TimeOfDay,
    WebAddress,
    Window,
    Zone,
    duration,
    time_of_day,
)
from bot.slack_config import SlackConfig
from bot.webhook_config import SUPPRESSION, ReceiverConfig, SuppressionConfig, Webhooks

_ANY_ZONE = ZoneInfo("UTC")


class AuthorityConfig(Section):
    """The supervisory authority named in letters; without it, the national one of `organisation.country`."""

    name: Line
    url: WebAddress


class OrganisationConfig(Section):
    """Who the controller is, as letters and clocks need it."""

    name: Line
    postal_address: str = ""
    country: Country
    subdivision: str | None = Field(default=None, validate_default=True)
    time_zone: Zone
    language: Language = "en"
    dpo: MailAddress
    privacy_notice: OptionalWebAddress = ""
    authority: AuthorityConfig | None = Field(default=None, validate_default=True)
    signature: str = ""
    extra: str = ""

    @field_validator("country")
    @classmethod
    def _has_a_calendar(cls, country: str) -> str:
        # GB is not whole without its nation, but that is `subdivision`'s fault and told there
        check_place(Place(country, "ENG" if country == "GB" else None, _ANY_ZONE))
        return country

    @field_validator("subdivision")
    @classmethod
    def _lies_in_the_country(cls, subdivision: str | None, info: ValidationInfo) -> str | None:
        if country := info.data.get("country"):
            check_place(Place(country, subdivision, _ANY_ZONE))
        return subdivision

    @field_validator("authority")
    @classmethod
    def _is_known_or_named(cls, authority: AuthorityConfig | None, info: ValidationInfo) -> AuthorityConfig | None:
        """Letters name whom to complain to (Art 12(4), 13(2)(d) GDPR)."""
        if authority is None and (country := info.data.get("country")):
            try:
                authority_for(country)
            except LookupError:
                raise ValueError(f"none is known for {country}; name one: {{name: ..., url: https://...}}") from None
        return authority


class LettersConfig(Section):
    """Templates of the organisation's own: `<language>/<letter>.j2` in this folder goes before ours (docs/letters.md)."""

    folder: Path | None = None


class ClocksConfig(Section):
    """Which law applies where a message names none, and corrections of the public-holiday table."""

    regime: str = "eu_gdpr"
    holidays_added: tuple[Day, ...] = ()
    holidays_removed: tuple[Day, ...] = ()

    @field_validator("regime")
    @classmethod
    def _known_regime(cls, regime: str) -> str:
        if regime not in regimes():
            raise ValueError(f"must be one of {', '.join(regimes())}")
        return regime


class RemindersConfig(Section):
    """When people are reminded, in the organisation's time zone and on its working days; clocks in hours heed neither night nor weekend.

    `unassigned` and `unread` are working days: until the desk hears of a ticket that nobody took, and until the handler hears of an
    answer that nobody looked at. Who hears next stands in `reminder_steps`.
    """

    before_due: tuple[Duration, ...] = tuple(duration(step) for step in ("14d", "7d", "3d", "1d"))
    escalate_before_due: Duration = timedelta(days=1)
    extension_decision: Duration = timedelta(days=10)
    unassigned: int = Field(default=2, ge=1, le=30)
    unread: int = Field(default=1, ge=1, le=30)
    quiet_from: TimeOfDay = time_of_day("18:00")
    quiet_until: TimeOfDay = time_of_day("08:00")
    at: TimeOfDay = Field(default=time_of_day("08:00"), validate_default=True)

    @field_validator("before_due")
    @classmethod
    def _different_whole_days(cls, steps: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if len(set(steps)) < len(steps) or any(step < timedelta(days=1) or step % timedelta(days=1) for step in steps):
            raise ValueError("write whole days, each once, such as [14d, 7d]; the due day itself needs no mention")
        return steps

    @field_validator("escalate_before_due", "extension_decision")
    @classmethod
    def _whole_days(cls, before: timedelta) -> timedelta:
        if before % timedelta(days=1):
            raise ValueError("write whole days, such as 1d")
        return before

    @field_validator("at")
    @classmethod
    def _outside_the_quiet_hours(cls, at: time, info: ValidationInfo) -> time:
        start, end = info.data.get("quiet_from", at), info.data.get("quiet_until", at)
        if start <= at < end or (start > end and not end <= at < start):
            raise ValueError(f"must lie outside the quiet hours, {start:%H:%M} to {end:%H:%M}")
        return at


class EscalationConfig(Section):
    """Who is told when a request is about to be late, or is: managers by mail, and people or channels in Slack."""

    managers: tuple[MailAddress, ...] = ()
    slack: tuple[SlackId, ...] = ()


class WatchdogConfig(Section):
    """When the desk is told that mail may not reach us any more; mail-only, the managers are."""

    no_poll_for: Window = timedelta(minutes=15)
    nothing_arrived_for: Window = timedelta(days=7)
    self_test: OptionalTimeOfDay = None


class RetentionConfig(Section):
    """How long things are kept after a ticket was closed (messages, tickets) or after they came in (ignored mail)."""

    messages: Duration = timedelta(days=365)
    tickets: Duration = timedelta(days=3 * 366 + 366)
    ignored: Duration = timedelta(days=14)


class CalendarConfig(Section):
    """The iCalendar file of the open due dates; calendars subscribe to it where a web server or a shared folder offers it."""

    file: Path


class HealthConfig(Section):
    """Where /healthz and /metrics are served; no personal data in either."""

    host: Host = "127.0.0.1"
    port: Port = 9464


class PolicyConfig(Section):
    """The company's own privacy policy or answers (.md, .html, text): passages of it are offered to whoever replies to a question."""

    files: tuple[Path, ...] = ()


class Config(Section):
    """The whole file."""

    organisation: OrganisationConfig
    mailbox: MailboxConfig
    mailboxes: FurtherMailboxes = ()
    database: DatabaseAddress = "sqlite:///privacybot.db"
    slack: SlackConfig | None = None
    letters: LettersConfig = LettersConfig()
    clocks: ClocksConfig = ClocksConfig()
    reminders: RemindersConfig = RemindersConfig()
    escalation: EscalationConfig = EscalationConfig()
    digest: DigestConfig = DigestConfig()
    automatic_mail: AutomaticMailConfig = AutomaticMailConfig()
    threads: ThreadsConfig = ThreadsConfig()
    watchdog: WatchdogConfig = WatchdogConfig()
    retention: RetentionConfig = RetentionConfig()
    health: HealthConfig | None = None
    calendar: CalendarConfig | None = None
    policy: PolicyConfig = PolicyConfig()
    suppression: SuppressionConfig = SuppressionConfig()
    webhooks: Webhooks = ()
    model: Path | None = None

    @field_validator("mailboxes")
    @classmethod
    def _each_by_itself(cls, mailboxes: FurtherMailboxes, info: ValidationInfo) -> FurtherMailboxes:
        every = (*filter(None, [info.data.get("mailbox")]), *mailboxes)
        if len({mailbox.name for mailbox in every}) < len(every):
            raise ValueError("each needs a name of its own, other than the first one's (main, if it has none)")
        if len({mailbox.address for mailbox in every}) < len(every):
            raise ValueError("each needs an address of its own")
        return mailboxes

    @property
    def all_mailboxes(self) -> tuple[MailboxConfig, ...]:
        """The main mailbox, then the further ones."""
        return (self.mailbox, *self.mailboxes)

    def mailbox_called(self, name: str | None) -> MailboxConfig:
        """The mailbox with this name; the main one for what came by another way, or by a mailbox that is no longer there."""
        return next((mailbox for mailbox in self.all_mailboxes if mailbox.name == name), self.mailbox)

    @property
    def receivers(self) -> dict[str, ReceiverConfig]:
        """All webhooks by name: those of tickets, and that of the suppression list."""
        own = {SUPPRESSION: self.suppression.webhook} if self.suppression.webhook else {}
        return {**own, **{webhook.name: webhook for webhook in self.webhooks}}

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that is one of the mailboxes."""
        return frozenset(address for mailbox in self.all_mailboxes for address in (mailbox.address, *mailbox.aliases))

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
