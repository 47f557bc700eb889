"""Reply views: the form of a letter, its preview and what became of it; pure functions of plain facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any, Self

from babel import Locale

from bot.slack.blocks import Block, mrkdwn, plain
from bot.slack.entered import Entered
from bot.slack.modals import form, label
from bot.slack.thread_files import MOST, Offered

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
_SEAL = "As an AES-256 zip"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form must know of itself when it comes back. `name` (hex) is the letter's, so that it leaves once."""

    reference: str
    name: str
    language: str
    files: tuple[Offered, ...] = ()
    trouble: str = field(default="", repr=False)
    """Why no files are offered."""
    seen: str = ""
    """The mark of what the preview showed, so that nothing else leaves."""

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
        return replace(self, **changes)


def begin_form(facts: Mapping[str, Any], draft: Draft) -> Block:
    """How the letter begins: its language, its first words, passages of the company's policy."""
    starts = [_option(words, start) for start, words in STARTS.items()]
    languages = [_option(Locale.parse(name).get_display_name("en") or name, name) for name in facts["languages"]]
    passages = [_option(one.heading, str(number), one.source) for number, one in enumerate(facts["passages"][:MOST])]
    blocks: list[Block] = [
        {"type": "context", "elements": [plain(_to(facts))]},
        _field("start", "Begin with", _select(starts, "blank")),
        _field("language", "Language", _select(languages, draft.language)),
        *([_field("passages", "Passages of our policy", {"type": "checkboxes", "options": passages}, optional=True)] if passages else []),
        *([] if draft.files else [_no_files(draft)]),
    ]
    return {**form("reply_begin", draft.reference, "Next", blocks, title="Reply"), "private_metadata": draft.metadata()}


def begun(view: Mapping[str, Any]) -> tuple[str, str, list[int]]:
    """The beginning, the language and the numbers of the passages that were chosen."""
    entered = Entered(view)
    return entered.chosen("start"), entered.chosen("language"), [int(number) for number in entered.ticked("passages")]


def reply_form(facts: Mapping[str, Any], draft: Draft, text: str, warning: str = "") -> Block:
    """The letter to be written: its text in up to three fields, its files."""
    blocks: list[Block] = [
        {"type": "context", "elements": [plain(_to(facts))]},
        *([{"type": "context", "elements": [plain(f"⚠ {warning}")]}] if warning else []),
        *_letter_fields(draft, parts(text)),
    ]
    return {**form("reply", draft.reference, "Preview", blocks, title="Reply"), "private_metadata": draft.metadata()}


def send_form(facts: Mapping[str, Any], view: Mapping[str, Any], warning: str = "") -> Block:
    """The letter of a filled-in form as it will look, with the button that sends it; below it the fields, for what is to be changed."""
    draft, (ids, seal), entered = Draft.read(view), chosen_files(view), Entered(view)
    shown = draft.turned(seen=mark(written(view), ids, seal=seal))
    blocks: list[Block] = [
        *([{"type": "context", "elements": [plain(f"⚠ {warning}")]}] if warning else []),
        *preview(facts, [file.name for file in draft.files if file.id in ids], seal=seal),
        {"type": "divider"},
        *_letter_fields(draft, [entered.text(name) for name in FIELDS], ids, seal=seal),
    ]
    return {**form("reply_send", draft.reference, "Send", blocks, title="Preview"), "private_metadata": shown.metadata()}


def mark(text: str, ids: Sequence[str], *, seal: bool) -> str:
    """Tells one letter from another without saying what stands in it."""
    return sha256(json.dumps([text, sorted(ids), seal]).encode()).hexdigest()[:16]


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


def written(view: Mapping[str, Any]) -> str:
    """The text that stands in the form."""
    entered = Entered(view)
    return "\n\n".join(text.strip("\n") for text in map(entered.text, FIELDS) if text.strip())


def chosen_files(view: Mapping[str, Any]) -> tuple[list[str], bool]:
    """The ids of the ticked files, and whether they go as an encrypted zip."""
    entered = Entered(view)
    return entered.ticked("files"), bool(entered.ticked("seal"))


