"""Intent boxes: what is asked, as boxes to tick: the rights, and all else."""

from collections.abc import Collection

from bot.slack.blocks import intent_name
from bot.slack.entered import Entered
from bot.slack.modals import label
from bot.slack.text import Block
from intents.catalog import Intent

RIGHTS, OTHER = "intents", "other"
_GROUPS = {RIGHTS: ("What is asked: rights", [i for i in Intent if i.is_right]), OTHER: ("All else", [i for i in Intent if not i.is_right])}
"""A group of checkboxes takes ten (docs.slack.dev/reference/block-kit/block-elements/checkboxes-element)."""


def intent_boxes(ticked: Collection[str] = (), hint: str = "") -> list[Block]:
    """The two fields; either may stay empty."""
    drawn = [_group(name, title, intents, ticked) for name, (title, intents) in _GROUPS.items()]
    return [*drawn[:-1], {**drawn[-1], **({"hint": label(hint)} if hint else {})}]


def intents_ticked(entered: Entered) -> list[str]:
    """What was ticked in both."""
    return [*entered.ticked(RIGHTS), *entered.ticked(OTHER)]


def _group(name: str, title: str, intents: Collection[Intent], ticked: Collection[str]) -> Block:
    options = [{"text": label(intent_name(intent)), "value": intent.value} for intent in intents]
    chosen = [option for option in options if option["value"] in ticked]
    boxes: Block = {"type": "checkboxes", "action_id": name, "options": options} | ({"initial_options": chosen} if chosen else {})
    return {"type": "input", "block_id": name, "optional": True, "label": label(title), "element": boxes}
