"""The form of a letter: whatever stands in it Slack takes, nothing fires, and no word of a long text gets lost."""

import json
from typing import Any

import pytest

from bot.demo.slack_rules import view_problems
from bot.policy.sections import Passage
from bot.slack.reply_views import STARTS, Draft, begin_form, parts, preview, reply_form, send_form, told, with_passage, written
from bot.slack.thread_files import Offered
from bot.wording import STARTS as BEGINNINGS
from tests.letters import LETTERS
from tests.test_slack_blocks import NASTY, fires

PASSAGES = [Passage("policy.md", ("Privacy", "How long we keep invoices"), "Ten years."), Passage("z" * 200, ("x" * 200,), "y" * 2_990)]


def facts(**more: Any) -> dict[str, Any]:
    return {
        "reference": "PRV-2026-00001", "to": "j***@home.example", "languages": LETTERS.languages(), "passages": (),
        "subject": "About [PRV]", "text": "Hello", **more,
    }  # fmt: skip


def draft(**more: Any) -> Draft:
    return Draft("PRV-2026-00001", "0a1b2c3d4e5f", "de", **more)


def state(form: dict[str, Any]) -> dict[str, Any]:
    """As Slack reports a form that nobody touched."""
    fields = [block for block in form["blocks"] if block["type"] == "input" and block["element"]["type"] == "plain_text_input"]
    values = {b["block_id"]: {b["element"]["action_id"]: {"value": b["element"].get("initial_value")}} for b in fields}
    return {"state": {"values": values}, **form}


@pytest.mark.parametrize("nasty", NASTY)
def test_of_any_text_and_file_name_is_taken_and_nothing_fires(nasty: str) -> None:
    files = tuple(Offered(f"F{number:010}", nasty * 3, number * 10**6) for number in range(10))
    first = begin_form(facts(passages=[Passage(nasty, (nasty or "x",), nasty)]), draft(trouble=nasty))
    assert view_problems(first, "modal") == [] and fires(first) == []
    form = reply_form(facts(), draft(files=files, trouble=nasty), nasty[:8_000], nasty)
    assert view_problems(form, "modal") == [] and fires(form) == []
    assert len(form["private_metadata"]) <= 3_000
    shown = send_form(facts(text=nasty * 2 or "x", subject=nasty), state(form), nasty)
    assert view_problems(shown, "modal") == [] and fires(shown) == []
    assert len(shown["private_metadata"]) <= 3_000
    assert view_problems(told(nasty, done=True, passphrase="abcd", external_id="x"), "modal") == []


def test_offers_every_beginning_and_language() -> None:
    assert tuple(STARTS) == BEGINNINGS
    starts, languages, passages = (block["element"] for block in begin_form(facts(passages=PASSAGES), draft())["blocks"][1:4])
    assert [option["value"] for option in starts["options"]] == list(BEGINNINGS)
    assert languages["initial_option"]["text"]["text"] == "German" and len(languages["options"]) == 26
    assert passages["options"][0]["description"]["text"] == "policy.md"
    assert "Passages" not in json.dumps(begin_form(facts(), draft()))


@pytest.mark.parametrize("text", ["", "short", "a\n\nb", "para\n\n" * 1_000 + "end", "x" * 9_000, f"{'x' * 2_990}\n\n{'y' * 2_990}\n\nz"])
def test_a_text_comes_back_as_it_was_put_in(text: str) -> None:
    back = written(state(reply_form(facts(), draft(), text)))
    assert back.split("\n\n") == text.split("\n\n") or back.replace("\n\n", "") == text
    assert all(len(part) <= 3_000 for part in parts(text))


def test_a_text_that_does_not_fit_is_never_cut() -> None:
    with pytest.raises(ValueError, match="three fields"):
        parts("x" * 9_001)


def test_the_fields_keep_their_names_and_texts_through_the_preview() -> None:
    first = reply_form(facts(), draft(), "para\n\n" * 1_000 + "end")
    second = send_form(facts(), state(first))
    fields = [[block for block in form["blocks"] if block.get("block_id", "").startswith("text")] for form in (first, second)]
    assert fields[0] == fields[1] and len(fields[0]) == 3
    assert Draft.read(second).seen and Draft.read(second).name == draft().name


def test_what_a_client_reports_empty_though_it_showed_it_stays_as_it_was_shown() -> None:
    form = reply_form(facts(), draft(), "Hello there")
    untouched = {**form, "state": {"values": {"text": {"text": {"value": None}}, "text_2": {"text_2": {"value": None}}}}}
    assert written(untouched) == "Hello there"


def test_files_survive_the_way_through_the_form() -> None:
    kept = draft(files=(Offered("F1", "größer.pdf", 7),))
    assert Draft.read(reply_form(facts(), kept, "x")) == kept


def test_a_passage_stands_above_the_regards() -> None:
    assert with_passage("Hello,\n\n\n\nKind regards\nWe", "Ten years.", "Kind regards\nWe") == "Hello,\n\nTen years.\n\nKind regards\nWe"
    assert with_passage("Hello", "Ten years.", "Kind regards\nWe") == "Hello\n\nTen years."


def test_the_preview_names_the_parcel_by_its_reference() -> None:
    assert "PRV-2026-00001.zip, encrypted" in json.dumps(preview(facts(), ["Jo Doe.pdf"], seal=True))
    assert "Jo Doe" not in json.dumps(preview(facts(), ["Jo Doe.pdf"], seal=True))
    assert "Jo Doe.pdf" in json.dumps(preview(facts(), ["Jo Doe.pdf"], seal=False))
