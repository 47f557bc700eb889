"""The committed corpus keeps the rules it was written by: many hands, every language and label, no copies, and a test split of its own."""

import re
from collections import Counter, defaultdict

import pytest

from intents.catalog import Intent
from intents.corpus import CORPUS, Example, near_duplicates, read, read_dev, read_test

MAIN = ("de", "en", "fr", "es", "it", "nl", "pl", "pt")
AT_LEAST = dict.fromkeys(("de", "en"), 700) | dict.fromkeys(MAIN[2:], 300)
OTHERS = ["bg", "ca", "cs", "da", "el", "et", "fi", "ga", "hr", "hu", "is", "lt", "lv", "mt", "no", "ro", "sk", "sl", "sv", "uk"]


@pytest.fixture(scope="module")
def ours() -> list[Example]:
    return [*read(CORPUS), *read_dev(CORPUS)]


@pytest.fixture(scope="module")
def theirs() -> list[Example]:
    return read_test(CORPUS)


def test_there_are_enough_mails_in_every_language(ours: list[Example], theirs: list[Example]) -> None:
    counts = Counter(example.language for example in ours)

    assert len(ours) >= 5_000
    assert len(theirs) >= 1_000
    assert {language: counts[language] for language in AT_LEAST if counts[language] < AT_LEAST[language]} == {}
    assert {language: counts[language] for language in OTHERS if counts[language] < 80} == {}
    assert {example.language for example in theirs} == {*MAIN, *OTHERS}


def test_every_label_is_written_often_in_every_main_language(ours: list[Example]) -> None:
    counts = Counter((example.language, label) for example in ours for label in example.labels)

    assert [(language, label) for language in MAIN for label in Intent if counts[language, label] < 20] == []


def test_many_mails_ask_two_things_and_many_ask_nothing(ours: list[Example]) -> None:
    assert sum(len(example.labels) > 1 for example in ours) / len(ours) >= 0.3
    assert sum(example.labels == (Intent.OTHER,) for example in ours) / len(ours) >= 0.28


def test_the_splits_have_authors_of_their_own() -> None:
    authors = [{example.author for example in split} for split in (read(CORPUS), read_dev(CORPUS), read_test(CORPUS))]

    assert len(set.union(*authors)) >= 50
    assert not authors[0] & authors[1]
    assert not (authors[0] | authors[1]) & authors[2]


def test_no_mail_is_a_copy_of_another(ours: list[Example], theirs: list[Example]) -> None:
    assert near_duplicates([*ours, *theirs], at_least=0.5) == []


def test_hardly_a_phrase_is_used_twice(ours: list[Example], theirs: list[Example]) -> None:
    where = defaultdict(set)
    mails = [*ours, *theirs]
    for example in mails:
        words = re.findall(r"[\w'’]+", f"{example.subject} {example.body}".lower())
        for start in range(len(words) - 8):
            where[tuple(words[start : start + 9])].add(example.id)

    again = {number for ids in where.values() if len(ids) > 1 for number in ids}
    assert len(again) / len(mails) < 0.04  # plain formal letters share the formulas of the law and of authorities
