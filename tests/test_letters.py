"""Every letter in every language: what it must say, what it must never say, and that its HTML is safe."""

import re
from collections.abc import Iterator

import pytest

from bot.wording import OUTCOMES, Letter
from intents.catalog import Intent
from tests.letter_words import COURTS, DAYS, FORBIDDEN, RECEIVED_DAYS, TELLING
from tests.letters import DUE, LETTERS, LIST_AND_RIGHTS, REFERENCE, Page, acknowledge, close, follow_up, links

COMBINATIONS: list[list[Intent]] = [
    *([intent] for intent in Intent),
    LIST_AND_RIGHTS,
    [Intent.ACCESS, Intent.COMPLAINT],
    [Intent.AUTHORITY, Intent.BREACH_REPORT],
    [Intent.BREACH_REPORT, Intent.ERASURE],
]


def every_letter(language: str) -> Iterator[Letter]:
    for due in (DUE, None):
        yield follow_up(language, due)
        yield from (acknowledge(intents, language, due=due) for intents in COMBINATIONS)
    yield from (close(outcome, language) for outcome in OUTCOMES)


def test_every_official_language_of_the_union_and_of_the_eea_has_every_letter() -> None:
    assert set(LETTERS.languages()) == set(DAYS) == set(FORBIDDEN)
    assert len(DAYS) == 26


@pytest.mark.parametrize("language", LETTERS.languages())
class TestEveryLanguage:
    def test_letters_carry_the_reference_and_leave_no_placeholder(self, language: str) -> None:
        for letter in every_letter(language):
            assert letter.language == language
            assert letter.subject.endswith(f"[{REFERENCE}]")
            assert REFERENCE in letter.text
            assert not re.search(r"[{}]|%\}|None|Undefined|\bset\b \w+ =", letter.text)
            assert "\n\n\n" not in letter.text

    def test_subjects_are_one_line_and_tell_nothing(self, language: str) -> None:
        for letter in every_letter(language):
            assert "\n" not in letter.subject
            assert "\r" not in letter.subject
            assert len(letter.subject) <= 78
            assert not TELLING.search(letter.subject)

    def test_an_acknowledgement_tells_dates_controller_contact_and_authority(self, language: str) -> None:
        letter = acknowledge(LIST_AND_RIGHTS, language)
        assert f": {DAYS[language]}\n" in letter.text
        assert f": {RECEIVED_DAYS.get(language, '1')}" in letter.text
        for said in ("Limetree & Sons <Ltd>", "Exampleton", "dpo@limetree.example", "O'Authority & Co", *sorted(links())):
            assert said.removeprefix("mailto:") in letter.text

    def test_the_due_date_is_left_out_when_there_is_none_or_the_message_is_only_passed_on(self, language: str) -> None:
        assert DAYS[language] not in acknowledge([Intent.ACCESS], language, due=None).text
        assert DAYS[language] not in acknowledge([Intent.AUTHORITY, Intent.BREACH_REPORT], language).text
        assert DAYS[language] in acknowledge([Intent.BREACH_REPORT, Intent.ERASURE], language).text
        assert DAYS[language] in follow_up(language).text

    def test_each_intent_is_named_in_its_own_words_but_other_in_none(self, language: str) -> None:
        named = {intent: items(acknowledge([intent], language)) for intent in Intent}
        assert named.pop(Intent.OTHER) == []
        assert all(len(words) == 1 for words in named.values())
        assert len({words[0] for words in named.values()}) == len(Intent) - 1
        assert len(items(acknowledge(LIST_AND_RIGHTS, language))) == 3

    def test_each_family_has_its_own_letter(self, language: str) -> None:
        families = [Intent.ACCESS, Intent.UNSUBSCRIBE, Intent.COMPLAINT, Intent.AUTHORITY, Intent.OTHER]
        texts = {re.sub(r"(?m)^- .*", "", acknowledge([intent], language).text) for intent in families}
        assert len(texts) == len(families)

    def test_no_letter_says_what_could_confirm_or_deny_that_data_are_held(self, language: str) -> None:
        forbidden = re.compile(FORBIDDEN[language])
        for letter in every_letter(language):
            assert (found := forbidden.search(letter.text.lower())) is None, found

    def test_letters_are_short(self, language: str) -> None:
        for intents in COMBINATIONS:
            assert 70 <= len(acknowledge(intents, language).text.split()) <= 215

    def test_the_page_is_well_formed_and_leads_nowhere_else(self, language: str) -> None:
        for letter in every_letter(language):
            page = Page(letter.html)
            assert page.open == []
            assert not page.tags & {"script", "img", "link", "style", "iframe", "form", "object", "svg", "base"}
            assert page.attributes <= {"lang", "style", "charset", "name", "content", "href"}
            assert page.links <= links()
            assert page.languages == [language, language]
            assert "url(" not in letter.html

    def test_the_page_says_what_the_text_says(self, language: str) -> None:
        for letter in every_letter(language):
            assert bare(" ".join(Page(letter.html).words)) == bare(letter.text)

    def test_special_characters_are_escaped_once(self, language: str) -> None:
        html = acknowledge([Intent.ACCESS], language).html
        assert "Limetree &amp; Sons &lt;Ltd&gt;" in html
        assert "&amp;amp;" not in html
        assert 'href="https://limetree.example/privacy?a=1&amp;b=2"' in html

    def test_a_refusal_gives_reasons_complaint_and_remedy(self, language: str) -> None:
        for outcome in ("refused", "partly"):
            text = close(outcome, language, "First reason.\n\n- second\n- third").text
            assert "First reason.\n\n- second\n- third\n" in text
            assert "O'Authority & Co <https://authority.example/>" in text
            assert COURTS[language] in text
            assert COURTS[language] not in close("fulfilled", language).text


def items(letter: Letter) -> list[str]:
    return [line for line in letter.text.splitlines() if line.startswith("- ")]


def bare(text: str) -> str:
    """Letters and digits only: text/plain and HTML mark lists, names and links each in their own way."""
    return re.sub(r"https://|[^\w§]|_", "", text)
