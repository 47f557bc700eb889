"""House: who belongs to the controller, so that a colleague's forward is told from a stranger's."""

import re
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from bot.asking.words import terms
from bot.config import Config


@dataclass(frozen=True, slots=True)
class House:
    """Our own mailboxes, the domains and single addresses of our colleagues, and the office's time zone."""

    own: frozenset[str]
    domains: frozenset[str]
    people: frozenset[str]
    zone: ZoneInfo

    def is_own(self, address: str) -> bool:
        """The privacy mailbox itself, a plus-tag behind its name not counted (RFC 5233)."""
        local, _, domain = address.rpartition("@")
        return address in self.own or f"{local.partition('+')[0]}@{domain}" in self.own

    def is_ours(self, address: str) -> bool:
        """A colleague's address, or our own."""
        return self.is_own(address) or address in self.people or lies_in(address.rpartition("@")[2], self.domains)


def lies_in(domain: str, domains: frozenset[str]) -> bool:
    """The domain is one of these, or below one of them."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))


def house_of(config: Config) -> House:
    """`mailbox.colleagues`, or else the domains of the mailbox and its aliases that no stranger can have an address at."""
    named = config.mailbox.colleagues
    own = (domain for address in config.own_addresses if not is_freemail(domain := address.rpartition("@")[2]))
    people = (config.organisation.dpo, *config.escalation.managers)
    return House(config.own_addresses, frozenset(own if named is None else named), frozenset(people), config.organisation.time_zone)


def is_freemail(domain: str) -> bool:
    """Anybody can have an address there."""
    return bool(_provider().fullmatch(domain)) or lies_in(domain, frozenset(terms("freemail_domains")))


@cache
def _provider() -> re.Pattern[str]:
    """`yahoo.fr`, `yahoo.co.uk`, but not `live.example.org`."""
    return re.compile(rf"(?:{'|'.join(terms('freemail_names'))})\.(?:[a-z]{{2,3}}\.)?[a-z]{{2,3}}")
