"""The table of supervisory authorities."""

import re

import pytest

from bot.authorities import authority_for


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


def test_a_country_without_a_known_authority_is_named() -> None:
    with pytest.raises(LookupError, match="BR"):
        authority_for("BR")
