"""The corpus: what is read, what is refused and how the refusal helps."""

import json
from pathlib import Path
from typing import Any

import pytest

from intents.catalog import Intent
from intents.corpus import CorpusError, corpus_hash, near_duplicates, read, read_dev, read_labelled, read_test

MAIL = {
    "id": "x-1",
    "author": "x01",
    "subject": "my file",
    "body": "Send me all you keep about me.",
    "labels": ["access"],
    "register": "terse",
    "note": "",
}


def write(path: Path, *mails: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(mail) + "\n" for mail in mails), encoding="utf-8")
    return path


def test_training_and_test_mails_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path / "parts" / "x-en.jsonl", MAIL)
    write(tmp_path / "test" / "de.jsonl", MAIL | {"id": "t-1", "labels": ["erasure", "complaint"]})

    assert [(mail.id, mail.language, mail.labels) for mail in read(tmp_path)] == [("x-1", "en", (Intent.ACCESS,))]
    assert [(mail.id, mail.language, mail.labels) for mail in read_test(tmp_path)] == [("t-1", "de", (Intent.ERASURE, Intent.COMPLAINT))]


def test_development_mails_are_no_training_mails(tmp_path: Path) -> None:
    write(tmp_path / "en.jsonl", MAIL)
    write(tmp_path / "dev" / "en.jsonl", MAIL | {"id": "d-1"})

    assert [mail.id for mail in read(tmp_path)] == ["x-1"]
    assert [mail.id for mail in read_dev(tmp_path)] == ["d-1"]


def test_mails_from_elsewhere_need_no_author_and_may_say_their_language(tmp_path: Path) -> None:
    foreign = {"id": "1", "subject": "", "body": "Effacez tout.", "labels": ["erasure"]}
    write(tmp_path / "letters.jsonl", foreign | {"language": "fr"}, foreign | {"id": "2"})

    assert [(mail.language, mail.author) for mail in read_labelled(tmp_path / "letters.jsonl")] == [("fr", ""), ("letters", "")]
    with pytest.raises(CorpusError, match="field author: missing"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["nowhere.jsonl", "folder"])
def test_where_nothing_can_be_read_the_path_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(CorpusError, match=f"{name}: no mails; a file of JSON lines"):
        read_labelled(tmp_path / name)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CorpusError, match="can't be read"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("change", "field", "allowed"),
    [
        ({"labels": ["deletion"]}, "labels", "erasure"),
        ({"labels": ["other", "access"]}, "labels", "alone"),
        ({"labels": []}, "labels", "one or more"),
        ({"labels": ["access", "access"]}, "labels", "once"),
        ({"author": " "}, "author", "one character or more"),
        ({"body": None}, "body", "a text"),
    ],
)
def test_a_bad_line_is_refused_by_file_line_field_and_what_is_allowed(
    tmp_path: Path, change: dict[str, Any], field: str, allowed: str
) -> None:
    write(tmp_path / "en.jsonl", MAIL, MAIL | {"id": "x-2"} | change)

    with pytest.raises(CorpusError, match=rf"en\.jsonl, line 2, field {field}: .*{allowed}"):
        read(tmp_path)


def test_an_id_is_allowed_once_even_across_files(tmp_path: Path) -> None:
    write(tmp_path / "en.jsonl", MAIL)
    write(tmp_path / "parts" / "a-en.jsonl", MAIL)

    with pytest.raises(CorpusError, match=r"field id: 'x-1' stands already in en\.jsonl, line 1"):
        read(tmp_path)


def test_a_line_that_is_not_json_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text("secret words\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"en\.jsonl, line 1: not JSON") as caught:
        read(tmp_path)
    assert "secret" not in str(caught.value)


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no mails"):
        read(tmp_path)


def test_the_hash_follows_the_mails_and_not_the_files_they_stand_in(tmp_path: Path) -> None:
    write(tmp_path / "one" / "a-en.jsonl", MAIL, MAIL | {"id": "x-2"})
    write(tmp_path / "two" / "a-en.jsonl", MAIL | {"id": "x-2"})
    write(tmp_path / "two" / "parts" / "b-en.jsonl", MAIL)
    write(tmp_path / "three" / "en.jsonl", MAIL, MAIL | {"id": "x-2", "labels": ["question"]})

    assert corpus_hash(tmp_path / "one") == corpus_hash(tmp_path / "two")
    assert corpus_hash(tmp_path / "one") != corpus_hash(tmp_path / "three")


def test_near_duplicates_are_found_and_different_mails_are_not(tmp_path: Path) -> None:
    almost = MAIL | {"id": "x-2", "body": "Send me all that you keep about me!"}
    other = MAIL | {"id": "x-3", "subject": "parcel", "body": "Where is the lawn mower I ordered?"}
    write(tmp_path / "en.jsonl", MAIL, almost, other)

    assert [pair[:2] for pair in near_duplicates(read(tmp_path))] == [("x-1", "x-2")]
