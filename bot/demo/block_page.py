"""A page that shows Block Kit as Slack does: messages, modals and the home tab, light or dark, on a desktop or a telephone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any

from bot.demo.block_text import Json, Names, mrkdwn, rich, text

_MENUS = {
    "static_select": "Select an option", "external_select": "Select an option", "users_select": "Select a person",
    "conversations_select": "Select a conversation", "channels_select": "Select a channel",
    "multi_static_select": "Select options", "multi_external_select": "Select options", "multi_users_select": "Select people",
    "multi_conversations_select": "Select conversations", "multi_channels_select": "Select channels",
}  # fmt: skip
_FIELDS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class Painter:
    """Draws blocks and elements as HTML; `names`: what people and channels are called, by their ids."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def message(self, message: Json, replies: Sequence[Json] = ()) -> str:
        """A message of the app, with the thread below it."""
        body = self.blocks(message["blocks"]) if message.get("blocks") else f"<p>{mrkdwn(str(message.get('text', '')), self._names)}</p>"
        at = f"{datetime.fromtimestamp(float(message['ts']), UTC):%H:%M}" if message.get("ts") else "09:00"
        head = f'<div class="who"><b>Privacy desk</b> <small class="app">APP</small> <small>{at}</small></div>'
        thread = "".join(self.message(reply) for reply in replies)
        number = f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}"
        below = f'<div class="thread"><small>{number}</small>{thread}</div>' if replies else ""
        return f'<article class="message"><i class="avatar">§</i><div class="body">{head}{body}{below}</div></article>'

    def view(self, view: Json) -> str:
        """A modal, or the home tab."""
        if view["type"] == "home":
            return f'<article class="home">{self.blocks(view["blocks"])}</article>'
        close, submit = view.get("close"), view.get("submit")
        buttons = f'<span class="button">{text(close, self._names) or "Cancel"}</span>'
        buttons += f'<span class="button primary">{text(submit, self._names)}</span>' if submit else ""
        head = f"<header><b>{text(view['title'], self._names)}</b><span>✕</span></header>"
        return f'<article class="modal">{head}<div class="inside">{self.blocks(view["blocks"])}</div><footer>{buttons}</footer></article>'

    def blocks(self, blocks: Sequence[Json]) -> str:
        """All of them, one below the other."""
        return "".join(f'<div class="block {escape(block["type"])}">{self._block(block)}</div>' for block in blocks)

    def _block(self, block: Json) -> str:
        kinds: Mapping[str, Callable[[Json], str]] = {
            "header": lambda b: f"<h3>{self._text(b['text'])}</h3>",
            "divider": lambda _: "<hr>",
            "section": self._section,
            "context": lambda b: "".join(f"<span>{self._in_context(element)}</span>" for element in b["elements"]),
            "actions": lambda b: "".join(self.element(element) for element in b["elements"]),
            "input": self._input,
            "image": lambda b: f"{self._text(b.get('title'))}{_image(b)}",
            "rich_text": lambda b: rich(b, self._names),
            "markdown": lambda b: f"<p>{escape(b['text'])}</p>",
            "video": lambda b: f'<span class="picture">▶ {self._text(b["title"])}</span>',
            "file": lambda _: '<span class="picture">file</span>',
            "table": self._table,
        }
        return kinds.get(block["type"], _unknown)(block)

    def _section(self, block: Json) -> str:
        fields = "".join(f"<div>{self._text(field)}</div>" for field in block.get("fields", ()))
        words = f"<p>{self._text(block['text'])}</p>" if "text" in block else ""
        words += f'<div class="fields">{fields}</div>' if fields else ""
        beside = f"<aside>{self.element(block['accessory'])}</aside>" if "accessory" in block else ""
        return f'<div class="words">{words}</div>{beside}'

    def _in_context(self, element: Json) -> str:
        return _image(element) if element["type"] == "image" else self._text(element)

    def _input(self, block: Json) -> str:
        optional = " <small>(optional)</small>" if block.get("optional") else ""
        hint = f'<small class="hint">{self._text(block["hint"])}</small>' if "hint" in block else ""
        return f"<label>{self._text(block['label'])}{optional}</label>{self.element(block['element'])}{hint}"

    def _table(self, block: Json) -> str:
        rows = ("".join(f"<td>{self._cell(cell)}</td>" for cell in row) for row in block["rows"])
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def _cell(self, cell: Json) -> str:
        return rich(cell, self._names) if cell["type"] == "rich_text" else escape(str(cell.get("text", "")))

    def element(self, element: Json) -> str:
        """A button, menu, picker or field."""
        kind = element["type"]
        if kind in _MENUS:
            return self._menu(element)
        if kind in _FIELDS:
            return self._field(element)
        kinds: Mapping[str, Callable[[Json], str]] = {
            "button": lambda e: f'<span class="button {escape(e.get("style", ""))}">{self._text(e["text"])}</span>',
            "overflow": lambda e: f'<span class="button" title="{self._offered(e)}">⋯</span>',
            "radio_buttons": lambda e: self._choices(e, "radio", [e["initial_option"]] if e.get("initial_option") else []),
            "checkboxes": lambda e: self._choices(e, "checkbox", e.get("initial_options", [])),
            "datepicker": lambda e: _picker("📅", str(e.get("initial_date") or "Select a date")),
            "timepicker": lambda e: _picker("🕐", str(e.get("initial_time") or "Select a time")),
            "datetimepicker": lambda e: _picker("📅", _moment(e.get("initial_date_time"))),
            "rich_text_input": lambda _: '<span class="field tall"></span>',
            "file_input": lambda _: '<span class="button">Upload files</span>',
            "image": _image,
        }
        return kinds.get(kind, _unknown)(element)

    def _menu(self, element: Json) -> str:
        if initial := [*element.get("initial_options", ()), *([element["initial_option"]] if element.get("initial_option") else [])]:
            chosen = [self._text(option["text"]) for option in initial]
        else:
            single = (element.get(f"initial_{what}") for what in ("user", "channel", "conversation"))
            several = (element.get(f"initial_{what}s") or () for what in ("user", "channel", "conversation"))
            chosen = [escape(self._names.get(one, one)) for one in [*filter(None, single), *(one for some in several for one in some)]]
        if element["type"].startswith("multi_") and chosen:
            shown = "".join(f'<span class="pill">{one} ✕</span>' for one in chosen)
        else:
            shown = "".join(chosen) or f'<span class="empty">{self._text(element.get("placeholder")) or _MENUS[element["type"]]}</span>'
        return f'<span class="menu" title="{self._offered(element)}">{shown}<i>⌄</i></span>'

    def _field(self, element: Json) -> str:
        tall = " tall" if element.get("multiline") else ""
        empty = f'<span class="empty">{self._text(element.get("placeholder"))}</span>'
        value = escape(str(element.get("initial_value") or "")).replace("\n", "<br>")
        return f'<span class="field{tall}">{value or empty}</span>'

    def _choices(self, element: Json, kind: str, chosen: Sequence[Json]) -> str:
        lines = []
        for option in element["options"]:
            mark = " on" if option in chosen else ""
            more = f"<small>{self._text(option['description'])}</small>" if option.get("description") else ""
            lines.append(f'<div class="choice"><i class="{kind}{mark}"></i><div>{self._text(option["text"])}{more}</div></div>')
        return "".join(lines)

    def _offered(self, element: Json) -> str:
        grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
        return escape("\n".join(str(option["text"]["text"]) for option in [*element.get("options", ()), *grouped]))

    def _text(self, value: Json | None) -> str:
        return text(value, self._names)


def page(title: str, parts: Sequence[tuple[str, str]], *, dark: bool = False, phone: bool = False) -> str:
    """The whole page: headings with what stands under each; a reader can switch between light and dark, desktop and telephone."""
    style = files("bot.demo").joinpath("block_page.css").read_text("utf-8")
    sections = "".join(f"<section><h2>{escape(heading)}</h2>{html}</section>" for heading, html in parts)
    switches = "".join(
        f'<label><input type="checkbox" id="{name}"{" checked" if on else ""}> {name}</label>'
        for name, on in (("dark", dark), ("phone", phone))
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><nav><b>{escape(title)}</b>{switches}</nav>"
        f"<main>{sections}</main></body></html>"
    )


def _image(image: Json) -> str:
    return f'<span class="picture">{escape(str(image.get("alt_text", "")))}</span>'


def _picker(sign: str, shown: str) -> str:
    return f'<span class="menu picker"><span>{sign} {escape(shown)}</span><i>⌄</i></span>'


def _moment(seconds: Any) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %Y, %H:%M} UTC" if seconds else "Select a date and a time"


def _unknown(part: Json) -> str:
    return f'<span class="unknown">{escape(str(part.get("type")))}</span>'
