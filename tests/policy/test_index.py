"""A question finds the passage that answers it, in the policy's language or another."""

import pytest

from bot.policy.index import PolicyIndex
from bot.policy.sections import passages_of

POLICY = """# Privacy at Fernbrook Dairy

## Responsible
Fernbrook Dairy, 3 Mill Lane.

## Milk rounds
To bring the milk we need a name and a doorstep.

## Cookies
The shop page sets one that remembers the basket.

## Recipients
Our haulier gets the addresses of the day. Nothing is sold.

## Keeping
Delivery slips go into the shredder after three years.

## Regulator
You may turn to the commissioner.
"""
INDEX = PolicyIndex([(passage, "en") for passage in passages_of("privacy.md", POLICY)])


@pytest.mark.parametrize(
    ("question", "language", "heading"),
    [
        ("How long do you keep my data?", "en", "Keeping"), ("Do you share my details with third parties?", "en", "Recipients"),
        ("Wie lange bewahren Sie Lieferscheine auf?", "de", "Keeping"), ("À qui transmettez-vous mes données ?", "fr", "Recipients"),
        ("Jak mogę złożyć skargę?", "pl", "Regulator"), ("Χρησιμοποιείτε cookies;", "el", "Cookies"),
        ("Кой е администраторът?", "bg", "Responsible"), ("Kes on vastutav töötleja?", "et", "Responsible"),
    ],
)  # fmt: skip
def test_the_best_passage_is_the_one_that_answers(question: str, language: str, heading: str) -> None:
    assert INDEX.find(question, language)[0].passage.heading == heading


def test_at_most_three_are_offered_the_best_first() -> None:
    scores = [found.score for found in INDEX.find("Do you keep or sell my address, and whom can I complain to?", "en")]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("question", ["", "?!", "qwrtz xyzzy", "\x00" * 10, "🙂"])
def test_what_asks_nothing_finds_nothing(question: str) -> None:
    assert INDEX.find(question, "en") == []


def test_an_unknown_language_is_looked_for_in_all() -> None:
    assert INDEX.find("cookies?", "und")[0].passage.heading == "Cookies"


def test_no_policy_no_passages() -> None:
    assert PolicyIndex([]).find("How long do you keep my data?", "en") == []
