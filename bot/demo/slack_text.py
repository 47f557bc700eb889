"""Slack messages as lines for a terminal."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TOKEN = re.compile(r"<(?:!date\^[^|>]*\|([^>]*)|@([A-Z0-9]+))>")


def message_lines(message: Mapping[str, Any]) -> list[str]:
    """What a reader of the message sees, roughly."""
    lines = [line for block in message.get("blocks") or () for line in _block(block)]
    return lines or [_text(message.get("text", ""))]


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "header":
        yield f"[bold]{_text(block['text']['text'])}[/bold]"
    elif block["type"] == "section":
        parts = [block["text"]] if "text" in block else []
        yield from (_text(part["text"]) for part in parts)
        fields = [_text(field["text"]).replace("\n", ": ") for field in block.get("fields", ())]
        yield from (" · ".join(fields[start : start + 2]) for start in range(0, len(fields), 2))
    elif block["type"] == "context":
        yield from (f"[dim]{_text(element['text'])}[/dim]" for element in block["elements"] if "text" in element)
    elif block["type"] == "actions":
        yield "  ".join(rf"\[{element['text']['text']}]" for element in block["elements"])


def _text(text: str) -> str:
    shown = _TOKEN.sub(lambda found: found[1] or f"@{found[2]}", text)
    plain = shown.replace("*", "").replace("_", " ").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return plain.replace("[", r"\[")
