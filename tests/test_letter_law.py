"""Letters under each law: its own words for complaints, appeals and courts, its own authority, and never those of another law."""

import re
from dataclasses import replace

import pytest

from bot.letter_law import Law, grounds
from bot.letter_samples import samples
from bot.wording import Letters
from intents.catalog import Intent
from tests.letter_words import COURTS, DAYS
from tests.letters import DUE, LETTERS, ORGANISATION, RECEIVED, REFERENCE, acknowledge, close_all

EVERY_OUTCOME = [(Intent.ACCESS, "fulfilled"), (Intent.ERASURE, "refused"), (Intent.OBJECTION, "partly"), (Intent.PORTABILITY, "no_data")]
STATUTES = re.compile(r"\b(GDPR|DSGVO|RGPD|RODO|AVG|CCPA|FADP|DSG|LPD)\b|\b(?i:art(icle|ikel|igo|ículo|icolo|ykuł)?)\.? ?\d")


def refused(regime: str, language: str = "en", letters: Letters = LETTERS) -> str:
    return close_all([(Intent.ERASURE, "refused")], language, letters=letters, regime=regime).text


def american(intents: list[Intent], language: str = "en", regime: str = "us_ca_ccpa") -> str:
    letter = LETTERS.acknowledgement(
        reference=REFERENCE, received_on=RECEIVED, intents=intents, due=DUE, language=language, regime=regime, opt_out_due=RECEIVED
    )
    return letter.text


@pytest.mark.parametrize(("regime", "country", "authority"), [
    ("eu_gdpr", "DE", "Our own"), ("eu_gdpr", "CH", "European Data Protection Board"), ("uk_gdpr", "GB", "Our own"),
    ("uk_gdpr", "DE", "Information Commissioner"), ("ch_fadp", "CH", "Our own"), ("ch_fadp", "FR", "Federal Data Protection"),
    ("us_ca_ccpa", "US", "California Privacy Protection Agency"), ("br_lgpd", "DE", "Autoridade Nacional"), ("us_tx_tdpsa", "DE", ""),
])  # fmt: skip
def test_the_authority_is_that_of_the_law(regime: str, country: str, authority: str) -> None:
    found = grounds(regime, country, ("Our own", "https://own.example/"), "en")
    assert found.authority.startswith(authority)
    assert bool(found.authority) == bool(authority)
    assert found.authority_url.startswith("https://") or not authority


def test_an_authority_with_several_names_has_the_one_of_the_letters_language() -> None:
    assert "(PFPDT) <https://www.edoeb.admin.ch/>" in refused("ch_fadp", "fr")
    assert "(IFPDT) <https://www.edoeb.admin.ch/>" in refused("ch_fadp", "it")
    assert "(EDÖB) <https://www.edoeb.admin.ch/>" in refused("ch_fadp", "de")


@pytest.mark.parametrize("language", LETTERS.languages())
def test_no_letter_cites_a_statute(language: str) -> None:
    """Plain language (Art 12(1) GDPR); and so no letter can cite one of another country."""
    for sample in samples():
        assert not STATUTES.search(sample.write(LETTERS, language).text), sample.name


@pytest.mark.parametrize("language", LETTERS.languages())
def test_only_where_a_court_decides_a_refusal_names_it(language: str) -> None:
    for regime in ("eu_gdpr", "uk_gdpr", "ch_fadp"):
        assert COURTS[language] in refused(regime, language)
    for regime in ("us_ca_ccpa", "us_tx_tdpsa", "br_lgpd"):
        assert COURTS[language] not in refused(regime, language)


def test_a_british_refusal_tells_of_the_complaint_to_ourselves() -> None:
    assert "complain to us ourselves" in refused("uk_gdpr")
    assert "complain to us ourselves" not in refused("eu_gdpr")


def test_an_american_refusal_tells_of_the_appeal_where_there_is_one() -> None:
    told = {regime: "(appeal)" in refused(regime) for regime in ("us_tx_tdpsa", "us_co_cpa", "us_ca_ccpa", "us_ut_ucpa", "eu_gdpr")}
    assert told == {"us_tx_tdpsa": True, "us_co_cpa": True, "us_ca_ccpa": False, "us_ut_ucpa": False, "eu_gdpr": False}


