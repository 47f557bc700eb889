"""Buttons, menus and fields as a person uses them: found on a message or view, and what Slack reports when they are used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.demo.slack_blocks import options_of
from bot.demo.slack_shapes import Json

Control = tuple[Json, Json]
"""A block and the element in it."""

ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
MANY_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
PLAIN_FIELDS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
"""The field a value is reported in, and the field of the element that fills it at first."""


class NoSuchControl(LookupError):
    """The message or view shows no such button, menu or field."""


class ImpossibleInput(ValueError):
    """Slack's client would not let a person enter or choose this."""


def controls(blocks: Sequence[Json]) -> Iterator[Control]:
    """Every element a person can use, with the block it stands in."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "input":
            yield block, block["element"]
        elif "accessory" in block and block["accessory"]["type"] != "image":
            yield block, block["accessory"]


def find_button(blocks: Sequence[Json], action_id: str, value: str | None, block_id: str | None) -> Control:
    """The first button with this action_id and, where given, value and block_id; NoSuchControl names what stands there."""
    return _first(
        (control for control in controls(blocks) if control[1]["type"] == "button" and value in (None, control[1].get("value"))),
        action_id,
        block_id,
        blocks,
    )


def find_menu(blocks: Sequence[Json], action_id: str, block_id: str | None) -> Control:
    """The first menu, picker or field with this action_id; NoSuchControl names what stands there."""
    return _first((control for control in controls(blocks) if control[1]["type"] != "button"), action_id, block_id, blocks)


def _first(candidates: Iterator[Control], action_id: str, block_id: str | None, blocks: Sequence[Json]) -> Control:
    for block, element in candidates:
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    standing = sorted(element["action_id"] for _, element in controls(blocks))
    raise NoSuchControl(f"no such control: {action_id}; these stand here: {', '.join(standing) or 'none'}")


def clicked(control: Control, ts: str) -> Json:
    """The action reported for a pressed button."""
    block, element = control
    told: Json = {name: element[name] for name in ("type", "action_id", "text", "value", "style", "url") if name in element}
    return {**told, "block_id": block["block_id"], "action_ts": ts}


def chosen(control: Control, value: Any, ts: str) -> Json:
    """The action reported for a choice; ImpossibleInput when it is not on offer."""
    block, element = control
    entered = entry(element, value)
    return {**entered, "action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}


def entry(element: Json, value: Any) -> Json:
    """What Slack reports as the state of an element after a person entered `value` (an option's value for menus)."""
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in value]}
    _check_length(element, value)
    return {"type": kind, PLAIN_FIELDS[kind][0]: value}


def untouched(element: Json) -> Json:
    """The state of an element nobody used."""
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    field, initial = PLAIN_FIELDS[kind]
    return {"type": kind, field: element.get(initial, [] if kind.startswith("multi_") else None)}


def state(blocks: Sequence[Json], values: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Json:
    """`state.values` by block_id and action_id; `values` are what was entered, by action_id. Buttons and overflow menus have no state.

    What was entered `before` (a state) stays in a field with the same block_id and action_id, whatever the field would show at first.
    """
    reported: dict[str, dict[str, Json]] = {}
    for block, element in controls(blocks):
        if element["type"] not in ("button", "overflow"):
            action_id = element["action_id"]
            held = (before or {}).get("values", {}).get(block["block_id"], {}).get(action_id) or untouched(element)
            held = entry(element, values[action_id]) if action_id in values else held
            reported.setdefault(block["block_id"], {})[action_id] = held
    return {"values": reported}


def check_filled(blocks: Sequence[Json], values: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
    """ImpossibleInput when a required field is left empty, NoSuchControl for a value whose field is not there.

    `before`: the state of what was entered earlier.
    """
    check_there(blocks, values)
    held = state(blocks, values, before)["values"]
    for block, element in controls(blocks):
        required = block["type"] == "input" and not block.get("optional")
        if required and _is_empty(held[block["block_id"]][element["action_id"]]):
            raise ImpossibleInput(f"a required field is empty: {element['action_id']}")


def check_there(blocks: Sequence[Json], values: Mapping[str, Any]) -> None:
    """NoSuchControl for a value whose field is not there."""
    fields = {element["action_id"] for _, element in controls(blocks)}
    for action_id in values.keys() - fields:
        raise NoSuchControl(f"no such field: {action_id}; these stand here: {', '.join(sorted(fields)) or 'none'}")


def _is_empty(entered: Json) -> bool:
    return not any(value for name, value in entered.items() if name != "type")


def _option(element: Json, value: str | None) -> Json | None:
    if value is None:
        return None
    if element["type"] in ("external_select", "multi_external_select"):
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    for option in options_of(element):
        if option["value"] == value:
            return dict(option)
    offered = ", ".join(option["value"] for option in options_of(element))
    raise ImpossibleInput(f"not an option of {element['action_id']}; on offer: {offered}")


def _check_length(element: Json, value: Any) -> None:
    if isinstance(value, str) and not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3000):
        raise ImpossibleInput(f"too short or too long for {element['action_id']}")
