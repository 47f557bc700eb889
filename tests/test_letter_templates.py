"""An organisation's own templates: what is wrong in them is told with file, line and what is allowed, before a letter goes out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.letter_samples import samples
from bot.letter_templates import VARIABLES, LetterError, letters_of
from bot.wording import FOLDER, LETTERS, Letters
from intents.catalog import Intent
from tests.letters import DUE, ORGANISATION, RECEIVED, REFERENCE, Page, acknowledge

GOOD = """Subject: It is here

Reference {{ reference }}, received {{ received }}.
{% if due %}Answer by {{ due }}.{% endif %}

Complaints: {{ authority }} <{{ authority_url }}>
"""
Told = Callable[..., list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is said of templates, given by their path in the folder; without the folder's own path."""

    def faults(**files: str) -> list[str]:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_j2", ".j2").replace("_html", ".html")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        with pytest.raises(LetterError) as caught:
            letters_of(ORGANISATION, tmp_path)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return faults


def own(folder: Path, name: str, text: str) -> Letters:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return letters_of(ORGANISATION, folder)


def test_one_that_keeps_the_rules_goes_before_ours(tmp_path: Path) -> None:
    letters = own(tmp_path, "en/follow_up.j2", GOOD)
    letter = letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=DUE, language="en")
    assert letter.text.startswith(f"Reference {REFERENCE}, received 1 November 2026.\nAnswer by 22 December 2026.")
    assert acknowledge([Intent.ACCESS], "en", letters) == acknowledge([Intent.ACCESS], "en")


def test_an_unknown_variable_is_named_with_its_line_and_with_those_that_there_are(told: Told) -> None:
    [fault] = told(en__follow_up_j2=GOOD.replace("{{ received }}", "{{ recieved }}"))
    assert fault.startswith("en/follow_up.j2, line 3: {{ recieved }} is unknown; allowed are appeal, authority, authority_url, ")
    assert fault.endswith("received, reference, signature")


def test_it_is_found_where_the_sample_letters_never_come(told: Told) -> None:
    [fault] = told(en__follow_up_j2=GOOD + "{% if reference == 'no' %}\n{{ requester_name }}\n{% endif %}")
    assert fault.startswith("en/follow_up.j2, line 8: {{ requester_name }} is unknown")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Subject: x\n\n{% if due %}", "line 3: is no valid template"),
        ("Subject: x\n{{ reference", "line 2: is no valid template"),
        (GOOD.removeprefix("Subject: "), "must begin with a line 'Subject: ...'"),
        (GOOD.replace("{{ reference }}", ""), "line 1: shows no reference; write {{ reference }}"),
        (GOOD.replace("{{ received }}", "today"), "line 1: does not show the date received; write {{ received }}"),
        (GOOD.replace("{{ due }}", "soon"), "line 1: does not show the date due; write {{ due }}"),
        (GOOD.replace("<{{ authority_url }}>", ""), "line 1: names no supervisory authority; write {{ authority }} <{{ authority_url }}>"),
        (GOOD + "\nWe looked at your account.", "line 8: says “your account”, which would confirm that data are held"),
        (GOOD + "\nWe will delete all.", "line 8: says “We will delete”, which would promise an outcome"),
        (GOOD + "\n{{ reference.nothing.more }}", "line 8: fails with the sample follow_up"),
        (GOOD + "\n{{ 1 / 0 }}", "line 8: fails with the sample follow_up (division by zero); allowed are appeal"),
        (GOOD + "\n{% include 'en/gone.j2' %}", "line 8: fails with the sample follow_up (there is no template en/gone.j2)"),
    ],
)
def test_each_fault_is_told_with_its_line(told: Told, text: str, words: str) -> None:
    faults = told(en__follow_up_j2=text)
    assert all(fault.startswith("en/follow_up.j2, line ") for fault in faults)
    assert any(words in fault for fault in faults), faults