@pytest.mark.parametrize("language", LETTERS.languages())
def test_each_request_of_several_stands_below_how_it_ended(language: str) -> None:
    for regime in ("eu_gdpr", "ch_fadp"):
        text = close_all(EVERY_OUTCOME, language, regime=regime).text
        order = (Intent.ACCESS, Intent.OBJECTION, Intent.ERASURE, Intent.PORTABILITY)  # done, in part, refused, nothing found
        places = [text.index(f":\n\n- {named(intent, language)}") for intent in order]
        assert places == sorted(places)
        assert text.index("Because of § 1.") > places[-1]


def named(intent: Intent, language: str) -> str:
    return next(line.removeprefix("- ") for line in acknowledge([intent], language).text.splitlines() if line.startswith("- "))


@pytest.mark.parametrize("language", LETTERS.languages())
class TestCalifornia:
    """11 CCR 7021(a): confirm receipt, describe the verification, say when the answer comes."""

    def test_stands_in_the_senders_language_with_english_below(self, language: str) -> None:
        text = american([Intent.ACCESS], language)
        assert text.count(REFERENCE) == (1 if language == "en" else 2)
        assert "Before we answer, we check that the message comes from the person it is about" in text
        assert "December 22, 2026" in text
        assert language == "en" or DAYS[language] in text
        assert "California Privacy Protection Agency <https://cppa.ca.gov/>" in text

    def test_verifies_nobody_for_an_opt_out_and_gives_its_date(self, language: str) -> None:
        text = american([Intent.OPT_OUT_SALE], language)
        assert "Before we answer, we check" not in text
        assert "No sale and no sharing, at the latest from: November 1, 2026" in text
        assert "nobody has to show who they are" in text


def test_a_period_that_cannot_be_extended_is_not_said_to_be() -> None:
    letter = LETTERS.acknowledgement(
        reference=REFERENCE, received_on=RECEIVED, intents=[Intent.ACCESS], due=DUE, language="en", regime="br_lgpd", extendable=False
    )
    assert "need more time" not in letter.text
    assert "need more time" in acknowledge([Intent.ACCESS], "en").text


def test_no_data_is_no_refusal_and_needs_no_reasons() -> None:
    text = close_all([(Intent.ACCESS, "no_data")], "en", "").text
    assert "found no personal data about you" in text
    assert "court" not in text


def test_what_has_no_name_of_its_own_stands_in_no_list() -> None:
    text = close_all([(Intent.OTHER, "not_a_request"), (Intent.ACCESS, "fulfilled")], "en", "").text
    assert "What you asked for has been done." in text
    assert "\n- " not in text


@pytest.mark.parametrize("language", LETTERS.languages())
def test_an_unsubscription_is_confirmed_in_a_line_without_statutes(language: str) -> None:
    done, noted = (LETTERS.unsubscribed(REFERENCE, RECEIVED, language, done) for done in (True, False))
    assert done.text != noted.text
    for letter in (done, noted):
        assert letter.subject.endswith(f"[{REFERENCE}]")
        assert "authority.example" not in letter.text
        assert len(letter.text.split("--------")[0].split()) <= 60


@pytest.mark.parametrize("language", LETTERS.languages())
def test_without_a_privacy_notice_a_sentence_says_how_the_message_is_used(language: str) -> None:
    bare = Letters(replace(ORGANISATION, privacy_notice=""))
    with_link, without = (acknowledge([Intent.ACCESS], language, letters).text for letters in (LETTERS, bare))
    assert len(without.strip().splitlines()[-1].split()) >= 10
    assert "https://limetree.example" in with_link
    assert "https://limetree.example" not in without


def test_every_letter_of_ours_in_an_unknown_language_has_english_below() -> None:
    for sample in (sample for sample in samples() if sample.letter != "reply"):  # what a person writes is in one language
        letter = sample.write(LETTERS, "und")
        assert letter.language == "de"
        assert letter.text.startswith("English text below."), sample.name
        assert letter.html.count('lang="de" dir="ltr"') == 2
        assert '<div lang="en" dir="ltr"' in letter.html


def test_the_kin_of_a_law_that_is_not_known_by_name_is_the_plain_one() -> None:
    assert grounds("nz_privacy", "NZ", ("Our own", "https://own.example/"), "en").law is Law.OTHER
