"""Which messages, views and metadata Slack takes; everything else gets the error and the JSON pointers that Slack would answer with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.demo.slack_blocks import MESSAGE_BLOCKS, OPTION_GROUP, PLAIN_OPTION, VIEW_BLOCKS, plain
from bot.demo.slack_shapes import Check, Json, boolean, by_type, listing, problem, shape, text

MESSAGE_TEXT_LIMIT = 40_000


class ApiError(Exception):
    """What a Web API method answers instead of `ok`: an error code and, for payloads, the problems found."""

    def __init__(self, code: str, problems: Iterable[str] = ()) -> None:
        self.code = code
        self.problems = tuple(problems)
        super().__init__(" ".join((code, *self.problems)))

    def answer(self) -> Json:
        """The body of the HTTP answer."""
        if not self.problems:
            return {"ok": False, "error": self.code}
        messages = [f"[ERROR] {one}" for one in self.problems]
        return {"ok": False, "error": self.code, "errors": list(self.problems), "response_metadata": {"messages": messages}}


def message_block_problems(blocks: Any, pointer: str = "/blocks") -> list[str]:
    """What is wrong with the blocks of a message, most 50 of them; input blocks belong in views."""
    return [*_listed(MESSAGE_BLOCKS, 50, 0)(blocks, pointer), *_repeated_identifiers(blocks, pointer)]


def view_problems(view: Any, kind: str) -> list[str]:
    """What is wrong with a view; `kind` is "modal" for views.open, update and push, "home" for views.publish."""
    return [*by_type({kind: VIEWS[kind]})(view, "/view"), *_whole_view(view)]


def check_message(arguments: Mapping[str, Any]) -> None:
    """Raise ApiError `no_text`, `msg_too_long`, `invalid_blocks` or `invalid_metadata_format` for a message Slack refuses."""
    if not any(arguments.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        raise ApiError("no_text")
    if len(str(arguments.get("text") or "")) > MESSAGE_TEXT_LIMIT:
        raise ApiError("msg_too_long")
    if arguments.get("blocks") is not None:
        _refuse("invalid_blocks", message_block_problems(arguments["blocks"]))
    if arguments.get("metadata"):
        _refuse("invalid_metadata_format", METADATA(arguments["metadata"], "/metadata"))


def check_view(view: Any, kind: str) -> None:
    """Raise ApiError `invalid_arguments` for a view Slack refuses."""
    _refuse("invalid_arguments", view_problems(view, kind))


def check_suggestions(ack: Json) -> None:
    """Raise ApiError `invalid_arguments` where an answer to a block_suggestion holds no options that Slack would show."""
    groups = "option_groups" in ack
    offered = listing(OPTION_GROUP if groups else PLAIN_OPTION, 100, 0)
    _refuse("invalid_arguments", offered(ack.get("option_groups" if groups else "options"), "/options"))


def _refuse(code: str, problems: Iterable[str]) -> None:
    found = tuple(problems)
    if found:
        raise ApiError(code, found)


def _object(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield problem("must provide an object", pointer)


def _listed(blocks: Mapping[str, Check], most: int, least: int) -> Check:
    return listing(by_type(blocks), most, least)


METADATA = shape({"event_type": text(255), "event_payload": _object})
_SHARED: Mapping[str, Check] = {
    "private_metadata": text(3000, least=0),
    "callback_id": text(255, least=0),
    "external_id": text(255, least=0),
}
_VIEW_BLOCKS = _listed(VIEW_BLOCKS, 100, 0)
VIEWS: Mapping[str, Check] = {
    "modal": shape(
        {"title": plain(24), "blocks": _VIEW_BLOCKS},
        {**_SHARED, "close": plain(24), "submit": plain(24), "clear_on_close": boolean, "notify_on_close": boolean},
    ),
    "home": shape({"blocks": _VIEW_BLOCKS}, _SHARED),
}


def _whole_view(view: Any) -> Iterator[str]:
    """Rules that look at a view as a whole: unique identifiers, and a submit button wherever something can be entered."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    yield from _repeated_identifiers(blocks, "/view/blocks")
    if view_takes_input(view) and view.get("type") == "modal" and "submit" not in view:
        yield problem("missing required field: submit", "/view")


def view_takes_input(view: Any) -> bool:
    """Whether any block of a view is an input block."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    return any(block.get("type") == "input" for block in _objects(blocks))


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _repeated_identifiers(blocks: Any, pointer: str) -> Iterator[str]:
    """block_id is unique in a message or view, action_id in its block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if not isinstance(block, dict):
            continue
        yield from _repeats([block], "block_id", f"{pointer}/{index}", seen)
        yield from _repeats(_objects(block.get("elements")), "action_id", f"{pointer}/{index}", set())


def _repeats(owners: Iterable[Json], name: str, pointer: str, seen: set[str]) -> Iterator[str]:
    for owner in owners:
        identifier = owner.get(name)
        if not isinstance(identifier, str):
            continue
        if identifier in seen:
            yield problem(f'`{name}` "{identifier}" already exists', pointer)
        seen.add(identifier)
