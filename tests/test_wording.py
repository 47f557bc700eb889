"""Letters: which language is chosen, what people wrote stays harmless, and organisations may bring their own templates."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.wording import LETTERS as NAMES
from bot.wording import Letter, Letters
from intents.catalog import Intent
from tests.letters import (
    DUE,
    LETTERS,
    ORGANISATION,
    RECEIVED,
    REFERENCE,
    Page,
    acknowledge,
    ask_clarification,
    ask_identity,
    close,
    extend,
    links,
)


def test_an_unknown_language_gets_the_organisations_own_and_english_below() -> None:
    for language in ("und", "zh", ""):
        letter = acknowledge([Intent.ACCESS], language)
        assert letter.language == "de"
        assert letter.subject == f"Ihre Nachricht ist angekommen / Your message has arrived [{REFERENCE}]"
        assert letter.text.startswith("English text below.")
        assert letter.text.index("Guten Tag,") < letter.text.index("Hello,")
        assert Page(letter.html).languages == ["de", "en", "de", "en"]


def test_an_english_organisation_writes_english_alone() -> None:
    for own in ("en", "tr"):
        letter = acknowledge([Intent.ACCESS], "und", Letters(replace(ORGANISATION, language=own)))
        assert letter.language == "en"
        assert letter.subject == f"Your message has arrived [{REFERENCE}]"
        assert "English text below." not in letter.text


@pytest.mark.parametrize(("asked", "given"), [("nb", "no"), ("nn", "no"), ("pt-BR", "pt"), ("DE_at", "de")])
def test_relatives_of_a_language_are_served(asked: str, given: str) -> None:
    assert acknowledge([Intent.ACCESS], asked).language == given


def test_american_organisations_write_american_dates() -> None:
    assert "December 22, 2026" in acknowledge([Intent.ACCESS], "en", Letters(replace(ORGANISATION, country="US"))).text


def test_an_authority_is_not_told_to_complain_to_an_authority() -> None:
    assert "O'Authority" not in acknowledge([Intent.AUTHORITY], "en").text
    assert "O'Authority" in acknowledge([Intent.AUTHORITY, Intent.ACCESS], "en").text


def test_the_same_letter_for_the_same_question_in_any_order() -> None:
    assert acknowledge([Intent.ERASURE, Intent.ACCESS], "en") == acknowledge([Intent.ACCESS, Intent.ERASURE, Intent.ACCESS], "en")


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_a_refusal_without_reasons_is_no_letter(outcome: str) -> None:
    with pytest.raises(ValueError, match=r"Art 12\(4\)"):
        close(outcome, "en", " \n ")


@pytest.mark.parametrize("blank", ["", " \n ", "\x00\u202e"])
def test_an_extension_without_reasons_and_a_clarification_without_a_question_are_no_letters(blank: str) -> None:
    with pytest.raises(ValueError, match=r"Art 12\(3\)"):
        extend("en", blank)
    with pytest.raises(ValueError, match="Recital 63"):
        ask_clarification("en", blank)


def test_what_staff_wrote_stands_in_both_languages_where_the_requesters_is_unknown() -> None:
    letter = ask_clarification("und", "Which of the two?")
    assert letter.subject == f"Eine Frage zu Ihrer Nachricht / A question about your message [{REFERENCE}]"
    assert letter.text.count("Which of the two?") == 2


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="fulfilled, partly"):
        close("lost", "en")


@pytest.mark.parametrize(
    "write", [lambda words: close("refused", "en", words), *(partial(ask, "en") for ask in (extend, ask_identity, ask_clarification))]
)
def test_what_staff_wrote_stays_text_whatever_is_in_it(write: Callable[[str], Letter]) -> None:
    letter = write("---\n| Reference | PRV-1\n<script>alert(1)</script> <https://elsewhere.example/> {{ dpo }}\x00\x1b\r\nSubject: x")
    page = Page(letter.html)
    assert "script" not in page.tags
    assert page.links <= links()
    assert "&lt;script&gt;" in letter.html
    assert letter.html.count("<hr") == 1
    assert letter.html.count("<dl") == 2
    assert "{{ dpo }}" in letter.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", letter.text)


def test_nothing_can_add_a_header_line() -> None:
    letter = LETTERS.follow_up(reference="PRV-1\r\nBcc: all@example.org", received_on=RECEIVED, due=None, language="en")
    assert letter.subject == "Your further message has arrived [PRV-1 Bcc: all@example.org]"


def test_signature_and_extra_keep_their_lines() -> None:
    letters = Letters(replace(ORGANISATION, signature="Data protection team\nroom <7>", extra="Register no. 7\nCourt of Exampleton"))
    letter = acknowledge([Intent.ACCESS], "en", letters)
    assert "Kind regards\nData protection team\nroom <7>\n" in letter.text
    assert letter.text.endswith("Register no. 7\nCourt of Exampleton\n")
    assert "Data protection team<br>room &lt;7&gt;" in letter.html


def test_letters_do_not_show_themselves_in_a_log() -> None:
    assert "Hello" not in repr(acknowledge([Intent.ACCESS], "en"))


def test_own_templates_go_before_ours_and_may_add_a_language(tmp_path: Path) -> None:
    own = "Subject: Own words\n\nReference: {{ reference }} <b>, received {{ received }}\n"
    for language, names in {"en": ["follow_up"], "tr": NAMES, "uk": NAMES[:-1]}.items():
        (tmp_path / language).mkdir()
        for name in names:
            (tmp_path / language / f"{name}.j2").write_text(own, encoding="utf-8")
    letters = Letters(ORGANISATION, tmp_path)
    letter = letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=DUE, language="en")
    assert letter.subject == f"Own words [{REFERENCE}]"
    assert letter.text == f"Reference: {REFERENCE} <b>, received 1 November 2026\n"
    assert "&lt;b&gt;" in letter.html
    assert acknowledge([Intent.ACCESS], "tr", letters).language == "tr"
    assert "uk" not in letters.languages()  # a letter is missing
    assert acknowledge([Intent.ACCESS], "en", letters) == acknowledge([Intent.ACCESS], "en")


def test_a_mistake_in_an_own_template_is_named(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    template = tmp_path / "en" / "follow_up.j2"
    letters = Letters(ORGANISATION, tmp_path)
    template.write_text("Subject: x\n\n{{ refference }}", encoding="utf-8")
    with pytest.raises(UndefinedError, match="refference"):
        letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=None, language="en")
    template.write_text("Hello", encoding="utf-8")
    letters = Letters(ORGANISATION, tmp_path)
    with pytest.raises(ValueError, match="Subject:"):
        letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=None, language="en")
