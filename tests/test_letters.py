"""Every letter in every language: what it must say, what it must never say, and that its HTML is safe."""

import re
from collections.abc import Iterator

import pytest

from bot.letter_rules import faults
from bot.letter_samples import samples
from bot.wording import STARTS, Letter
from intents.catalog import Intent
from tests.letter_words import COURTS, DAYS, EITHER, FORBIDDEN, NO_COPY, PAPERS, RECEIVED_DAYS, TELLING, VOLUNTARY
from tests.letters import (
    DUE,
    LETTERS,
    LIST_AND_RIGHTS,
    ORGANISATION,
    REFERENCE,
    Page,
    acknowledge,
    ask_clarification,
    ask_identity,
    close,
    extend,
    follow_up,
    links,
    reply,
)

COMBINATIONS: list[list[Intent]] = [
    *([intent] for intent in Intent),
    LIST_AND_RIGHTS,
    [Intent.ACCESS, Intent.COMPLAINT],
    [Intent.AUTHORITY, Intent.BREACH_REPORT],
    [Intent.BREACH_REPORT, Intent.ERASURE],
]


def every_letter(language: str) -> Iterator[Letter]:
    yield from (sample.write(LETTERS, language) for sample in samples())
    yield from (acknowledge(intents, language, due=due) for intents in COMBINATIONS for due in (DUE, None))
    yield ask_identity(language, known=True)
    yield from (reply(language, start) for start in STARTS)