def with_passage(text: str, passage: str, regards: str) -> str:
    """The passage at the end of what was written: above the regards, if they still stand there."""
    body = text.rstrip()
    if regards and body.endswith(regards):
        return f"{body.removesuffix(regards).rstrip()}\n\n{passage}\n\n{regards}"
    return f"{body}\n\n{passage}"


def preview(facts: Mapping[str, Any], files: Sequence[str], *, seal: bool) -> list[Block]:
    """The letter as it will look, in plain text."""
    enclosed = [f"{facts['reference']}.zip, encrypted"] if files and seal else list(files)
    text = facts["text"]
    return [
        {"type": "context", "elements": [plain(f"To {facts['to']}")]},
        {"type": "section", "text": plain(facts["subject"], 500)},
        {"type": "divider"},
        *({"type": "section", "text": plain(text[at : at + _CHUNK], _FIELD)} for at in range(0, len(text), _CHUNK)),
        *([{"type": "context", "elements": [plain("Files: " + ", ".join(enclosed), 2_000)]}] if enclosed else []),
    ]


def told(words: str, *, done: bool = False, passphrase: str = "", external_id: str = "") -> Block:
    """What is going on, or what became of it. When `done`, closing it closes the form below as well."""
    blocks: list[Block] = [{"type": "section", "text": plain(words, _FIELD)}]
    if passphrase:
        blocks.append({"type": "section", "text": mrkdwn(f"Passphrase: `{passphrase}`")})
        blocks.append({"type": "context", "elements": [plain(ONCE)]})
    view: Block = {"type": "modal", "title": label("Reply"), "close": label("Done" if done else "Back"), "blocks": blocks}
    return view | ({"clear_on_close": True} if done else {}) | ({"external_id": external_id} if external_id else {})


ONCE = "It is shown this once and kept nowhere. Pass it on by telephone or letter, not by mail."


def _to(facts: Mapping[str, Any]) -> str:
    return f"To {facts['to']}, in the thread of the last mail from there"


def _select(options: list[Block], value: str) -> Block:
    chosen = next((option for option in options if option["value"] == value), options[0])
    return {"type": "static_select", "options": options, "initial_option": chosen}


def _field(name: str, title: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    drawn: Block = {"type": "input", "block_id": name, "label": label(title), "element": {**element, "action_id": name}}
    return {**drawn, "optional": optional, **({"hint": label(hint)} if hint else {})}


def _letter_fields(draft: Draft, texts: Sequence[str], ids: Sequence[str] = (), *, seal: bool = False) -> list[Block]:
    """They have the same names before the preview and after it, so that Slack keeps what stands in them."""
    fields = [_text_field(name, part) for name, part in zip(FIELDS, texts, strict=True)]
    if not draft.files:
        return fields
    files = [_option(f"{_cut(file.name)} ({_size(file.size)})", file.id) for file in draft.files]
    hint = "The names in it are neutral. The passphrase is shown to you once, after sending: pass it on another way than by mail."
    return [
        *fields,
        _field("files", "Files of the thread", _boxes(files, ids), optional=True),
        _field("seal", "Encryption", _boxes([_option(_SEAL, "seal")], ["seal"] if seal else []), hint=hint, optional=True),
    ]


def _boxes(options: list[Block], ticked: Sequence[str]) -> Block:
    initial = [option for option in options if option["value"] in ticked]
    return {"type": "checkboxes", "options": options} | ({"initial_options": initial} if initial else {})


def _text_field(name: str, text: str) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": True, "max_length": _FIELD}
    hints = {FIELDS[0]: "Small print is added: reference, whom to complain to, our address.",
             FIELDS[1]: "Only for what no longer fits above; still longer texts go along as a file."}  # fmt: skip
    filled = element | ({"initial_value": text} if text else {})
    return _field(name, "Letter" if name == FIELDS[0] else "Continued", filled, hint=hints.get(name, ""), optional=name != FIELDS[0])


def _no_files(draft: Draft) -> Block:
    words = draft.trouble or "To send files along, upload them to the thread below the card, then press Reply again."
    return {"type": "context", "elements": [plain(words)]}


def _option(words: str, value: str, description: str = "") -> Block:
    more = {"description": plain(description, _OPTION)} if description else {}
    return {"text": plain(words, _OPTION), "value": value, **more}


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1_000))} kB"