def test_a_refusal_must_show_the_reasons(told: Told) -> None:
    faults = told(de__closing_j2=GOOD.replace("{% if due %}Answer by {{ due }}.{% endif %}", ""))
    assert faults == ["de/closing.j2, line 1: does not show what a colleague wrote; write {{ reasons }}"]


def test_words_shared_by_all_letters_are_tried_with_each_of_them(told: Told) -> None:
    ours = (FOLDER / "fr" / "shared.j2").read_text("utf-8")
    assert told(fr__shared_j2=ours.replace("set reply", "set repply"))[0].startswith(
        "fr/shared.j2, line 1: fails with the sample acknowledgement-access ("
    )


def test_a_page_that_mail_programs_break_or_that_tracks_is_no_page(told: Told) -> None:
    ours = (FOLDER / "page.html").read_text("utf-8")
    faults = told(page_html=ours.replace("</body>", '<img src="https://elsewhere.example/1.gif"><script></script></body>'))
    assert any("<img>, which mail programs drop or load" in fault for fault in faults)
    assert any("leads to https://elsewhere.example/1.gif" in fault for fault in faults)


def test_names_that_are_no_letters_and_no_languages_are_told(told: Told) -> None:
    faults = told(en__acknowledgment_j2=GOOD, english__closing_j2=GOOD, letter_j2=GOOD)
    assert faults[0].startswith("en/acknowledgment.j2, line 1: is not the name of a letter; allowed are acknowledgement.j2, california")
    assert faults[1].startswith("english/closing.j2, line 1: lies in english, which is no language; allowed are codes such as bg, ")
    assert faults[2].startswith("letter.j2, line 1: is no layout of ours; allowed are acknowledgement.j2, ")


def test_a_file_that_is_not_utf_8_is_told_with_its_line(told: Told, tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "closing.j2").write_bytes("Subject: x\n\nGrüße".encode("latin-1"))
    assert told() == ["de/closing.j2, line 3: is not UTF-8 text; save it as UTF-8"]


def test_a_language_of_its_own_needs_every_letter(told: Told) -> None:
    [fault] = told(tr__follow_up_j2=GOOD)
    assert fault.startswith("tr: a language that we have not needs every letter; missing: acknowledgement, california, extension, ")


def test_a_language_written_from_right_to_left_gets_such_a_page(tmp_path: Path) -> None:
    shown = ("due", "opt_out_due", "reasons", "question", "text")
    (tmp_path / "ar").mkdir()
    for name in LETTERS:
        values = "\n".join(f"{{{{ {word} }}}}" for word in ("reference", "received", *shown) if word in VARIABLES[name])
        text = f"Subject: x\n\n{values}\n\n{{{{ authority }}}} <{{{{ authority_url }}}}>\n"
        (tmp_path / "ar" / f"{name}.j2").write_text(text, encoding="utf-8")
    letters = letters_of(ORGANISATION, tmp_path)
    letter = letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=DUE, language="ar")
    assert '<html lang="ar" dir="rtl"' in letter.html
    assert Page(letter.html).open == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LetterError, match=r"letters\.folder: .*gone: there is no such folder"):
        letters_of(ORGANISATION, tmp_path / "gone")


@pytest.mark.parametrize("name", LETTERS)
def test_every_variable_that_is_called_allowed_is_there_and_explained(tmp_path: Path, name: str) -> None:
    shown = "\n".join(f"{{{{ {variable} }}}}" for variable in sorted(VARIABLES[name]))
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / f"{name}.j2").write_text(f"Subject: x\n\n{shown}\n", encoding="utf-8")
    letters = Letters(ORGANISATION, tmp_path)
    assert all(sample.write(letters, "en").subject for sample in samples() if sample.letter == name)
    guide = (Path(__file__).parent.parent / "docs" / "letters.md").read_text("utf-8")
    assert [variable for variable in VARIABLES[name] if f"`{variable}`" not in guide] == []
