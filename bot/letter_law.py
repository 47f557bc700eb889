"""Letter law: which law's words a letter uses, and which authority it names (Art 77 GDPR and its kin)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.authorities import authority_of_regime, name_in
from bot.law.clock_table import table

EU = "eu_gdpr"
_NO_APPEAL = frozenset(("us_ca_ccpa", "us_ut_ucpa", "us_can_spam"))  # there the refusal itself is the last word of the controller


class Law(StrEnum):
    """Laws that share their words about complaints, appeals and courts."""

    GDPR = "gdpr"
    UK = "uk"  # also a right to complain to the controller: DPA 2018 s 164A
    SWISS = "swiss"  # the FDPIC is told of a breach (FADP Art 49), the civil courts decide (Art 32)
    CALIFORNIA = "california"
    US = "us"  # an appeal to the controller comes before the attorney general
    OTHER = "other"


_LAWS: Mapping[str, Law] = {EU: Law.GDPR, "uk_gdpr": Law.UK, "ch_fadp": Law.SWISS, "us_ca_ccpa": Law.CALIFORNIA}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a letter says of the law: its kin, the authority (both empty where none is named), whether an appeal is open."""

    law: Law
    authority: str
    authority_url: str
    appeal: bool

    @property
    def american(self) -> bool:
        """True where dates are written the American way and English is understood by whoever handles the letter."""
        return self.law in (Law.CALIFORNIA, Law.US)


def grounds(regime: str, country: str, authority: tuple[str, str], language: str) -> Grounds:
    """The words for `regime` (`eu_gdpr`, `us_tx_tdpsa`, ...) in a letter of a controller in `country` whose own authority is `authority`.

    Another country's law is watched by its own authority, whatever the controller's. `language` picks among the names of an authority.
    """
    law = _LAWS.get(regime, Law.US if regime.startswith("us_") else Law.OTHER)
    name, url = authority if law is not Law.CALIFORNIA and _is_at_home(regime, country) else authority_of_regime(regime)
    return Grounds(law, name_in(language, name, url), url, law is Law.US and regime not in _NO_APPEAL)


def _is_at_home(regime: str, country: str) -> bool:
    known = table().regimes.get(regime)
    return known is None or country in known.countries
