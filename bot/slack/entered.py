"""Entered: what a person left in a form, as the listeners read it; and the two lists in which they say what is asked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack.text import Block, intent_name
from intents.catalog import Family, Intent

_INITIAL = {
    "value": "initial_value", "selected_option": "initial_option", "selected_date": "initial_date",
    "selected_date_time": "initial_date_time",
}  # fmt: skip
_RIGHTS, _OTHERS = "intents", "others"  # of checkboxes Slack takes ten at most


def entered(view: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """`state.values`; where a client tells nothing of a required field that nobody touched, what stood in it at first."""
    values = {block: {name: dict(held) for name, held in fields.items()} for block, fields in view["state"]["values"].items()}
    for block in view.get("blocks", ()):
        if block["type"] == "input" and not block.get("optional"):
            _fall_back(block["element"], values.get(block.get("block_id", ""), {}).get(block["element"].get("action_id", ""), {}))
    return values


def _fall_back(element: Mapping[str, Any], held: dict[str, Any]) -> None:
    for field, initial in _INITIAL.items():
        if field in held and held[field] is None and initial in element:
            held[field] = element[initial]


def asked_fields(chosen: Sequence[str], hint: str = "") -> list[Block]:
    """All intents to be ticked: the rights, and below them everything else."""
    rights = [intent for intent in Intent if intent.family is Family.RIGHTS]
    others = [intent for intent in Intent if intent.family is not Family.RIGHTS]
    return [
        _boxes(_RIGHTS, "What is asked: rights", rights, chosen, hint),
        _boxes(_OTHERS, "What is asked: something else", others, chosen, "“Other” stands alone: nothing is asked of us."),
    ]


def asked(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """What was ticked in both lists."""
    return [option["value"] for name in (_RIGHTS, _OTHERS) for option in values[name][name].get("selected_options") or ()]


def _boxes(name: str, title: str, intents: Iterable[Intent], chosen: Sequence[str], hint: str) -> Block:
    options = [{"text": {"type": "plain_text", "text": intent_name(intent)}, "value": intent.value} for intent in intents]
    ticked = [option for option in options if option["value"] in chosen]
    element = {"type": "checkboxes", "action_id": name, "options": options} | ({"initial_options": ticked} if ticked else {})
    hinted = {"hint": {"type": "plain_text", "text": hint}} if hint else {}
    label = {"type": "plain_text", "text": title}
    return {"type": "input", "block_id": name, "optional": True, "label": label, "element": element, **hinted}
