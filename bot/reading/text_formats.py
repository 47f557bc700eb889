"""Texts that are more than plain: flowed lines, enriched text, invitations, and uuencoded files that stand in the middle of them."""

import binascii
import re
from dataclasses import dataclass

MAX_FILES = 50  # taken out of one text

_BEGIN = re.compile(r"begin [0-7]{3,4} (\S.{0,200})")
_ENRICHED_TAG = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>|<<")
_FOLD = re.compile(r"\r?\n[ \t]")
_CALENDAR_LINE = re.compile(r"^(?:SUMMARY|DESCRIPTION|LOCATION|COMMENT)(?:;[^:\r\n]{0,500})?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A file that was written into a text."""

    name: str
    content: bytes


def unflow(text: str, *, delete_space: bool) -> str:
    """RFC 3676: lines that end in a space go on in the next one of the same quote depth; stuffed spaces are taken away."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if open_depth != depth or not words or words == "-- ":  # an empty line ends a paragraph and stays
            paragraphs.append([">" * depth + " "] if depth else [])
        paragraphs[-1].append(words[:-1] if flows and delete_space else words)
        open_depth = depth if flows else -1
    lines = ("".join(pieces) for pieces in paragraphs)
    return "\n".join(line if line.endswith("-- ") else line.rstrip(" ") for line in lines)


def from_enriched(text: str) -> str:
    """RFC 1896 without its commands: one line end is a space, each further one a line end; parameters are not to be seen."""
    pieces, position, hidden, verbatim = [], 0, 0, 0
    for tag in _ENRICHED_TAG.finditer(text):
        if not hidden:
            pieces.append(_enriched_lines(text[position : tag.start()], verbatim=verbatim > 0))
        position = tag.end()
        step = -1 if tag[1] else 1
        if tag[0] == "<<":
            pieces.append("<" if not hidden else "")
        elif tag[2].lower() == "param":
            hidden = max(hidden + step, 0)
        elif tag[2].lower() == "nofill":
            verbatim = max(verbatim + step, 0)
    return "".join([*pieces, _enriched_lines(text[position:], verbatim=verbatim > 0)])


def _enriched_lines(text: str, *, verbatim: bool) -> str:
    return text if verbatim else re.sub(r"\n(\n*)", lambda ends: ends[1] or " ", text)


def from_calendar(text: str) -> str:
    """What an invitation says to a reader (RFC 5545): its title, description, place and comment."""
    values = _CALENDAR_LINE.findall(_FOLD.sub("", text[:200_000]))
    readable = (re.sub(r"\\([nN,;\\])", lambda escape: "\n" if escape[1] in "nN" else escape[1], value).strip() for value in values)
    return "\n".join(dict.fromkeys(value for value in readable if value))


def take_uuencoded(text: str) -> tuple[str, list[EncodedFile]]:
    """The text without the uuencoded files written into it, and those files; what is no whole file stays where it is."""
    if "\nbegin " not in f"\n{text}":
        return text, []
    lines = text.split("\n")
    kept: list[str] = []
    files: list[EncodedFile] = []
    number = 0
    while number < len(lines):
        begin = _BEGIN.fullmatch(lines[number].rstrip("\r "))
        found = _file_at(lines, number + 1) if begin and len(files) < MAX_FILES else None
        if begin is None or found is None:
            kept.append(lines[number])
            number += 1
            continue
        content, number = found
        files.append(EncodedFile(begin[1], content))
    return "\n".join(kept), files


def _file_at(lines: list[str], start: int) -> tuple[bytes, int] | None:
    """The bytes of the lines from `start` on and the number of the line behind "end", or None where they are none."""
    pieces: list[bytes] = []
    for number in range(start, len(lines)):
        line = lines[number].rstrip("\r")
        if line.rstrip() == "end":
            return b"".join(pieces), number + 1
        if not _is_encoded_line(line):
            return None
        try:
            pieces.append(binascii.a2b_uu(line.encode("ascii", "replace")))
        except binascii.Error:
            return None
    return None


def _is_encoded_line(line: str) -> bool:
    if not line or line[0] in " `":
        return not line.strip(" `")
    size = ord(line[0]) - 32
    return 0 < size <= 45 and (size * 4 + 2) // 3 <= len(line) - 1 + 3 and len(line) <= 64
