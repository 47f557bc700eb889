"""Office: what every room that records needs beside its session: the policy, the letters, the keys."""

from dataclasses import dataclass, field
from datetime import date

from bot.authorities import authority_for
from bot.config import Config
from bot.policy.index import PolicyIndex
from bot.screening import Policy
from bot.wording import Letters, Organisation
from models import Vault


@dataclass(frozen=True, slots=True)
class Office:
    """The settled surroundings of a decision; nothing in here changes while the bot runs."""

    config: Config
    letters: Letters
    vault: Vault
    policy: PolicyIndex = field(default_factory=lambda: PolicyIndex([]))
    """The company's own policy, for what is offered to whoever replies to a question."""

    @property
    def has_slack(self) -> bool:
        """False where the bot runs mail-only."""
        return self.config.slack is not None

    @property
    def loop_token(self) -> str:
        """The mark in our own automatic mail by which we know it again."""
        return self.vault.token("loop")

    def self_test_token(self, day: date) -> str:
        """The mark of that day's self-test mail: `2026-11-23.` and 16 hex digits that nobody can guess."""
        return f"{day}.{self.vault.token(f'self-test:{day}')}"

    def is_self_test_token(self, token: str) -> bool:
        """Whether the mark is ours, of whatever day."""
        day, _, mark = token.partition(".")
        return self.vault.token_is_ours(f"self-test:{day}", mark)

    def message_id(self, name: str) -> str:
        """Our Message-ID for the letter called `name`: the same each time, and not to be guessed (RFC 5322 3.6.4)."""
        domain = self.config.mailbox.address.partition("@")[2]
        return f"<{name}.{self.vault.token(name)}@{domain}>"

    def masked(self, address: str) -> str:
        """`j***@example.org`."""
        local, at, domain = address.partition("@")
        return f"{local[:1]}***{at}{domain}" if at else ""


def organisation_of(config: Config) -> Organisation:
    """The controller as letters name it, with the authority that people may complain to."""
    who = config.organisation
    name, url = (who.authority.name, who.authority.url) if who.authority else authority_for(who.country, who.subdivision)
    return Organisation(
        name=who.name, postal_address=who.postal_address, country=who.country, language=who.language, dpo=who.dpo,
        privacy_notice=who.privacy_notice, authority_name=name, authority_url=url, signature=who.signature, extra=who.extra,
    )  # fmt: skip


def screening_policy(office: Office) -> Policy:
    """What screening must know of ourselves."""
    mailbox = office.config.mailbox
    domain = mailbox.address.partition("@")[2]
    return Policy(
        office.config.own_addresses, domain,
        loop_tokens_valid=lambda token: token == office.loop_token, self_test_tokens_valid=office.is_self_test_token,
    )  # fmt: skip
