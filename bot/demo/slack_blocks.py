"""Block Kit's documented shapes and limits, element by element and block by block (docs.slack.dev/reference/block-kit)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.demo.slack_shapes import Check, anything, boolean, by_type, either, every, listing, number, problem, shape, text, word

IDENTIFIER = text(255)
URL = text(3000)


def plain(most: int) -> Check:
    """A text object that must be `plain_text`."""
    return by_type({"plain_text": shape({"text": text(most)}, {"emoji": boolean})})


def formatted(most: int) -> Check:
    """A text object of either kind."""
    return by_type(
        {
            "plain_text": shape({"text": text(most)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": text(most)}, {"verbatim": boolean}),
        }
    )


CONFIRM = shape(
    {"title": plain(100), "text": formatted(300), "confirm": plain(30), "deny": plain(30)}, {"style": word("primary", "danger")}
)
PLACEHOLDER = plain(150)
PLAIN_OPTION = shape({"text": plain(75), "value": text(150)}, {"description": plain(75), "url": URL})
RICH_OPTION = shape({"text": formatted(75), "value": text(150)}, {"description": formatted(75)})
OPTION_GROUP = shape({"label": plain(75), "options": listing(PLAIN_OPTION, 100)})
COMMON: Mapping[str, Check] = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": boolean}
PROMPTED: Mapping[str, Check] = {**COMMON, "placeholder": PLACEHOLDER}
MANY: Mapping[str, Check] = {**PROMPTED, "max_selected_items": number(1, 100)}
CHANNEL_CHOICE: Mapping[str, Check] = {"response_url_enabled": boolean}
CONVERSATION_CHOICE: Mapping[str, Check] = {"default_to_current_conversation": boolean, "filter": anything}


def options_of(element: Mapping[str, Any]) -> list[Any]:
    """Every option of an element, those in groups included."""
    grouped = [option for group in element.get("option_groups") or () for option in group.get("options") or ()]
    return [*(element.get("options") or ()), *grouped]


def initial_is_offered(value: Any, pointer: str) -> Iterator[str]:
    """What is chosen at first must be one of the options, field for field."""
    if "initial_option" in value and value["initial_option"] not in options_of(value):
        yield problem("must exactly match one of the options", f"{pointer}/initial_option")
    for index, option in enumerate(value.get("initial_options") or ()):
        if option not in options_of(value):
            yield problem("must exactly match one of the options", f"{pointer}/initial_options/{index}")


def choice(option: Check, most: int, extra: Mapping[str, Check]) -> Check:
    """An element with options of its own."""
    return every(shape({"options": listing(option, most)}, extra), initial_is_offered)


def menu(extra: Mapping[str, Check]) -> Check:
    """A static select menu: options, or options in groups."""
    lists: Mapping[str, Check] = {"options": listing(PLAIN_OPTION, 100), "option_groups": listing(OPTION_GROUP, 100)}
    return every(shape({}, {**lists, **extra}), either("options", "option_groups"), initial_is_offered)


BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "url": URL,
        "value": text(2000, least=0),
        "style": word("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
)
IMAGE = every(shape({"alt_text": text(2000)}, {"image_url": URL, "slack_file": anything}), either("image_url", "slack_file"))
SINGLE_CHOICES: Mapping[str, Check] = {
    "radio_buttons": choice(RICH_OPTION, 10, {**COMMON, "initial_option": RICH_OPTION}),
    "static_select": menu({**PROMPTED, "initial_option": PLAIN_OPTION}),
    "external_select": shape({}, {**PROMPTED, "initial_option": PLAIN_OPTION, "min_query_length": number(0, 100)}),
    "users_select": shape({}, {**PROMPTED, "initial_user": IDENTIFIER}),
    "conversations_select": shape({}, {**PROMPTED, **CHANNEL_CHOICE, **CONVERSATION_CHOICE, "initial_conversation": IDENTIFIER}),
    "channels_select": shape({}, {**PROMPTED, **CHANNEL_CHOICE, "initial_channel": IDENTIFIER}),
    "datepicker": shape({}, {**PROMPTED, "initial_date": text(10)}),
    "timepicker": shape({}, {**PROMPTED, "initial_time": text(5), "timezone": IDENTIFIER}),
    "datetimepicker": shape({}, {**COMMON, "initial_date_time": number(0, 9_999_999_999)}),
}
MANY_CHOICES: Mapping[str, Check] = {
    "checkboxes": choice(RICH_OPTION, 10, {**COMMON, "initial_options": listing(RICH_OPTION, 10)}),
    "multi_static_select": menu({**MANY, "initial_options": listing(PLAIN_OPTION, 100)}),
    "multi_external_select": shape({}, {**MANY, "initial_options": listing(PLAIN_OPTION, 100), "min_query_length": number(0, 100)}),
    "multi_users_select": shape({}, {**MANY, "initial_users": listing(IDENTIFIER, 100)}),
    "multi_conversations_select": shape({}, {**MANY, **CONVERSATION_CHOICE, "initial_conversations": listing(IDENTIFIER, 100)}),
    "multi_channels_select": shape({}, {**MANY, "initial_channels": listing(IDENTIFIER, 100)}),
}
TYPED: Mapping[str, Check] = {
    "action_id": IDENTIFIER,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": anything,
    "initial_value": text(3000, least=0),
}
FREE_INPUTS: Mapping[str, Check] = {
    "plain_text_input": shape({}, {**TYPED, "multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000)}),
    "email_text_input": shape({}, TYPED),
    "url_text_input": shape({}, TYPED),
    "number_input": shape({"is_decimal_allowed": boolean}, {**TYPED, "min_value": text(50), "max_value": text(50)}),
    "rich_text_input": shape({}, {**TYPED, "initial_value": anything}),
    "file_input": shape({}, {"action_id": IDENTIFIER, "filetypes": listing(text(20), 100), "max_files": number(1, 10)}),
}
OVERFLOW = choice(PLAIN_OPTION, 5, {"action_id": IDENTIFIER, "confirm": CONFIRM})
CLICKED: Mapping[str, Check] = {"button": BUTTON, "overflow": OVERFLOW}
ACTION_ELEMENTS = {**CLICKED, **SINGLE_CHOICES, **MANY_CHOICES}
INPUT_ELEMENTS = {**SINGLE_CHOICES, **MANY_CHOICES, **FREE_INPUTS}


def block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A block: its fields and the block_id that all blocks may have."""
    return shape(required, {"block_id": IDENTIFIER, **(optional or {})})


