"""The digest in Slack: blocks that Slack takes, whatever the figures."""

import pytest

from bot.demo.slack_rules import message_block_problems
from bot.digest_config import LANGUAGES
from bot.digest_slack import blocks
from bot.digest_words import words_of
from tests.digests import BUSY, MAIL, WEEK, asked, digest_of, on, ticket

EN = words_of("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_is_one_that_slack_takes(language: str) -> None:
    _, drawn = blocks(BUSY, words_of(language))
    assert message_block_problems(drawn) == []


def test_it_begins_with_the_week_in_one_line() -> None:
    text, drawn = blocks(BUSY, EN)
    assert text == "Privacy desk 2026-W47: 1 overdue, 6 open, 4 received, 2 closed"
    assert [drawn[0]["text"]["text"], drawn[2]["text"]["text"]] == ["Privacy desk, week 47", "*4 received, 6 open, 1 overdue*"]


def test_it_stays_inside_the_limits_whatever_the_numbers_and_names() -> None:
    many = [
        ticket(n, on(11, 17), *(asked(intent, on(11, 18)) for intent in ("access", "x" * 300)), handler="<&>" * 200) for n in range(1, 500)
    ]
    assert message_block_problems(blocks(digest_of(*many, mail=MAIL), EN)[1]) == []


def test_a_colleague_is_mentioned_and_nothing_else_in_a_name_fires() -> None:
    people = [ticket(number, on(11, number), handler=handler) for number, handler in ((1, "U07QX4MARA"), (2, "<!channel>"), (3, None))]
    shown = str(blocks(digest_of(*people), EN)[1])
    assert "<@U07QX4MARA>" in shown
    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown
    assert "nobody yet" in shown


def test_an_empty_week_is_one_line() -> None:
    text, drawn = blocks(digest_of(), EN)
    assert text == "Privacy desk 2026-W47: a quiet week"
    assert [block["type"] for block in drawn] == ["header", "context", "section"]
    assert message_block_problems(drawn) == []


def test_weeks_without_a_digest_are_named() -> None:
    assert "No digest went out for 2026-W46." in str(blocks(digest_of(missed=(WEEK.previous(),)), EN)[1])