def in_one_language(language: str) -> Iterator[Letter]:
    """Without those to Americans, which have the English text below."""
    yield from (sample.write(LETTERS, language) for sample in samples() if sample.letter != "california")


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
        families = [Intent.ACCESS, Intent.UNSUBSCRIBE, Intent.COMPLAINT, Intent.QUESTION, Intent.AUTHORITY, Intent.OTHER]
        texts = {re.sub(r"(?m)^- .*", "", acknowledge([intent], language).text) for intent in families}
        assert len(texts) == len(families)

    def test_no_letter_says_what_could_confirm_or_deny_that_data_are_held(self, language: str) -> None:
        forbidden = re.compile(FORBIDDEN[language])
        for letter in every_letter(language):
            assert (found := forbidden.search(letter.text.lower())) is None, found

    def test_identity_papers_are_named_once_and_only_to_say_that_no_copy_is_wanted(self, language: str) -> None:
        papers = re.compile(PAPERS[language])
        for letter in every_letter(language):
            named = [part for part in paragraphs(letter) if papers.search(part.lower())]
            assert len(named) == (letter.subject == ask_identity(language).subject)
            assert all(NO_COPY[language] in part.partition(".")[0].lower() for part in named)

    def test_letters_are_short(self, language: str) -> None:
        for intents in COMBINATIONS:
            assert 70 <= len(acknowledge(intents, language).text.split()) <= 270
        for letter in (extend(language), ask_clarification(language), ask_identity(language)):
            assert 70 <= len(letter.text.split()) <= 230

    def test_the_page_is_well_formed_and_leads_nowhere_else(self, language: str) -> None:
        for letter in every_letter(language):
            page = Page(letter.html)
            assert page.open == []
            assert not page.tags & {"script", "img", "link", "style", "iframe", "form", "object", "svg", "base"}
            assert page.attributes <= {"lang", "dir", "style", "charset", "name", "content", "href", "role", "align", *TABLE}
            assert page.languages[0] == language
            assert "url(" not in letter.html
        for sample in samples():
            assert list(faults(sample.write(LETTERS, language), sample, ORGANISATION)) == []
        for letter in in_one_language(language):
            assert page_languages(letter) == [language, language]

    def test_the_page_is_as_easy_to_see_as_the_readers_own_program(self, language: str) -> None:
        """No colour of text of its own, so the contrast is the reader's; greys are no fainter than 4/5, letters no smaller than 14 px."""
        html = " ".join(letter.html for letter in every_letter(language))
        assert set(re.findall(r"(?<![-\w])color:([^;\"]+)", html)) == {"CanvasText", "inherit"}
        assert set(re.findall(r"background-color:([^;\"]+)", html)) == {"Canvas", "rgba(127,127,127,.1)"}
        assert min(float(opacity) for opacity in re.findall(r"opacity:([.\d]+)", html)) >= 0.8
        assert min(int(size) for size in re.findall(r"font-size:(\d+)px", html)) >= 14

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

    def test_an_extension_gives_the_new_day_reasons_complaint_and_court(self, language: str) -> None:
        letter = extend(language, "First reason.\n\n- second\n- third")
        assert f": {DAYS[language]}\n" in letter.text
        assert f": {RECEIVED_DAYS.get(language, '1')}" in letter.text
        assert "\n\nFirst reason.\n\n- second\n- third\n\n" in letter.text
        assert letter.text.count("O'Authority & Co <https://authority.example/>") == 1
        assert [part for part in paragraphs(letter) if COURTS[language] in part and "\n" not in part]

    def test_the_question_who_wrote_stands_alone_and_is_neither_a_yes_nor_a_no(self, language: str) -> None:
        asked, unasked = paragraphs(ask_identity(language, "In § 1?")), paragraphs(ask_identity(language, " \n"))
        place = asked.index("In § 1?")
        assert asked[place - 1].endswith(":")
        assert asked[: place - 1] + asked[place + 1 :] == unasked
        assert f": {RECEIVED_DAYS.get(language, '1')}" in ask_identity(language).text
        assert EITHER[language] in ask_identity(language).text

    def test_what_goes_to_a_known_address_asks_for_an_answer_from_there(self, language: str) -> None:
        known, unknown = paragraphs(ask_identity(language, known=True)), paragraphs(ask_identity(language))
        assert len([part for part in known if part not in unknown]) == 1
        assert REFERENCE in ask_identity(language, known=True).text

    def test_each_beginning_of_a_reply_stands_between_salutation_and_regards(self, language: str) -> None:
        starts = {start: LETTERS.reply_start(start, language) for start in STARTS}
        hello, regards = starts["blank"].split("\n\n\n\n")
        assert len(set(starts.values())) == len(STARTS)
        assert all(text.startswith(f"{hello}\n\n") and text.endswith(f"\n\n{regards}") for text in starts.values())
        assert regards.endswith("Limetree & Sons <Ltd>")
        assert "\n1.\n2.\n" in starts["questions"]

    def test_a_reply_is_the_colleagues_words_and_the_small_print(self, language: str) -> None:
        letter = LETTERS.reply(reference=REFERENCE, text="Yes.\n\n- one\n---\n| no | fact", language=language)
        words, _, small_print = letter.text.partition("\n\n--------\n\n")
        assert words == "Yes.\n\n- one\n\n---\n| no | fact"
        assert REFERENCE in small_print and "O'Authority & Co <https://authority.example/>" in small_print

    def test_a_question_names_no_due_date_and_a_clarification_is_voluntary(self, language: str) -> None:
        for letter in (ask_identity(language), ask_clarification(language)):
            assert DAYS[language] not in letter.text
            assert "O'Authority & Co <https://authority.example/>" in letter.text
        parts = paragraphs(ask_clarification(language, "Which of § 1?\n\n- this\n- that"))
        place = parts.index("Which of § 1?")
        assert parts[place - 1].endswith(":")
        assert parts[place + 1] == "- this\n- that"
        assert any(part.startswith(VOLUNTARY[language]) for part in parts[place + 2 :])


TABLE = ("width", "border", "cellspacing", "cellpadding")


def page_languages(letter: Letter) -> list[str]:
    return Page(letter.html).languages


def paragraphs(letter: Letter) -> list[str]:
    return letter.text.strip().split("\n\n")


def items(letter: Letter) -> list[str]:
    return [line for line in letter.text.splitlines() if line.startswith("- ")]


def bare(text: str) -> str:
    """Letters and digits only: text/plain and HTML mark lists, names and links each in their own way."""
    return re.sub(r"https://|[^\w§]|_", "", text)
