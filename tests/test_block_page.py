"""The page that shows Block Kit as Slack does: it knows every block and element there is, and every one that we send."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo import slack_blocks
from bot.demo.block_page import Painter, page
from bot.slack import clock_forms, modals
from bot.slack.blocks import card, listing
from bot.slack.change_form import change
from bot.slack.home import home
from intents.catalog import Intent
from tests.slack_bench import actions, button, menu, plain, section
from tests.test_slack_blocks import facts, request

PAINTER = Painter({"U1": "ann", "C1": "desk"})
OPTION = {"text": plain("One"), "value": "1", "description": plain("the first")}
FILL: dict[str, Any] = {
    "text": plain("Words"), "alt_text": "A picture", "image_url": "https://x.example", "options": [OPTION], "is_decimal_allowed": True,
    "title": plain("Title"), "label": plain("Label"), "element": {"type": "plain_text_input", "multiline": True, "initial_value": "a\nb"},
    "elements": [], "rows": [[{"type": "raw_text", "text": "cell"}]],
}  # fmt: skip


def drawn(*blocks: Any) -> str:
    return PAINTER.blocks(list(blocks))


@pytest.mark.parametrize("kind", sorted({*slack_blocks.ACTION_ELEMENTS, *slack_blocks.INPUT_ELEMENTS}))
def test_it_knows_each_element(kind: str) -> None:
    html = drawn({"type": "input", "label": plain("Field"), "element": {"type": kind, **FILL}})
    assert "unknown" not in html and "Field" in html


@pytest.mark.parametrize("kind", sorted({*slack_blocks.MESSAGE_BLOCKS, *slack_blocks.VIEW_BLOCKS}))
def test_it_knows_each_block(kind: str) -> None:
    words = {"text": "Words"} if kind == "markdown" else {}
    assert "unknown" not in drawn({"type": kind, **FILL, **words})


def test_what_it_does_not_know_it_shows_as_such() -> None:
    assert 'class="unknown">hologram' in drawn({"type": "hologram"})


def test_marked_up_words_are_drawn_as_slack_draws_them() -> None:
    marked = "*bold* _it_ ~no~ `a*b*` <@U1> <#C1> <https://x.example|here> <!date^1795683600^{date_short} {time}|then> a*b*c"
    html = drawn(section(f"{marked}\n:tada: R&amp;D &lt;b&gt;"))
    for part in (
        "<b>bold</b>", "<i>it</i>", "<s>no</s>", "<code>a*b*</code>", '<span class="mention">@ann</span>',
        '<span class="mention">#desk</span>', ">here</a>", "26 Nov 2026 09:00", "a*b*c<br>🎉 R&amp;D &lt;b&gt;",
    ):  # fmt: skip
        assert part in html, part
    assert 'class="mention broadcast">@channel' in drawn(section("<!channel> <!here|here>"))


def test_plain_words_and_rich_text_are_not_interpreted() -> None:
    parts = [{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "*a* <!here>", "style": {"bold": True}}, {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "here"}, {"type": "date", "timestamp": 1795683600, "format": "{date_num}"}, {"type": "link", "url": "https://x.example"},
    ]}]  # fmt: skip
    nested = {"type": "rich_text_list", "style": "bullet", "elements": parts}
    html = drawn({"type": "rich_text", "elements": [*parts, nested]}, {"type": "header", "text": plain("*b* <!here>")})
    assert "<b>*a* &lt;!here&gt;</b>" in html and "<h3>*b* &lt;!here&gt;</h3>" in html and "2026-11-26" in html and "<ul><li>" in html


def test_what_is_chosen_and_entered_is_seen() -> None:
    choices = {"type": "checkboxes", "options": [OPTION], "initial_options": [OPTION]}
    several = {"type": "multi_users_select", "initial_users": ["U1", "U2"]}
    html = drawn(actions(menu("a", "b"), button("go"), choices, several, {"type": "datetimepicker", "initial_date_time": 1795683600}))
    for part in ('title="a\nb"', ">go</span>", '<i class="checkbox on">', '<span class="pill">ann ✕</span>', "26 Nov 2026, 09:00 UTC"):
        assert part in html


def test_it_draws_all_that_we_send() -> None:
    zone = ZoneInfo("Europe/Berlin")
    told = [
        facts(requests=[request(days_left=days, evidence="Please.")], warnings=["a", "b"], requester="j***@x.example", unclear=days > 5)
        for days in (-1, 2, 6, 30)
    ]  # fmt: skip
    letters = [{"when": "now", "direction": "received", "who": "jo", "subject": "S", "text": "T", "files": "a.pdf"}] * 2
    lists = [{"name": name, "count": 9, "tickets": told} for name in ("overdue", "mine", "held")]
    views = [
        home({"digest": None, "lists": lists}), modals.view("PRV-2026-00001", letters),
        change("PRV-2026-00001", ["access"], "eu_gdpr"),
        modals.close("PRV-2026-00001", [{"id": n, "intent": intent.value} for n, intent in enumerate(Intent)]),
        clock_forms._receipt({"reference": "PRV-2026-00001", "zone": zone.key, "received_at": datetime(2026, 11, 23, 9, tzinfo=UTC)}),
        *(clock_forms._letter(verb, "PRV-2026-00001") for verb in clock_forms._WORDS),
    ]  # fmt: skip
    cards = [PAINTER.message(card(one, zone), [{"text": "Claimed. By <@U1>."}]) for one in told]
    html = page("All", [("Cards", "".join(cards)), ("Views", "".join(map(PAINTER.view, views))), ("List", drawn(*listing("Open", told)))])
    assert "unknown" not in html.partition("</style>")[2]
    assert html.count("1 reply") == 4 and "🔶" in html and "Close PRV-2026-00001" in html


def test_light_and_dark_desktop_and_telephone_can_be_chosen() -> None:
    assert 'id="dark">' in page("All", []) and 'id="dark" checked>' in page("All", [], dark=True)
    assert 'id="phone" checked>' in page("All", [], phone=True)
