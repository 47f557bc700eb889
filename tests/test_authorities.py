"""The table of supervisory authorities."""

import re

import pytest

from bot.authorities import authority_for, authority_of_regime
from bot.clocks import regimes


def test_every_country_of_the_eea_has_an_authority_and_so_have_its_neighbours() -> None:
    countries = re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK" + "GBCH")
    found = [authority_for(country) for country in countries]
    assert len({url for _, url in found}) == 32
    assert all(name and re.fullmatch(r"https://[a-z0-9.-]+/", url) for name, url in found)


def test_a_german_company_answers_to_its_land() -> None:
    assert (
        authority_for("DE", "BY")
        == authority_for("DE", "DE-BY")
        == ("Bayerisches Landesamt für Datenschutzaufsicht", "https://www.lda.bayern.de/")
    )
    assert authority_for("FR", "75") == authority_for("FR")


def test_every_land_of_germany_has_its_own_authority() -> None:
    lands = re.findall("..", "BBBEBWBYHBHEHHMVNINWRPSHSLSNSTTH")
    found = [authority_for("DE", land) for land in lands]
    assert len({url for _, url in found} - {authority_for("DE")[1]}) == 16
    assert all(name and re.fullmatch(r"https://[a-z0-9.-]+/", url) for name, url in found)


def test_a_law_of_another_country_has_the_authority_that_watches_over_it() -> None:
    for regime in regimes():
        name, url = authority_of_regime(regime)
        assert bool(name) == bool(url)
        assert not url or re.fullmatch(r"https://[a-z0-9.-]+/[\w/-]*", url)
    assert authority_of_regime("uk_gdpr") == authority_for("GB")
    assert authority_of_regime("ch_fadp") == authority_for("CH")


def test_a_country_without_a_known_authority_is_named() -> None:
    with pytest.raises(LookupError, match="BR"):
        authority_for("BR")
