"""The MIME tree of a mail, found with bounded work: the standard parser needs minutes for some mails of a few megabytes.

`email.parser` asks every enclosing multipart about every line and recurses once per level, so depth times lines is its cost.
Here a multipart is cut at its boundary by one search through the bytes, and nothing else is looked at line by line but headers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.reading.charsets import decode, transfer_decoded
from bot.reading.headers import MAX_VALUE, parse_parameters, safe_file_name

MAX_PARTS = 1_000
MAX_DEPTH = 50
MAX_HEADER_BYTES = 256_000
MAX_HEADER_LINES = 2_000
MAX_PREAMBLE = 65_536  # bytes in which a boundary that nobody declared is looked for

_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?(?=\n)")
_BLANK_START = re.compile(rb"[\r\n]{1,100}(?=[!-9;-~]{1,80}[ \t]{0,5}:)")
_PLAIN_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\r\n\s][^\r\n]{0,198})\r?\n(?:[!-9;-~]{1,80}:[^\n]{0,998}\n[ \t\r]?)?content-", re.IGNORECASE)
# A line that is no header field, among the fields of a mail, is a broken one: where one of these follows, they go on.
_STILL_HEADERS = re.compile(
    rb"(?:^|\n)(?:mime-version|content-type|content-transfer-encoding|message-id|received|dkim-signature)[ \t]{0,5}:", re.IGNORECASE
)
_CHARSET = re.compile(rb"\ncontent-type:[^\n]{0,300}(?:\n[ \t][^\n]{0,300}){0,3}?charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)

MAILS = frozenset({"message/rfc822", "message/global"})
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
    room: int = 0
    """Bytes that attached mails may still take up when their transfer encoding is undone."""

    def read(self, raw: bytes) -> Part:
        """The mail's outermost part; more than 1,000 parts or 50 levels stay uncut and are named in `problems`."""
        if b"\n" not in raw[:MAX_HEADER_BYTES]:
            raw = raw.replace(b"\r", b"\n")
        elif b"\r\r\n" in raw[:2_000]:
            raw = raw.replace(b"\r\r\n", b"\r\n")
        self.room = len(raw)
        blank = _BLANK_START.match(raw)
        return self._part(raw, blank.end() if blank else 0, len(raw), 0, "text/plain")

    def _part(self, raw: bytes, start: int, end: int, depth: int, default_type: str) -> Part:
        fields, start = read_fields(raw, start, end)
        media_type, parameters = _content_type(fields, default_type)
        parts: tuple[Part, ...] = ()
        if media_type.startswith("multipart/") or (depth == 0 and "content-type" not in fields and _sniffed(raw, start, end)):
            media_type = media_type if media_type.startswith("multipart/") else "multipart/mixed"
            parts = self._children(raw, start, end, depth, media_type, parameters.get("boundary", ""))
        elif media_type in MAILS and self._may_descend(depth):
            parts = self._attached_mail(raw, start, end, depth, fields)
        return Part(raw, start, end, fields, media_type, parameters, parts)

    def _attached_mail(self, raw: bytes, start: int, end: int, depth: int, fields: Mapping[str, tuple[str, ...]]) -> tuple[Part, ...]:
        encoding = fields.get("content-transfer-encoding", ("",))[0].strip().lower()
        if encoding not in {"base64", "quoted-printable"}:
            return (self._part(raw, start, end, depth + 1, "text/plain"),)
        if end - start > self.room:
            self.note("too large")
            return ()
        self.room -= end - start
        return (self.inner(transfer_decoded(raw[start:end], encoding), depth + 1),)

    def inner(self, raw: bytes, depth: int) -> Part:
        """Bytes that were packed inside a part, as an entity of their own."""
        return self._part(raw, 0, len(raw), depth, "text/plain")

    def _children(self, raw: bytes, start: int, end: int, depth: int, media_type: str, boundary: str) -> tuple[Part, ...]:
        if not self._may_descend(depth):
            return ()
        default_type = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        children = []
        cuts = self._cuts(raw, start, end, boundary.rstrip().encode("utf-8", "replace"))
        for first, last in cuts or self._cuts(raw, start, end, _sniffed(raw, start, end)):
            self.parts_left -= 1
            children.append(self._part(raw, first, last, depth + 1, default_type))
            if self.parts_left <= 0:
                self.note("too many parts")
                break
        return tuple(children)

    def _cuts(self, raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts between the delimiter lines begin and end; the closing delimiter may be missing (RFC 2046 section 5.1)."""
        if not boundary:
            return []
        delimiter = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
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


def _sniffed(raw: bytes, start: int, end: int) -> bytes:
    """A delimiter that stands there without being declared, or as another one was: a line of two dashes above fields of content."""
    found = _PLAIN_BOUNDARY.search(raw, max(start - 1, 0), min(end, start + MAX_PREAMBLE))
    return found[1].rstrip() if found else b""


def read_fields(raw: bytes, start: int = 0, end: int | None = None) -> tuple[dict[str, tuple[str, ...]], int]:
    """The header fields from `start` on, names lower-case, values unfolded, and where the content begins.

    The first line that can't be a header ends the header block, so that a mail without one loses nothing.
    """
    end = len(raw) if end is None else end
    block_end = _end_of_block(raw, start, end)
    readable_end = min(block_end, start + MAX_HEADER_BYTES)
    charset = b"" if raw[start:readable_end].isascii() else (_CHARSET.search(raw, max(start - 1, 0), readable_end) or [b"", b""])[1]
    values: dict[str, list[list[bytes]]] = {}
    current: list[bytes] | None = None
    position, still_headers = start, -1
    for number, line in enumerate(raw[start:readable_end].split(b"\n")):
        if line[:1] in {b" ", b"\t"} and current is not None:
            current.append(line.strip())
        elif match := _HEADER_LINE.match(line):
            current = [line[match.end() :].strip()]
            if number < MAX_HEADER_LINES:
                values.setdefault(match[1].decode("ascii").lower(), []).append(current)
        elif line.strip() and not (number == 0 and line.startswith((b"From ", b">From "))):  # an mbox line may stand first
            if still_headers < 0:
                still_headers = max((match.start() for match in _STILL_HEADERS.finditer(raw, position, readable_end)), default=0)
            if current is None or position > still_headers:
                return _readable(values, charset), position
            current.append(line.strip())
        position += len(line) + 1
    return _readable(values, charset), _after_blank_line(raw, block_end, end)


def _end_of_block(raw: bytes, start: int, end: int) -> int:
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start
    blank = _END_OF_HEADERS.search(raw, start, end)
    return blank.start() if blank else min(end, start + MAX_HEADER_BYTES)


def _after_blank_line(raw: bytes, block_end: int, end: int) -> int:
    match = re.compile(rb"(?:\r?\n){1,2}").match(raw, block_end, end)
    return match.end() if match else min(block_end, end)


def _readable(values: Mapping[str, list[list[bytes]]], charset: bytes) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_text(b" ".join(pieces), charset) for pieces in many) for name, many in values.items()}


def _text(value: bytes, charset: bytes) -> str:
    """Raw 8-bit headers are UTF-8 (RFC 6532) or, from old clients, in the charset of the mail."""
    value = value[:MAX_VALUE].replace(b"\0", b"")
    return value.decode("ascii") if value.isascii() else decode(value, charset.decode("ascii")).text
