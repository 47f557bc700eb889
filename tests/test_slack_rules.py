"""Block Kit's limits: what Slack refuses, and where the pointer points."""

from typing import Any

import pytest

from bot.demo.slack_rules import message_block_problems, view_problems
from tests.slack_bench import actions, button, menu, modal, note_field, plain, section


def at(pointer: str, problems: list[str]) -> bool:
    """Whether every problem found stands at this pointer."""
    return bool(problems) and all(one.endswith(f"[json-pointer:{pointer}]") for one in problems)


class TestRules:
    @pytest.mark.parametrize(
        ("blocks", "pointer"),
        [
            ([{"type": "divider"}] * 51, "/blocks"),
            ([section("x" * 3001)], "/blocks/0/text/text"),
            ([section("")], "/blocks/0/text/text"),
            ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
            ([{"type": "header", "text": {"type": "mrkdwn", "text": "*x*"}}], "/blocks/0/text/type"),
            ([{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields"),
            ([{"type": "section", "fields": [plain("x" * 2001)]}], "/blocks/0/fields/0/text"),
            ([{"type": "section"}], "/blocks/0"),
            ([section("x", colour="red")], "/blocks/0"),
            ([section("x", accessory=menu(*map(str, range(101))))], "/blocks/0/accessory/options"),
            ([section("x", accessory=menu("x" * 76))], "/blocks/0/accessory/options/0/text/text"),
            ([section("x", accessory={**menu("a"), "placeholder": plain("x" * 151)})], "/blocks/0/accessory/placeholder/text"),
            (
                [section("x", accessory={**menu("a"), "initial_option": {"text": plain("b"), "value": "b"}})],
                "/blocks/0/accessory/initial_option",
            ),
            ([actions(*(button(f"{number}") for number in range(26)))], "/blocks/0/elements"),
            ([actions()], "/blocks/0/elements"),
            ([actions(button("same"), button("same"))], "/blocks/0"),
            ([actions(button("x" * 256) | {"text": plain("x")})], "/blocks/0/elements/0/action_id"),
            ([actions(button("x" * 76))], "/blocks/0/elements/0/text/text"),
            ([actions(button("x", "y" * 2001))], "/blocks/0/elements/0/value"),
            ([actions({"type": "plain_text_input", "action_id": "x"})], "/blocks/0/elements/0/type"),
            ([{"type": "context", "elements": [plain("x")] * 11}], "/blocks/0/elements"),
            ([section("x", block_id="b"), section("y", block_id="b")], "/blocks/1"),
            ([{"type": "sektion"}], "/blocks/0/type"),
            ([note_field()], "/blocks/0/type"),
            (["x"], "/blocks/0"),
            ({"type": "section"}, "/blocks"),
        ],
    )
    def test_messages_slack_refuses(self, blocks: Any, pointer: str) -> None:
        assert at(pointer, message_block_problems(blocks))

    @pytest.mark.parametrize(
        ("view", "pointer"),
        [
            (modal(title=plain("x" * 25)), "/view/title/text"),
            ({name: value for name, value in modal().items() if name != "title"}, "/view"),
            (modal(submit=plain("x" * 25)), "/view/submit/text"),
            (modal(close={"type": "mrkdwn", "text": "x"}), "/view/close/type"),
            (modal(private_metadata="x" * 3001), "/view/private_metadata"),
            (modal(callback_id="x" * 256), "/view/callback_id"),
            (modal(*[{"type": "divider"}] * 101), "/view/blocks"),
            (modal(note_field(label=plain("x" * 2001))), "/view/blocks/0/label/text"),
            (modal(note_field(element=button("x"))), "/view/blocks/0/element/type"),
            ({name: value for name, value in modal(note_field()).items() if name != "submit"}, "/view"),
            ({"type": "home", "blocks": []}, "/view/type"),
            ([], "/view"),
        ],
    )
    def test_modals_slack_refuses(self, view: Any, pointer: str) -> None:
        assert at(pointer, view_problems(view, "modal"))

    def test_what_slack_takes_has_no_problems(self) -> None:
        full = [section("x" * 3000, accessory=menu("a")), actions(*(button(f"{number}") for number in range(25)))] * 25
        assert message_block_problems(full) == []
        assert view_problems(modal(*[section("x")] * 99, note_field()), "modal") == []
