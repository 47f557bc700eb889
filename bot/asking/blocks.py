"""Blocks: the header lines that mail clients write above a mail they carry along, in any language, with what stands below them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from bot.asking.words import terms
from bot.inquiry import Address
from bot.reading.quote_words import KINDS, WROTE
from bot.reading.visible_text import separate

_LINES = 5_000  # of a text that are searched
_AHEAD = 16  # lines a block may be long
_ADDRESS = re.compile(r"[\w.+'&/=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_QUOTE_MARKS = re.compile(r"^[\s\xa0]*(?:>[\s\xa0]?)+")
_LABEL = re.compile(r"[\s*_\xa0]{0,10}([^\W\d_][^:：\n]{0,28}?)[\s*_\xa0]{0,5}[:：][\s*_\xa0]{0,40}(.{0,2000})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One mail that is carried along: its writer, its date as it stands there, and its words."""

    sender: Address = field(repr=False)
    date: str
    text: str = field(repr=False)
    line: int
    """Where in the text it begins; what stands above is the words of whoever passed it on."""


def blocks(text: str) -> tuple[Block, ...]:
    """The mails carried along in `text`, the outermost first."""
    lines = [_QUOTE_MARKS.sub("", line) for line in text.split("\n", _LINES)[:_LINES]]
    raw = text.split("\n", _LINES)
    found = list(_found(lines))
    ends = [*(start for start, *_ in found), len(raw)][1:]
    return tuple(
        Block(mailbox(fields["from"]), fields.get("date", ""), _words(raw[last + 1 : end]), start)
        for (start, last, fields), end in zip(found, ends, strict=True)
    )


def _found(lines: list[str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """First line, last line and fields of each block."""
    number = 0
    while number < len(lines):
        block = _header_block(lines, number) or _attribution(lines, number)
        if block:
            yield number, *block
            number = block[0]
        number += 1


def _header_block(lines: list[str], first: int) -> tuple[int, dict[str, str]] | None:
    """A run of From, Date, To and Subject lines in whatever order; a folded value or an empty line may stand between."""
    if not _kind(lines[first]):
        return None
    fields: dict[str, str] = {}
    last, strangers = first, 0
    for number in range(first, min(first + _AHEAD, len(lines))):
        kind, value = _kind_and_value(lines, number)
        if kind and kind not in (fields.keys() - {"to"}):
            fields.setdefault(kind, value)
            last, strangers = number, 0
        elif kind or strangers == 3:
            break
        else:
            strangers += 1
    if fields.get("from") and len(fields) >= 3 and fields.keys() & {"date", "subject"}:
        return last, fields
    return None


def _kind_and_value(lines: list[str], number: int) -> tuple[str, str]:
    """A table of HTML may put the value into the next line."""
    kind, value = _kind(lines[number]), _value(lines[number])
    if kind and not value and number + 1 < len(lines) and not _kind(lines[number + 1]):
        value = lines[number + 1].strip()
    return kind, value


def _kind(line: str) -> str:
    found = _LABEL.fullmatch(line)
    return _labels().get(found[1].casefold(), "") if found else ""


def _value(line: str) -> str:
    found = _LABEL.fullmatch(line)
    return found[2].strip(" *_\xa0\t") if found else ""


def _attribution(lines: list[str], first: int) -> tuple[int, dict[str, str]] | None:
    """`On 23 Nov 2026, at 09:00, Jo Doe <jo@home.example> wrote:`, over three lines at the most."""
    text = ""
    for last in range(first, min(first + 3, len(lines))):
        text = f"{text} {lines[last].strip()}"
        if not lines[last].strip() or len(text) > 400:
            return None
        if text.endswith((":", "：")):
            date = _ADDRESS.sub(" ", text)
            is_one = _ADDRESS.search(text) and re.search(r"\d", date) and any(verb in text.casefold() for verb in WROTE)
            return (last, {"from": _author(text), "date": date}) if is_one else None
    return None


def _author(text: str) -> str:
    """The address with the name before it: the words since the last comma or time of day."""
    address = _ADDRESS.search(text)
    assert address
    before = re.split(r"[,;]|\d{1,2}[:.h]\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?|\d{4}", text[: address.start()])[-1]
    return f"{before.strip()}{'' if '<' in before else ' <'}{address[0]}>"


def mailbox(value: str) -> Address:
    """The name and address of a From line as clients show them: `Jo <jo@x>`, `Jo [mailto:jo@x]`, `jo@x`, `"Jo" (jo@x)`, or `Jo` alone."""
    found = _ADDRESS.search(value)
    name = value[: found.start()] if found else value
    name = re.split(r"[<\[(]", name, maxsplit=1)[0].replace("mailto:", "")
    return Address(found[0].lower().strip(".'") if found else "", " ".join(name.split()).strip(" '\"*,;"))


def _words(lines: list[str]) -> str:
    """What the writer says: without quote marks, signature and what they quote in turn."""
    filled = next((line for line in lines if line.strip()), "")
    if _QUOTE_MARKS.match(filled):
        quoted = [line for line in lines if _QUOTE_MARKS.match(line)]
        lines = [line.lstrip().removeprefix(">").removeprefix(" ") for line in quoted]
    return separate("\n".join(lines).strip("\n")).text


@cache
def _labels() -> dict[str, str]:
    more = {label: kind for kind in ("to", "subject", "date", "from") for label in terms(f"more_{kind}_labels")}
    return {**KINDS, **more}
