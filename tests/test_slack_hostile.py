"""Whatever strangers write: in no card, list, form or line does any of it become a mention, a link, mark-up or an emoji."""

import re
from collections.abc import Iterator
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.block_page import Painter
from bot.demo.slack_rules import check_message, message_block_problems, view_problems
from bot.slack import modals
from bot.slack.blocks import card, escape, listing
from bot.slack.courier import _line
from bot.slack.home import home
from bot.slack.sender_forms import _sender, agent_list
from tests.test_slack_blocks import facts, request

BERLIN = ZoneInfo("Europe/Berlin")
CANARY = "Zx9Zx"
_PARTS = (
    "<!channel>", "<!here|here>", "<@U1>", "<#C1>", "<https://evil.example|click>", "<!date^1^{date}|x>", "@here", "@channel",
    "*bold*", "_it_", "~no~", "`code`", "```", ":smile:", ":rotating_light:", "&lt;!channel&gt;", "&", "<", ">", "|", "> quote", "• ",
    "\n", "\r\n", "\t", "\0", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "&amp;lt;", "'", '"', "😀", "é", "א", " ",
    "[x](https://evil.example)", "%s {0} {x}",
)  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(_PARTS), st.text(max_size=5)), max_size=12).map(lambda parts: CANARY.join(["", *parts, ""]))
UNSEEN = re.compile("[\u200b\u202a-\u202e\u2060-\u206f\ufeff\0]")


def interpreted(value: Any) -> Iterator[str]:
    """Every text that Slack interprets: mrkdwn elements, and the `text` of a message."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn" or ("blocks" in value and "text" in value):
            yield str(value["text"])
        for inner in value.values():
            yield from interpreted(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from interpreted(inner)


def literal(value: Any) -> Iterator[dict[str, Any]]:
    """Every plain_text object."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            yield value
        for inner in value.values():
            yield from literal(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from literal(inner)


def assert_nothing_fires(surface: Any, *escaped: str) -> None:
    """No word of a stranger is interpreted, but where it stands escaped; plain text is shown without emoji, turns or hidden signs."""
    for text in interpreted(surface):
        ours = reduce(lambda left, words: left.replace(escape(words), ""), escaped, text)
        assert CANARY not in ours, ours
    for shown in literal(surface):
        if CANARY in shown["text"]:
            assert shown.get("emoji") is False
            assert not UNSEEN.search(shown["text"])


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=150, deadline=None)
def test_cards_lists_and_home(one: str, two: str, three: str) -> None:
    told = facts(
        requester=one, subject=two, warnings=[three, f"held: {one}", f"unreadable: {two}"], requests=[request(evidence=three, days_left=2)],
        authentication=one, handler="U1", unclear=True,
    )  # fmt: skip
    drawn = card(told, BERLIN)
    check_message(drawn)
    assert_nothing_fires(drawn)
    shown = listing("Open", [told] * 3)
    assert message_block_problems(shown) == []
    assert_nothing_fires(shown, f"held: {one}", f"unreadable: {two}")
    lists = [{"name": name, "count": 9, "tickets": [told]} for name in ("overdue", "mine", "held")]
    assert_nothing_fires(home({"digest": None, "lists": lists}), f"held: {one}", f"unreadable: {two}")
    agents = agent_list("Agents", [{"agent": one, "count": 1, "references": ["PRV-2026-00001"]}])
    assert_nothing_fires(agents)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=100, deadline=None)
def test_windows(one: str, two: str, three: str) -> None:
    message = {"when": "23 Nov 2026", "direction": "received", "who": one, "subject": two, "text": three, "files": one}
    view = modals.view("PRV-2026-00001", [message] * 3)
    assert view_problems(view, "modal") == []
    assert_nothing_fires(view)
    form = _sender({"reference": "PRV-2026-00001", "requester": one[:300], "received_at": "2026-11-23T09:00:00+00:00"}, "Europe/Berlin")
    assert_nothing_fires(form)


@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_escaped_words_among_ours(text: str) -> None:
    """As Slack would draw it: no tag but ours, no mention, no link."""
    drawn = Painter({}).message({"text": f"*ours* {escape(text)}"})
    inside = drawn.partition("<p>")[2].partition("</p>")[0]
    assert set(re.findall(r"<(/?\w+)", inside)) <= {"b", "/b"}
    assert inside.count("<b>") == 1
    assert not UNSEEN.search(inside)


@given(HOSTILE)
@settings(max_examples=50, deadline=None)
def test_lines_name_people_by_their_id_alone(text: str) -> None:
    line = _line({"text": "Claimed.", "mention": text, "by": f"slack:{text}"})
    assert set(re.findall(r"<(.)", line)) == {"@"} and line.count("<") == 2 == line.count(">")
