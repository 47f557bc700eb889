"""Slack messages as lines for a terminal."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARK = re.compile(r"(?<!\w)([*_])(\S.*?)\1(?!\w)")
_EMOJI = re.compile(r":([a-z_]+):")
_SIGNS = {"rotating_light": "🚨", "alarm_clock": "⏰"}
_TOKEN = re.compile(r"<(?:!date\^[^|>]*\|([^>]*)|@([A-Z0-9]+))>")


def message_lines(message: Mapping[str, Any]) -> list[str]:
    """What a reader of the message sees, roughly."""
    lines = [line for block in message.get("blocks") or () for line in _block(block)]
    return lines or [_text(message.get("text", ""))]


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "header":
        yield f"[bold]{_shown(block['text'])}[/bold]"
    elif block["type"] == "section":
        parts = [block["text"]] if "text" in block else []
        yield from (_shown(part) for part in parts)
        fields = [_shown(field).replace("\n", ": ") for field in block.get("fields", ())]
        yield from (" · ".join(fields[start : start + 2]) for start in range(0, len(fields), 2))
    elif block["type"] == "context":
        yield from (f"[dim]{_shown(element)}[/dim]" for element in block["elements"] if "text" in element)
    elif block["type"] == "actions":
        yield "  ".join(rf"\[{element['text']['text']}]" if "text" in element else r"\[More…]" for element in block["elements"])


def _shown(part: Mapping[str, Any]) -> str:
    """Plain text stands as it is; marked text loses its marks."""
    return str(part["text"]).replace("[", r"\[") if part.get("type") == "plain_text" else _text(str(part["text"]))


def _text(text: str) -> str:
    shown = _MARK.sub(r"\2", _TOKEN.sub(lambda found: found[1] or f"@{found[2]}", text))
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _EMOJI.sub(lambda found: _SIGNS.get(found[1], ""), plain).replace("[", r"\[")
