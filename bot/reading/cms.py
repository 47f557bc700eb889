"""What an S/MIME envelope (RFC 5652) is, and the letter inside one that is only signed; read, not verified, and never raises."""

from typing import NamedTuple

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_ENVELOPED = (bytes.fromhex("06092a864886f70d010703"), bytes.fromhex("060b2a864886f70d0109100117"))  # and AuthEnvelopedData (RFC 5083)
_COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
_DEEPEST = 12
_MOST_CHUNKS = 100_000


class _Element(NamedTuple):
    """A BER element: where its content begins and ends; the end is -1 where it lasts up to an end mark."""

    tag: int
    start: int
    end: int


def kind_of(data: bytes) -> str:
    """`signed`, `encrypted`, `compressed`, or an empty string where the bytes don't say."""
    head = data[:64]
    if _SIGNED in head:
        return "signed"
    if _COMPRESSED in head:
        return "compressed"
    return "encrypted" if any(one in head for one in _ENVELOPED) else ""


def signed_letter(data: bytes) -> bytes:
    """The bytes that were signed, or none where the signature stands apart from them or the structure is broken."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return b""


def _content(data: bytes) -> bytes:
    outer = _element(data, 0)
    explicit = _element(data, _behind(data, outer.start))  # behind the object identifier
    signed = _element(data, explicit.start)
    algorithms = _behind(data, signed.start)  # behind the version
    encapsulated = _element(data, _behind(data, algorithms))
    wrapper = _element(data, _behind(data, encapsulated.start))
    if wrapper.tag != 0xA0:
        return b""
    text = _element(data, wrapper.start)
    if text.tag == 0x04:
        return data[text.start : text.end]
    return b"".join(_chunks(data, text)) if text.tag == 0x24 else b""


def _chunks(data: bytes, text: _Element) -> list[bytes]:
    pieces: list[bytes] = []
    position = text.start
    while (text.end < 0 or position < text.end) and len(pieces) < _MOST_CHUNKS:
        chunk = _element(data, position)
        if chunk.tag != 0x04:
            break
        pieces.append(data[chunk.start : chunk.end])
        position = chunk.end
    return pieces


def _element(data: bytes, position: int) -> _Element:
    tag, length = data[position], data[position + 1]
    start = position + 2
    if length == 0x80:
        return _Element(tag, start, -1)
    if length & 0x80:
        size = length & 0x7F
        if size > 6:
            raise ValueError
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise ValueError
    return _Element(tag, start, start + length)


def _behind(data: bytes, position: int, depth: int = 0) -> int:
    """Where the next element begins."""
    element = _element(data, position)
    if element.end >= 0:
        return element.end
    if depth > _DEEPEST:
        raise ValueError
    position = element.start
    while data[position : position + 2] != b"\0\0":
        position = _behind(data, position, depth + 1)
    return position + 2
