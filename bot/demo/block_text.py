"""Slack's text as HTML: mrkdwn, plain text and rich text, as a reader of Slack sees them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

Json = Mapping[str, Any]
Names = Mapping[str, str]
"""What people and channels are called, by their ids."""

_TOKEN = re.compile(r"<([^<>]*)>")
_PIECE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_STYLES = tuple(
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]*?\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((r"\*", "b"), ("_", "i"), ("~", "s"))
)
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_KNOWN = {
    "warning": "⚠️", "rotating_light": "🚨", "alarm_clock": "⏰", "calendar": "📆", "white_check_mark": "✅", "bar_chart": "📊",
    "tada": "🎉", "hourglass": "⌛", "mailbox": "📫", "email": "✉️", "lock": "🔒", "eyes": "👀", "inbox_tray": "📥", "paperclip": "📎",
}  # fmt: skip
_TIMES = {
    "date_num": "%Y-%m-%d", "date": "%d %B %Y", "date_short": "%d %b %Y", "date_long": "%A, %d %B %Y", "date_pretty": "%d %B %Y",
    "date_short_pretty": "%d %b %Y", "date_long_pretty": "%A, %d %B %Y", "time": "%H:%M", "time_secs": "%H:%M:%S",
}  # fmt: skip


def text(value: Json | None, names: Names) -> str:
    """A text object as HTML; nothing for None."""
    if value is None:
        return ""
    if value["type"] == "mrkdwn":
        return mrkdwn(str(value["text"]), names)
    shown = _emoji(str(value["text"])) if value.get("emoji", True) else str(value["text"])
    return _lines(escape(shown))


def mrkdwn(source: str, names: Names) -> str:
    """Slack's mark-up as HTML: what stands in angle brackets, code, bold, italics, strikes, emoji; all else as it is."""
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\0{len(kept) - 1}\0"

    def code(found: re.Match[str]) -> str:
        return keep(f"<pre>{_literal(found[1])}</pre>" if found[1] else f"<code>{_literal(found[2])}</code>")

    body = _PIECE.sub(code, source.replace("\0", ""))
    body = _TOKEN.sub(lambda m: keep(_token(m[1], names)), body)
    body = _emoji(_literal(body))
    for pattern, tag in _STYLES:
        body = pattern.sub(rf"<{tag}>\1</{tag}>", body)
    quoted = [f"<q>{line[5:]}</q>" if line.startswith("&gt; ") and source.startswith(">") else line for line in body.split("\n")]
    html = "<br>".join(quoted)
    while "\0" in html:
        html = re.sub("\0(\\d+)\0", lambda m: kept[int(m[1])], html)
    return html


def rich(block: Json, names: Names) -> str:
    """A rich_text block: sections, lists, quotes and code, their text never interpreted."""
    return "".join(_rich_part(part, names) for part in block["elements"])


def _rich_part(part: Json, names: Names) -> str:
    kind, inner = part["type"], part.get("elements", ())
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        return f"<{tag}>{''.join(f'<li>{_rich_part(item, names)}</li>' for item in inner)}</{tag}>"
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(kind, "div")
    return f"<{tag}>{''.join(_rich_element(element, names) for element in inner)}</{tag}>"


def _rich_element(element: Json, names: Names) -> str:
    kinds: dict[str, Callable[[], str]] = {
        "text": lambda: _lines(escape(element["text"])),
        "link": lambda: _link(element["url"], element.get("text") or element["url"]),
        "emoji": lambda: _KNOWN.get(element["name"], f":{escape(element['name'])}:"),
        "user": lambda: _mention("@", element["user_id"], names),
        "channel": lambda: _mention("#", element["channel_id"], names),
        "broadcast": lambda: _loud(element["range"]),
        "date": lambda: _moment(str(element["timestamp"]), element["format"], element.get("fallback", "")),
    }
    shown = kinds.get(element["type"], lambda: _unknown(element))()
    style = element.get("style") or {}
    for name, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        shown = f"<{tag}>{shown}</{tag}>" if style.get(name) else shown
    return shown


def _token(inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@") or target.startswith("#"):
        return _mention(target[0], target[1:], names, label)
    if target.startswith("!date^"):
        seconds, form = [*target.split("^"), "", ""][1:3]
        return _moment(seconds, form, label)
    if target.startswith("!"):
        return _loud(target[1:].partition("^")[0])
    return _link(unescape(target), unescape(label or target))


def _moment(seconds: str, form: str, fallback: str) -> str:
    if not seconds.isdigit():
        return escape(fallback)
    at = datetime.fromtimestamp(int(seconds), UTC)
    return escape(re.sub(r"\{(\w+)\}", lambda m: f"{at:{_TIMES[m[1]]}}" if m[1] in _TIMES else m[0], form))


def _mention(sign: str, known_as: str, names: Names, label: str = "") -> str:
    return f'<span class="mention">{sign}{escape(names.get(known_as, label or known_as))}</span>'


def _loud(whom: str) -> str:
    return f'<span class="mention broadcast">@{escape(whom)}</span>'


def _link(target: str, label: str) -> str:
    """Shown as a link that leads nowhere: the page is for looking at."""
    return f'<a title="{escape(target)}">{escape(label)}</a>'


def _literal(source: str) -> str:
    """Slack knows three entities and no others."""
    return escape(source.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), quote=False)


def _emoji(source: str) -> str:
    return _EMOJI.sub(lambda m: _KNOWN.get(m[1], m[0]), source)


def _lines(html: str) -> str:
    return html.replace("\n", "<br>")


def _unknown(element: Json) -> str:
    return f'<span class="unknown">{escape(str(element.get("type")))}</span>'
