"""Office: what every room that records needs beside its session: the policy, the letters, the keys."""

from dataclasses import dataclass

from bot.config import Config
from bot.wording import Letters
from models import Vault


@dataclass(frozen=True, slots=True)
class Office:
    """The settled surroundings of a decision; nothing in here changes while the bot runs."""

    config: Config
    letters: Letters
    vault: Vault

    @property
    def has_slack(self) -> bool:
        """False where the bot runs mail-only."""
        return self.config.slack is not None

    @property
    def loop_token(self) -> str:
        """The mark in our own automatic mail by which we know it again."""
        return self.vault.token("loop")

    def message_id(self, name: str) -> str:
        """Our Message-ID for the letter called `name`: the same each time, and not to be guessed (RFC 5322 3.6.4)."""
        domain = self.config.mailbox.address.partition("@")[2]
        return f"<{name}.{self.vault.token(name)}@{domain}>"

    def masked(self, address: str) -> str:
        """`j***@example.org`."""
        local, at, domain = address.partition("@")
        return f"{local[:1]}***{at}{domain}" if at else ""
