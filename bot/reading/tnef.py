"""Outlook's winmail.dat (MS-OXTNEF): the text of the letter and its files, as far as they can be had; never raises."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.reading.charsets import clean, decode
from bot.reading.text_formats import EncodedFile

MAX_ATTRIBUTES = 5_000
_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _FILE_BEGINS, _TITLE, _FILE, _PROPERTIES, _FILE_PROPERTIES, _CODEPAGE = 0x800C, 0x9002, 0x8010, 0x800F, 0x9003, 0x9005, 0x9007
_PR_BODY, _PR_HTML, _PR_LONG_NAME, _PR_FILE = 0x1000, 0x1013, 0x3707, 0x3701
# Bytes of a value by property type; types that are not here carry their length with them.
_FIXED = {0x1: 4, 0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_UNICODE = 0x001F


@dataclass(slots=True)
class Winmail:
    """What was found in one winmail.dat."""

    text: str = ""
    html: str = ""
    files: list[EncodedFile] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    name: str = ""
    content: bytes = b""


def read_winmail(data: bytes) -> Winmail | None:
    """The letter in `data`, or None where it is no TNEF or is broken before anything was found."""
    if data[:4] != _SIGNATURE:
        return None
    letter, files, codepage = Winmail(), [_File()], "cp1252"
    for name, value in _attributes(data):
        if name == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{int.from_bytes(value[:4], 'little')}"
        elif name == _BODY:
            letter.text = letter.text or _string(value, codepage)
        elif name == _PROPERTIES:
            _read_letter(letter, value, codepage)
        elif name == _FILE_BEGINS:
            files.append(_File())
        elif name == _TITLE:
            files[-1].name = files[-1].name or _string(value, codepage)
        elif name == _FILE:
            files[-1].content = value
        elif name == _FILE_PROPERTIES:
            _read_file(files[-1], value, codepage)
    letter.files = [EncodedFile(file.name or "attachment", file.content) for file in files if file.content]
    return letter if letter.text or letter.html or letter.files else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Level, id, length, value, checksum; the last one may be cut off."""
    position = 6
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        name, size = struct.unpack_from("<xHxxI", data, position)
        yield name, data[position + 9 : position + 9 + size]
        position += 9 + size + 2


def _read_letter(letter: Winmail, value: bytes, codepage: str) -> None:
    for name, kind, content in _properties(value):
        if name == _PR_BODY:
            letter.text = _string(content, "utf-16-le" if kind == _UNICODE else codepage) or letter.text
        elif name == _PR_HTML:
            letter.html = _string(content, "utf-16-le" if kind == _UNICODE else codepage)


def _read_file(file: _File, value: bytes, codepage: str) -> None:
    for name, kind, content in _properties(value):
        if name == _PR_LONG_NAME:
            file.name = _string(content, "utf-16-le" if kind == _UNICODE else codepage) or file.name
        elif name == _PR_FILE and not file.content:
            file.content = content


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Id, type and first value of each property; ends where the bytes make no sense."""
    position = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), MAX_ATTRIBUTES)):
        if position + 4 > len(data):
            return
        kind, name = struct.unpack_from("<HH", data, position)
        position += 4
        if name >= 0x8000:
            position = _behind_name(data, position)
        several, kind = kind & 0x1000, kind & 0x0FFF
        count = 1
        if several or kind in _VARIABLE:
            count = int.from_bytes(data[position : position + 4], "little")
            position += 4
        if count > MAX_ATTRIBUTES or (kind not in _FIXED and kind not in _VARIABLE):
            return
        first = b""
        for number in range(count):
            size = _FIXED.get(kind, -1)
            if size < 0:
                size = int.from_bytes(data[position : position + 4], "little")
                position += 4
            if position + size > len(data):
                return
            first = data[position : position + size] if number == 0 else first
            position += size + -size % 4
        yield name, kind, first


def _behind_name(data: bytes, position: int) -> int:
    """A named property has a GUID, and a number or a name in UTF-16."""
    is_string = int.from_bytes(data[position + 16 : position + 20], "little") == 1
    if not is_string:
        return position + 24
    size = int.from_bytes(data[position + 20 : position + 24], "little")
    return position + 24 + size + -size % 4


def _string(value: bytes, codec: str) -> str:
    text = value.decode(codec, "replace") if codec == "utf-16-le" else decode(value, codec).text
    return clean(text).strip()
