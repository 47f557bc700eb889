"""The MIME tree of a mail, found with bounded work: the standard parser needs minutes for some mails of a few megabytes.

`email.parser` asks every enclosing multipart about every line and recurses once per level, so depth times lines is its cost.
Here a multipart is cut at its boundary by one search through the bytes, and nothing else is looked at line by line but headers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.reading.charsets import transfer_decoded
from bot.reading.headers import MAX_VALUE, parse_parameters, safe_file_name

MAX_PARTS = 1_000
MAX_DEPTH = 50
MAX_HEADER_BYTES = 256_000
MAX_HEADER_LINES = 2_000

_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?(?=\n)")

NO_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """One entity of a mail (RFC 2046): its header fields, raw but unfolded, and where its content stands in the mail."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    fields: Mapping[str, tuple[str, ...]] = field(repr=False)
    media_type: str
    parameters: Mapping[str, str] = field(repr=False)
    parts: tuple["Part", ...] = ()

    @property
    def encoded(self) -> bytes:
        """The content as it stands in the mail."""
        return self.raw[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The content with its transfer encoding undone."""
        return transfer_decoded(self.encoded, self.first("content-transfer-encoding").partition(";")[0])

    @property
    def kind(self) -> str:
        """What stands before the slash of the media type."""
        return self.media_type.partition("/")[0]

    def first(self, name: str) -> str:
        """The first value of a header field, raw, or an empty string."""
        return self.fields.get(name, ("",))[0]

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or an empty string (RFC 2183)."""
        return self.first("content-disposition").partition(";")[0].strip().lower()

    @property
    def given_name(self) -> str:
        """The file name the sender gave, made safe, or an empty string."""
        name = parse_parameters(self.first("content-disposition"))[1].get("filename") or self.parameters.get("name", "")
        return safe_file_name(name, "") if name else ""


@dataclass(slots=True)
class Tree:
    """A mail cut into parts, and what could not be cut."""

    problems: list[str] = field(default_factory=list)
    parts_left: int = MAX_PARTS

    def read(self, raw: bytes) -> Part:
        """The mail's outermost part; more than 1,000 parts or 50 levels stay uncut and are named in `problems`."""
        if b"\n" not in raw[:MAX_HEADER_BYTES]:
            raw = raw.replace(b"\r", b"\n")
        return self._part(raw, 0, len(raw), 0, "text/plain")

    def _part(self, raw: bytes, start: int, end: int, depth: int, default_type: str) -> Part:
        fields, start = read_fields(raw, start, end)
        media_type, parameters = _content_type(fields, default_type)
        parts: tuple[Part, ...] = ()
        if media_type.startswith("multipart/"):
            parts = self._children(raw, start, end, depth, media_type, parameters.get("boundary", ""))
        elif media_type in {"message/rfc822", "message/global"} and not _is_encoded(fields) and self._may_descend(depth):
            parts = (self._part(raw, start, end, depth + 1, "text/plain"),)
        return Part(raw, start, end, fields, media_type, parameters, parts)

    def _children(self, raw: bytes, start: int, end: int, depth: int, media_type: str, boundary: str) -> tuple[Part, ...]:
        if not self._may_descend(depth):
            return ()
        default_type = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        children = []
        for first, last in self._cuts(raw, start, end, boundary):
            self.parts_left -= 1
            children.append(self._part(raw, first, last, depth + 1, default_type))
            if self.parts_left <= 0:
                self.note("too many parts")
                break
        return tuple(children)

    def _cuts(self, raw: bytes, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
        """Where the parts between the delimiter lines begin and end; the closing delimiter may be missing (RFC 2046 section 5.1)."""
        if not boundary:
            return []
        delimiter = re.compile(rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
        cuts, opened = [], -1
        for match in delimiter.finditer(raw, max(start - 1, 0), end):
            if opened >= 0:
                cuts.append((opened, max(opened, match.start() - (raw[match.start() - 1 : match.start()] == b"\r"))))
            opened = -1 if match[1] else min(match.end() + 1, end)
            if match[1] or len(cuts) > self.parts_left:
                break
        if opened >= 0:
            cuts.append((opened, end))
        return cuts

    def _may_descend(self, depth: int) -> bool:
        if depth < MAX_DEPTH and self.parts_left > 0:
            return True
        self.note("too deep" if depth >= MAX_DEPTH else "too many parts")
        return False

    def note(self, problem: str) -> None:
        """Name a problem once."""
        if problem not in self.problems:
            self.problems.append(problem)


def _content_type(fields: Mapping[str, tuple[str, ...]], default_type: str) -> tuple[str, dict[str, str]]:
    media_type, parameters = parse_parameters(fields.get("content-type", (default_type,))[0])
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type):  # RFC 2045 section 5.2: what can't be read is plain text
        media_type = {"text": "text/plain", "html": "text/html"}.get(media_type, default_type)
    return media_type, parameters


def _is_encoded(fields: Mapping[str, tuple[str, ...]]) -> bool:
    return fields.get("content-transfer-encoding", ("",))[0].strip().lower() in {"base64", "quoted-printable"}


def read_fields(raw: bytes, start: int = 0, end: int | None = None) -> tuple[dict[str, tuple[str, ...]], int]:
    """The header fields from `start` on, names lower-case, values unfolded, and where the content begins.

    The first line that can't be a header ends the header block, so that a mail without one loses nothing.
    """
    end = len(raw) if end is None else end
    block_end = _end_of_block(raw, start, end)
    readable_end = min(block_end, start + MAX_HEADER_BYTES)
    values: dict[str, list[list[bytes]]] = {}
    current: list[bytes] | None = None
    position = start
    for number, line in enumerate(raw[start:readable_end].split(b"\n")):
        if line[:1] in {b" ", b"\t"} and current is not None:
            current.append(line.strip())
        elif match := _HEADER_LINE.match(line):
            current = [line[match.end() :].strip()]
            if number < MAX_HEADER_LINES:
                values.setdefault(match[1].decode("ascii").lower(), []).append(current)
        elif line.strip() and not (number == 0 and line.startswith((b"From ", b">From "))):  # an mbox line may stand first
            return _readable(values), position
        position += len(line) + 1
    return _readable(values), _after_blank_line(raw, block_end, end)


def _end_of_block(raw: bytes, start: int, end: int) -> int:
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start
    blank = _END_OF_HEADERS.search(raw, start, end)
    return blank.start() if blank else min(end, start + MAX_HEADER_BYTES)


def _after_blank_line(raw: bytes, block_end: int, end: int) -> int:
    match = re.compile(rb"(?:\r?\n){1,2}").match(raw, block_end, end)
    return match.end() if match else min(block_end, end)


def _readable(values: Mapping[str, list[list[bytes]]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_text(b" ".join(pieces)) for pieces in many) for name, many in values.items()}


def _text(value: bytes) -> str:
    """Raw 8-bit headers are UTF-8 (RFC 6532) or, from old clients, windows-1252."""
    value = value[:MAX_VALUE].replace(b"\0", b"")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
