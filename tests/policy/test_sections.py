"""A policy is cut at its headings, whatever format it is written in."""

import pytest

from bot.policy.sections import LONGEST_PASSAGE, passages_of

MARKDOWN = """# Privacy

Who we are.

## Orders

We keep **invoices** for ten years.

- name
- address

### Cards

Never seen by us.
"""
HTML = """<html><head><title>x</title><style>p{}</style></head><body><nav>Home</nav><h1>Privacy</h1><div>Who we are.</div>
<section><h2>Orders</h2><p>We keep <b>invoices</b> for ten years.</p><ul><li>name</li><li>address</li></ul>
<h3>Cards</h3>Never seen by us.<script>track()</script></section></body></html>"""
TEXT = """PRIVACY

Who we are.

1. Orders
We keep invoices for ten years.

name
address

1.1 Cards
Never seen by us.
"""


@pytest.mark.parametrize(("name", "content"), [("p.md", MARKDOWN), ("p.html", HTML)])
def test_headings_stand_above_what_is_below_them(name: str, content: str) -> None:
    cut = [(passage.headings, passage.text) for passage in passages_of(name, content)]
    assert cut == [
        (("Privacy",), "Who we are."),
        (("Privacy", "Orders"), "We keep invoices for ten years.\nname\naddress"),
        (("Privacy", "Orders", "Cards"), "Never seen by us."),
    ]


def test_plain_text_shows_its_headings_by_numbers_and_capitals() -> None:
    headings = [passage.headings for passage in passages_of("p.txt", TEXT)]
    assert headings[0] == ("PRIVACY",)
    assert headings[1][:2] == ("PRIVACY", "1. Orders")
    assert headings[-1] == ("PRIVACY", "1. Orders", "1.1 Cards")


def test_a_text_without_headings_is_named_by_its_file() -> None:
    [passage] = passages_of("answers.txt", "We never sell anything that we know about the people who buy from us, whoever asks for it.")
    assert (passage.headings, passage.heading) == ((), "answers.txt")


def test_a_long_section_is_cut_between_sentences() -> None:
    long = "## Long\n\n" + "This sentence says something about keeping data. " * 120
    passages = passages_of("p.md", long)
    assert len(passages) > 3
    assert all(len(passage.text) <= LONGEST_PASSAGE and passage.text.endswith(".") for passage in passages)


@pytest.mark.parametrize("name", ["p.md", "p.html", "p.txt"])
@pytest.mark.parametrize("content", ["", "   \n\n", "<", "#", "\x00", "x" * 5_000, "<h1>" * 300, "§ 1 \n" * 50])
def test_no_text_breaks_it(name: str, content: str) -> None:
    assert all(len(passage.text) <= LONGEST_PASSAGE for passage in passages_of(name, content))
