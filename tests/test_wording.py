"""Every letter in every language: what it must say, what it must never say, and that its HTML is safe."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.authorities import authority_for
from bot.wording import OUTCOMES, Letter, Letters, Organisation
from intents.catalog import Intent

REFERENCE = "PRV-2026-00042"
RECEIVED, DUE = date(2026, 11, 1), date(2026, 12, 22)
LIST_AND_RIGHTS = [Intent.ACCESS, Intent.ERASURE, Intent.UNSUBSCRIBE]
COMBINATIONS: list[list[Intent]] = [
    *([intent] for intent in Intent),
    LIST_AND_RIGHTS,
    [Intent.ACCESS, Intent.COMPLAINT],
    [Intent.AUTHORITY, Intent.BREACH_REPORT],
    [Intent.BREACH_REPORT, Intent.ERASURE],
]
ORGANISATION = Organisation(
    name="Limetree & Sons <Ltd>",
    postal_address='1 "Linden" Lane\nExampleton',
    country="DE",
    language="de",
    dpo="dpo@limetree.example",
    privacy_notice="https://limetree.example/privacy?a=1&b=2",
    authority_name="O'Authority & Co",
    authority_url="https://authority.example/",
)
LETTERS = Letters(ORGANISATION)

DAYS = {
    "bg": "22 декември 2026\xa0г.", "cs": "22. prosince 2026", "da": "22. december 2026", "de": "22. Dezember 2026",
    "el": "22 Δεκεμβρίου 2026", "en": "22 December 2026", "es": "22 de diciembre de 2026", "et": "22. detsember 2026",
    "fi": "22. joulukuuta 2026", "fr": "22 décembre 2026", "ga": "22 Nollaig 2026", "hr": "22. prosinca 2026.",
    "hu": "2026. december 22.", "is": "22. desember 2026", "it": "22 dicembre 2026", "lt": "2026 m. gruodžio 22 d.",
    "lv": "2026. gada 22. decembris", "mt": "22 ta’ Diċembru 2026", "nl": "22 december 2026", "no": "22. desember 2026",
    "pl": "22 grudnia 2026", "pt": "22 de dezembro de 2026", "ro": "22 decembrie 2026", "sk": "22. decembra 2026",
    "sl": "22. december 2026", "sv": "22 december 2026",
}  # fmt: skip

RECEIVED_DAYS = {
    "hu": "2026. november 1.\n",
    "lt": "2026 m. lapkričio 1 d.\n",
    "lv": "2026. gada 1. novembris\n",
}  # the others begin with the day

# Where a refused person can go beside the authority (Art 12(4), 79 GDPR).
COURTS = {
    "bg": "съда", "cs": "soud", "da": "domstol", "de": "gericht", "el": "δικαστήρι", "en": "court", "es": "tribunal", "et": "kohtu",
    "fi": "tuomioistui", "fr": "justice", "ga": "cúirt", "hr": "sudu", "hu": "bíróság", "is": "dómstól", "it": "giudice",
    "lt": "teism", "lv": "tiesā", "mt": "qorti", "nl": "rechter", "no": "domstol", "pl": "sądu", "pt": "tribuna",
    "ro": "instanț", "sk": "súd", "sl": "sodišč", "sv": "domstol",
}  # fmt: skip

# Whoever writes, known or not, must get the same letter: no account, no customer, no "your data", no identity papers, no "Dear ...".
FORBIDDEN = {
    "bg": r"акаунт|профил|клиент|паспорт|лична карта|вашите данни|личните ви данни|уважаем",
    "cs": r"\búčet|\búčt|zákazn|občansk|\bpas\b|vaše údaje|vašich údaj|vaše osobní|vážen",
    "da": r"konto|kunde|\bpas\b|legitimation|dine data|dine oplysninger|dine personoplysninger|kære",
    "de": r"konto|kunde|kundin|ausweis|reisepass|ihre daten|ihrer daten|ihre personenbezogenen|sehr geehrte|gebühr|liebe",
    "el": r"λογαριασμ|πελάτ|ταυτότητ|διαβατήρι|τα δεδομένα σας|των δεδομένων σας|αγαπητ",
    "en": r"account|customer|passport|identity|\bid card|your data|your personal|we hold|our records|dear|\bfee\b|login",
    "es": r"cuenta|cliente|pasaporte|\bdni\b|identidad|sus datos|estimad|querid|tarifa",
    "et": r"konto|klient|kliendi|passi\b|isikutunnistus|teie andme|teie isikuandme|lugupeetud|austatud",
    "fi": r"\btili|käyttäjätil|asiaka|passi\b|henkilökort|henkilöllisyy|tietojasi|tietosi|henkilötietosi|hyvä ",
    "fr": r"compte|client|passeport|identité|vos données|monsieur|madame|cher|chère|frais",
    "ga": r"cuntas|custaiméir|cárta aitheantais|do shonraí|do chuid sonraí",
    "hr": r"račun|klijent|kupac|kupc|osobna iskaznica|putovnic|vaši podaci|vaših podat|vaše podatke|poštovan",
    "hu": r"fiók|ügyfél|ügyfel|útlevél|személyi ig|az ön adat|adatait|személyes adatai|tisztelt|kedves",
    "is": r"reikning|viðskiptavin|vegabréf|skilríki|gögnin þín|upplýsingarnar þínar|kæri|kæra ",
    "it": r"account|cliente|passaporto|identità|i suoi dati|dei suoi dati|gentile|egregi|caro|cara ",
    "lt": r"paskyr|klient|paso\b|tapatyb|jūsų duomen|jūsų asmens|gerbiam",
    "lv": r"\bkonta|\bkontu|\bkonts|klient|pases|identitāt|jūsu datus|jūsu personas|cienījam|godāt",
    "mt": r"\bkont\b|klijent|passaport|karta tal-identit|id-data tiegħek|għażiż",
    "nl": r"account|klant|paspoort|identiteit|uw gegevens|uw persoonsgegevens|geachte|beste|kosten\b",
    "no": r"konto|kunde|\bpass\b|legitimasjon|dine data|opplysningene dine|personopplysningene dine|kjære",
    "pl": r"\bkonto|\bkonta\b|klient|dowód|dowodu|paszport|państwa dan|pani dan|pana dan|twoje dane|szanown|drog",
    "pt": r"\bconta\b|cliente|passaporte|identidade|os seus dados|dos seus dados|exmo|exma|caro|cara ",
    "ro": r"\bcont\b|\bcontul|client|pașaport|identitate|datele dumneavoastră|stimat|drag",
    "sk": r"\búčet|\búčt|zákazn|občiansk|\bpas\b|vaše údaje|vašich údaj|vaše osobné|vážen",
    "sl": r"račun|stranka|strank|osebna izkaznica|potni list|vaši podatki|vaših podat|vaše podatke|spoštovan",
    "sv": r"konto|kund|\bpass\b|legitimation|dina uppgifter|dina personuppgifter|kära",
}  # fmt: skip

# What is asked must not stand in a subject: subjects show on locked screens and in logs.
TELLING = re.compile(r"gdpr|dsgvo|art\.|data|daten|données|datos|dati|löschung|erasure|access|advertis|werbung|complaint", re.IGNORECASE)


def acknowledge(intents: Sequence[Intent], language: str, letters: Letters = LETTERS, due: date | None = DUE) -> Letter:
    return letters.acknowledgement(reference=REFERENCE, received_on=RECEIVED, intents=intents, due=due, language=language)


def close(outcome: str, language: str, reasons: str = "Because of § 1.", letters: Letters = LETTERS) -> Letter:
    return letters.closing(reference=REFERENCE, outcome=outcome, reasons=reasons, language=language)


def follow_up(language: str, due: date | None = DUE) -> Letter:
    return LETTERS.follow_up(reference=REFERENCE, received_on=RECEIVED, due=due, language=language)


def every_letter(language: str) -> Iterator[Letter]:
    for due in (DUE, None):
        yield follow_up(language, due)
        yield from (acknowledge(intents, language, due=due) for intents in COMBINATIONS)
    yield from (close(outcome, language) for outcome in OUTCOMES)


class Page(HTMLParser):
    """What a reader's program sees of a page: its tags, its links and attributes, its text."""

    VOID = frozenset(("meta", "br", "hr"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.languages: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name in ("href", "src", "action", "background"))
        self.languages += [value or "" for name, value in attrs if name == "lang"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" not in self.open:
            self.words += data.split()


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


def links() -> set[str]:
    return {ORGANISATION.privacy_notice, ORGANISATION.authority_url, f"mailto:{ORGANISATION.dpo}"}


def items(letter: Letter) -> list[str]:
    return [line for line in letter.text.splitlines() if line.startswith("- ")]


def bare(text: str) -> str:
    """Letters and digits only: text/plain and HTML mark lists, names and links each in their own way."""
    return re.sub(r"https://|[^\w§]|_", "", text)


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


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="fulfilled, partly"):
        close("lost", "en")


def test_reasons_stay_reasons_whatever_is_in_them() -> None:
    reasons = "---\n| Reference | PRV-1\n<script>alert(1)</script> <https://elsewhere.example/> {{ dpo }}\x00\x1b\r\nSubject: x"
    letter = close("refused", "en", reasons)
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
    for language, names in {"en": ["follow_up"], "tr": ["acknowledgement", "follow_up", "closing"]}.items():
        (tmp_path / language).mkdir()
        for name in names:
            (tmp_path / language / f"{name}.j2").write_text(own, encoding="utf-8")
    letters = Letters(ORGANISATION, tmp_path)
    letter = letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=DUE, language="en")
    assert letter.subject == f"Own words [{REFERENCE}]"
    assert letter.text == f"Reference: {REFERENCE} <b>, received 1 November 2026\n"
    assert "&lt;b&gt;" in letter.html
    assert acknowledge([Intent.ACCESS], "tr", letters).language == "tr"
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
