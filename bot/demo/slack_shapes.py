"""Checks for JSON payloads that combine into larger checks and name each problem by its JSON pointer, as Slack does."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and the JSON pointer it stands at (RFC 6901), yields one sentence per problem."""

NOTHING: Mapping[str, Check] = {}


def problem(sentence: str, pointer: str) -> str:
    """The form of Slack's validation messages, without the leading `[ERROR]`."""
    return f"{sentence} [json-pointer:{pointer}]"


def anything(value: Any, pointer: str) -> Iterator[str]:  # noqa: ARG001
    """A field whose content is kept and not judged."""
    yield from ()


def text(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)

    return check


def number(least: int, most: int) -> Check:
    """An integer between `least` and `most`, both included."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", pointer)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield problem("must be a boolean", pointer)


def word(*allowed: str) -> Check:
    """One of a few fixed strings."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield problem("must be a valid enum value", pointer)

    return check


def listing(each: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items that each pass."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"no less than {least} items allowed", pointer)
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] = NOTHING) -> Check:
    """An object with these fields and no others; `type` is the business of `by_type`."""
    known = {**required, **optional, "type": anything}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for name in (name for name in required if name not in value):
            yield problem(f"missing required field: {name}", pointer)
        for name, content in value.items():
            if name in known:
                yield from known[name](content, f"{pointer}/{name}")
            else:
                yield problem(f"invalid additional property: {name}", pointer)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of `kinds` it must pass."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
        elif "type" not in value:
            yield problem("missing required field: type", pointer)
        elif value["type"] not in kinds:
            yield problem(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check


def every(*checks: Check) -> Check:
    """All of several checks on one value."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, pointer)

    return check


def either(*names: str) -> Check:
    """At least one of these fields must stand in the object."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not any(value.get(name) for name in names):
            yield problem(f"must define either `{'` or `'.join(names)}`", pointer)

    return check
