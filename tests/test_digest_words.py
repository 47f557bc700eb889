"""The digest's words: every language has all of them, and its own numbers, dates and forms."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.clocks import regimes
from bot.digest_config import LANGUAGES
from bot.digest_words import FOLDER, words_of
from bot.weeks import Week
from intents.catalog import Intent

FORMS = {"one", "few", "many", "other"}


def table(language: str) -> Any:
    return yaml.safe_load((FOLDER / f"{language}.yaml").read_text("utf-8"))


def places(found: Any, above: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Each key with the names that stand in its braces; forms of number count as one."""
    if isinstance(found, dict) and not set(found) <= FORMS:
        for name, below in found.items():
            yield from places(below, f"{above}.{name}")
    else:
        yield above, frozenset(re.findall(r"{(\w+)}", str(found)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it_with_the_same_figures(language: str) -> None:
    assert dict(places(table(language))) == dict(places(table("en")))
    assert set(table(language)["intents"]) == set(Intent)


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "one", "two", "five"),
    [
        ("en", "1 day late", "2 days late", "5 days late"),
        ("de", "1 Tag zu spät", "2 Tage zu spät", "5 Tage zu spät"),
        ("fr", "1 jour de retard", "2 jours de retard", "5 jours de retard"),
        ("pl", "1 dzień po terminie", "2 dni po terminie", "5 dni po terminie"),
    ],
)
def test_numbers_have_their_forms(language: str, one: str, two: str, five: str) -> None:
    assert [words_of(language)("late", n=number) for number in (1, 2, 5)] == [one, two, five]


def test_polish_has_three() -> None:
    assert [words_of("pl")("headline.received", n=number) for number in (1, 3, 12)] == ["1 otrzymana", "3 otrzymane", "12 otrzymanych"]


def test_figures_are_written_as_in_the_country() -> None:
    assert [words_of(language).number(12345) for language in ("en", "de", "nl")] == ["12,345", "12.345", "12.345"]
    assert words_of("de").percent(67) == "67\xa0%"
    assert words_of("en").percent(None) == "–"


def test_a_period_names_month_and_year_twice_only_where_they_differ() -> None:
    period = words_of("en").period
    assert period(Week(2026, 47)) == "16–22 Nov 2026"
    assert period(Week(2026, 49)) == "30 Nov – 6 Dec 2026"
    assert period(Week(2026, 53)) == "28 Dec 2026 – 3 Jan 2027"


def test_the_law_has_the_name_it_goes_by() -> None:
    assert [words_of(language).regime("eu_gdpr") for language in ("en", "de", "fr", "nl", "pl")] == [
        "EU GDPR", "EU DSGVO", "EU RGPD", "EU AVG", "EU RODO",
    ]  # fmt: skip
    assert all(words_of("en").regime(regime) for regime in regimes())


def test_a_code_without_a_name_is_shown_as_it_is() -> None:
    assert [words_of("en").tongue(code) for code in ("nb", "pt-BR", "zz", "")] == [
        "Norwegian Bokmål", "Portuguese (Brazil)", "zz", "unknown",
    ]  # fmt: skip
    assert words_of("fr").tongue("de") == "Allemand"
