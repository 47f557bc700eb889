"""Reply views: the form of a letter, its preview and what became of it; pure functions of plain facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from babel import Locale

from bot.slack.blocks import Block, mrkdwn, plain
from bot.slack.entered import entered
from bot.slack.modals import form, label
from bot.slack.thread_files import Offered

STARTS = {
    "blank": "Nothing but the frame", "more_time": "We need a little more time", "attached": "What you asked for is attached",
    "sealed": "… is attached as an encrypted file", "done": "What you asked for is done", "questions": "Please answer these questions",
}  # fmt: skip
FIELDS = ("text", "text_2", "text_3")
_FIELD = 3_000  # what Slack's text field takes
_CHUNK = 2_900
_OPTION = 75
_NAME = 60  # of an option, so that the size stands there, too
_TROUBLE = 300
_PASSAGES = 100
_SEAL = "As an AES-256 zip"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form must know of itself when it comes back. `name` (hex) is the letter's, so that it leaves once.

    Each `turn` gives the text fields new names: Slack else keeps what stands in them, whatever an update says.
    """

    reference: str
    name: str
    language: str
    start: str = "blank"
    turn: int = 0
    files: tuple[Offered, ...] = ()
    trouble: str = field(default="", repr=False)
    """Why no files are offered."""

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        """From a view's metadata."""
        kept = json.loads(view["private_metadata"])
        return cls(**{**kept, "files": tuple(Offered(*file) for file in kept["files"])})

    def metadata(self) -> str:
        """At most 3,000 characters, so names of files are cut as the form cuts them."""
        files = [(file.id, _cut(file.name), file.size) for file in self.files]
        return json.dumps({**asdict(self), "files": files, "trouble": self.trouble[:_TROUBLE]}, ensure_ascii=False)

    def turned(self, **changes: Any) -> "Draft":
        """The next version of the form."""
        return replace(self, turn=self.turn + 1, **changes)

    def block(self, name: str) -> str:
        """The block_id of a field whose content this version sets."""
        return f"{name}-{self.turn}"


def reply_form(facts: Mapping[str, Any], draft: Draft, text: str, warning: str = "") -> Block:
    """The letter to be written: where to begin, its text in up to three fields, its files."""
    blocks: list[Block] = [
        {"type": "context", "elements": [plain(f"To {facts['to']}, in the thread of the last mail from there")]},
        {"type": "actions", "block_id": draft.block("choices"), "elements": _choices(facts, draft)},
        *([{"type": "context", "elements": [plain(f"⚠ {warning}")]}] if warning else []),
        *(_text_field(draft, name, part) for name, part in zip(FIELDS, parts(text), strict=True)),
        *_file_fields(draft),
        {"type": "actions", "block_id": "look", "elements": [
            {"type": "button", "action_id": "reply_preview", "text": label("Preview"), "value": draft.reference},
        ]},
    ]  # fmt: skip
    return {**form("reply", draft.reference, "Send", blocks), "private_metadata": draft.metadata()}


def parts(text: str) -> tuple[str, str, str]:
    """The text over the three fields, cut between paragraphs where it can be. Raises ValueError where it does not fit."""
    found: list[str] = []
    while len(text) > _FIELD:
        cut = text.rfind("\n\n", 1, _FIELD)
        cut = cut if cut > 0 else _FIELD
        found.append(text[:cut])
        text = text[cut:].lstrip("\n")
    if len(found) >= len(FIELDS):
        raise ValueError("longer than three fields")
    first, second, third, *_ = (*found, text, "", "")
    return first, second, third


def written(view: Mapping[str, Any], draft: Draft) -> str:
    """The text that stands in the form."""
    values = entered(view)
    texts = (values.get(draft.block(name), {}).get(name, {}).get("value") or "" for name in FIELDS)
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def chosen_files(view: Mapping[str, Any]) -> tuple[list[str], bool]:
    """The ids of the ticked files, and whether they go as an encrypted zip."""
    values = entered(view)
    ticked = values.get("files", {}).get("files", {}).get("selected_options") or ()
    return [str(option["value"]) for option in ticked], bool(values.get("seal", {}).get("seal", {}).get("selected_options"))


def with_passage(text: str, passage: str, regards: str) -> str:
    """The passage at the end of what was written: above the regards, if they still stand there."""
    body = text.rstrip()
    if regards and body.endswith(regards):
        return f"{body.removesuffix(regards).rstrip()}\n\n{passage}\n\n{regards}"
    return f"{body}\n\n{passage}"


