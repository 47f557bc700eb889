"""Layout: turns the small line format of the letter templates into plain text and into accessible HTML, escaping once."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from babel import Locale
from jinja2 import Template

Parts = Sequence[tuple[str, Sequence["Block"]]]
"""A letter's text by language (ISO 639-1): one part, or two where the requester's language is unknown."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"<([^<>\s]+)>")
_COLON = {"fr": "\u00a0: "}  # French sets a space before it
_SUBJECT = "Subject:"


class Kind(StrEnum):
    """What a block of lines is; the marks are at the very start of a line."""

    PARAGRAPH = "paragraph"
    LIST = "list"  # "- item"
    FACTS = "facts"  # "| name | value"
    RULE = "rule"  # "---"; what follows is small print


@dataclass(frozen=True)
class Block:
    """Lines that belong together, without their marks; for FACTS each line is `name | value`."""

    kind: Kind
    lines: tuple[str, ...]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Name and value of each line of a FACTS block."""
        cut = (line.partition("|") for line in self.lines)
        return [(name.strip(), value.strip()) for name, _, value in cut]


@dataclass(frozen=True)
class Piece:
    """A stretch of a line; `href` is empty where it is no link."""

    text: str
    href: str = ""


def one_line(value: str) -> str:
    """The value on one line, without control characters: nothing in it can begin a new header or a new paragraph."""
    return " ".join(_CONTROLS.sub(" ", value).split())


def staff_text(value: str) -> str:
    """Text that people wrote: its lines are kept, but it can't end the letter or add to its facts."""
    lines = (_CONTROLS.sub(" ", line).strip() for line in value.splitlines())
    return "\n".join(f" {line}" if line.startswith(("|", "---")) else line for line in lines).strip("\n")


def subject_and_body(rendered: str) -> tuple[str, str]:
    """Split at the first line, which must be `Subject: ...`. Raises ValueError where it is not."""
    first, _, body = rendered.lstrip().partition("\n")
    if not first.startswith(_SUBJECT) or not (subject := one_line(first.removeprefix(_SUBJECT))):
        raise ValueError(f"A letter template must begin with a line '{_SUBJECT} ...'.")
    return subject, body


def blocks_of(body: str) -> list[Block]:
    """The blocks of a rendered template. An empty line ends a block, and so does a line of another kind."""
    groups = groupby(body.splitlines(), key=_kind)
    return [Block(kind, tuple(_unmarked(kind, line) for line in lines)) for kind, lines in groups if kind is not None]


def plain_text(parts: Parts) -> str:
    """The letter as text/plain. Long lines are left to the reader's program: hard breaks look ragged on a phone."""
    texts = ["\n\n".join(_plain(block, language) for block in blocks) for language, blocks in parts]
    return _below(parts) + f"\n\n{'=' * 8}\n\n".join(texts) + "\n"


def html_page(page: Template, title: str, parts: Parts, links: Collection[str]) -> str:
    """The letter as a page of its own. Only addresses in `links` become links; whatever else stands in a line is escaped."""
    return page.render(
        title=title, language=parts[0][0], parts=parts, direction=_direction, start=_start, pieces=lambda line: list(_pieces(line, links))
    )


def _direction(language: str) -> str:
    """`ltr` or `rtl`: our own languages run from left to right, an organisation's may not."""
    return str(Locale.parse(language).text_direction)


def _start(language: str) -> str:
    return "right" if _direction(language) == "rtl" else "left"


def _below(parts: Parts) -> str:
    return "English text below.\n\n" if len(parts) > 1 else ""


def _kind(line: str) -> Kind | None:
    if not line.strip():
        return None
    if line.startswith("---"):
        return Kind.RULE
    return {"- ": Kind.LIST, "| ": Kind.FACTS}.get(line[:2], Kind.PARAGRAPH)


def _unmarked(kind: Kind, line: str) -> str:
    return {Kind.LIST: line[2:], Kind.FACTS: line[2:], Kind.RULE: ""}.get(kind, line).strip()


def _plain(block: Block, language: str) -> str:
    if block.kind is Kind.RULE:
        return "-" * 8
    if block.kind is Kind.FACTS:
        return "\n".join(f"{name}{_COLON.get(language, ': ')}{value}" for name, value in block.facts)
    mark = "- " if block.kind is Kind.LIST else ""
    return "\n".join(mark + line for line in block.lines)


def _pieces(line: str, links: Collection[str]) -> Iterator[Piece]:
    """The line cut at `<address>`; an address that is not ours stays text, so that a letter can't lead anywhere else."""
    end = 0
    for found in _ADDRESS.finditer(line):
        if (address := found[1]) not in links:
            continue
        yield Piece(line[end : found.start()])
        yield Piece(_shown(address), address if "//" in address else f"mailto:{address}")
        end = found.end()
    yield Piece(line[end:])


def _shown(address: str) -> str:
    return address.removeprefix("https://").removesuffix("/")