SECTION = every(
    block(
        {},
        {
            "text": formatted(3000),
            "fields": listing(formatted(2000), 10),
            "accessory": by_type({**ACTION_ELEMENTS, "image": IMAGE}),
            "expand": boolean,
        },
    ),
    either("text", "fields"),
)
IMAGE_BLOCK = every(
    block({"alt_text": text(2000)}, {"image_url": URL, "slack_file": anything, "title": plain(2000)}),
    either("image_url", "slack_file"),
)
VIDEO = block(
    {"alt_text": text(2000), "title": plain(200), "thumbnail_url": URL, "video_url": URL},
    {"author_name": text(50), "description": plain(200), "provider_icon_url": URL, "provider_name": text(50), "title_url": URL},
)
INPUT = block(
    {"label": plain(2000), "element": by_type(INPUT_ELEMENTS)},
    {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
CONTEXT_ELEMENT = by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": formatted(3000)})

EVERYWHERE: Mapping[str, Check] = {
    "section": SECTION,
    "header": block({"text": plain(150)}),
    "divider": block({}),
    "image": IMAGE_BLOCK,
    "actions": block({"elements": listing(by_type(ACTION_ELEMENTS), 25)}),
    "context": block({"elements": listing(CONTEXT_ELEMENT, 10)}),
    "rich_text": block({"elements": listing(anything, 100)}),
    "video": VIDEO,
}
MESSAGE_BLOCKS: Mapping[str, Check] = {
    **EVERYWHERE,
    "markdown": block({"text": text(12_000)}),
    "table": block({"rows": listing(listing(anything, 20), 100)}, {"column_settings": listing(anything, 20)}),
    "file": block({"external_id": IDENTIFIER, "source": word("remote")}),
}
VIEW_BLOCKS: Mapping[str, Check] = {**EVERYWHERE, "input": INPUT}