def preview(facts: Mapping[str, Any], files: Sequence[str], *, seal: bool) -> Block:
    """The letter as it will look, in plain text."""
    enclosed = [f"{facts['reference']}.zip, encrypted"] if files and seal else list(files)
    text = facts["text"]
    blocks: list[Block] = [
        {"type": "context", "elements": [plain(f"To {facts['to']}")]},
        {"type": "section", "text": plain(facts["subject"], 500)},
        {"type": "divider"},
        *({"type": "section", "text": plain(text[at : at + _CHUNK], _FIELD)} for at in range(0, len(text), _CHUNK)),
        *([{"type": "context", "elements": [plain("Files: " + ", ".join(enclosed), 2_000)]}] if enclosed else []),
    ]
    return {"type": "modal", "title": label("Preview"), "close": label("Back"), "blocks": blocks}


def told(words: str, *, done: bool = False, passphrase: str = "", external_id: str = "") -> Block:
    """What is going on, or what became of it. When `done`, closing it closes the form below as well."""
    blocks: list[Block] = [{"type": "section", "text": plain(words, _FIELD)}]
    if passphrase:
        blocks.append({"type": "section", "text": mrkdwn(f"Passphrase: `{passphrase}`")})
        blocks.append({"type": "context", "elements": [plain(ONCE)]})
    view: Block = {"type": "modal", "title": label("Reply"), "close": label("Done" if done else "Back"), "blocks": blocks}
    return view | ({"clear_on_close": True} if done else {}) | ({"external_id": external_id} if external_id else {})


ONCE = "It is shown this once and kept nowhere. Pass it on by telephone or letter, not by mail."


def _choices(facts: Mapping[str, Any], draft: Draft) -> list[Block]:
    starts = [_option(words, start) for start, words in STARTS.items()]
    languages = [_option(Locale.parse(name).get_display_name("en") or name, name) for name in facts["languages"]]
    passages = [_option(one.heading, str(number), one.source) for number, one in enumerate(facts["passages"][:_PASSAGES])]
    insert = {"type": "static_select", "action_id": "reply_passage", "options": passages, "placeholder": label("Insert a passage")}
    return [
        _select("reply_start", starts, draft.start),
        _select("reply_language", languages, draft.language),
        *([insert] if passages else []),
    ]


def _select(action: str, options: list[Block], value: str) -> Block:
    chosen = next((option for option in options if option["value"] == value), options[0])
    return {"type": "static_select", "action_id": action, "options": options, "initial_option": chosen}


def _text_field(draft: Draft, name: str, text: str) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": _FIELD}
    title = "Letter" if name == FIELDS[0] else "Continued"
    hint = "Another beginning or language replaces what stands here. Small print is added: reference, whom to complain to, our address."
    long = "Only for what no longer fits above; still longer texts go along as a file."
    return {
        "type": "input", "block_id": draft.block(name), "label": label(title), "optional": name != FIELDS[0],
        **({"hint": label(hint)} if name == FIELDS[0] else {"hint": label(long)} if name == FIELDS[1] else {}),
        "element": element | ({"initial_value": text} if text else {}),
    }  # fmt: skip


def _file_fields(draft: Draft) -> list[Block]:
    if not draft.files:
        words = draft.trouble or "To send files along, upload them to the thread below the card, then press Reply again."
        return [{"type": "context", "elements": [plain(words)]}]
    files = [_option(f"{_cut(file.name)} ({_size(file.size)})", file.id) for file in draft.files]
    hint = "The names in it are neutral. The passphrase is shown to you once, after sending: pass it on another way than by mail."
    return [
        {"type": "input", "block_id": "files", "optional": True, "label": label("Files of the thread"),
         "element": {"type": "checkboxes", "action_id": "files", "options": files}},
        {"type": "input", "block_id": "seal", "optional": True, "label": label("Encryption"), "hint": label(hint),
         "element": {"type": "checkboxes", "action_id": "seal", "options": [_option(_SEAL, "seal")]}},
    ]  # fmt: skip


def _option(words: str, value: str, description: str = "") -> Block:
    more = {"description": plain(description, _OPTION)} if description else {}
    return {"text": plain(words, _OPTION), "value": value, **more}


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1_000))} kB"
