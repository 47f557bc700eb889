"""Bytes made text and transfer encodings undone, for any bytes: the declared charset, else UTF-8, else windows-1252."""

import binascii
import codecs
import re
from typing import NamedTuple

from bot.reading.guessing import likeliest, wide_order

# Names that mails carry and Python does not know, or knows by a narrower set than the sender meant.
_MEANT = {
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac-roman",
    "x-user-defined": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "cp-850": "cp850",
    "iso-2022-jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "x-euc-jp": "euc-jp",
    "x-big5": "big5hkscs",
    "big5": "cp950",
    "cn-big5": "cp950",
    "ksc5601": "cp949",
    "ks_c_5601": "cp949",
    "cseuckr": "cp949",
    "gb_2312-80": "gb18030",
    "csgb2312": "gb18030",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "binary": "",
    "8bit": "",
}
_UTF_8 = re.compile(r"utf[-_ ]?8(?!\d)")
_WINDOWS = re.compile(r"(?:x-)?(?:windows|win|cp|ansi)[-_ ]?(125\d|874|866)(?!\d)")
_ISO_8859 = re.compile(r"(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})")
# Codecs that are no charset of mail, and of which one takes quadratic time (punycode).
_REFUSED = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "unicode_internal", "mbcs", "oem"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


class Decoded(NamedTuple):
    """Text, and whether its charset had to be guessed."""

    text: str
    guessed: bool


def decode(data: bytes, declared: str = "") -> Decoded:
    """Never fails; `guessed` is True where the bytes contradict the declared charset.

    Text that calls itself Western European but is valid UTF-8 beyond ASCII is UTF-8: real Latin-1 text is practically never that.
    """
    if data.isascii() and b"\x1b" not in data and not _is_wide(declared) and b"\0" not in data[:1_000]:
        return Decoded(data.decode("ascii"), False)
    codec = _codec(declared)
    if b"\x1b$" in data and not codec.startswith("iso2022"):
        return _guess(data, codec)
    if codec.startswith(("utf-16", "utf-32")):
        codec = _ordered(data, codec)
    if codec in {"cp1252", "ascii"}:
        as_utf8 = _strictly(data, "utf-8")
        if as_utf8 is not None:
            return Decoded(as_utf8, True)
        codec = _unless_lying(data, codec)
    text = _strictly(data, codec) if codec else None
    return Decoded(text, False) if text is not None else _guess(data, codec)


def _ordered(data: bytes, codec: str) -> str:
    """UTF-16 that begins without a mark may be in either order; without a NUL, not even a space or a line end, it only calls itself so."""
    if b"\0" not in data:
        return ""
    if codec == "utf-16" and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return wide_order(data) or "utf-16-le"
    return codec


def _unless_lying(data: bytes, codec: str) -> str:
    """Mail programs call Cyrillic, Greek or Japanese "iso-8859-1" where nobody told them better; then the letters tell."""
    return likeliest(data) or codec


def _guess(data: bytes, codec: str) -> Decoded:
    """A few broken characters in otherwise good UTF-8 (or the declared codec) are better than all of them read as windows-1252."""
    if b"\x1b$" in data or b"\0" in data:  # valid as UTF-8, and yet no such text
        codec = likeliest(data) or codec
    for candidate in dict.fromkeys((codec, "utf-8")):
        if candidate in {"", "cp1252", "ascii"}:
            continue
        text = data.decode(candidate, "replace")
        broken = text.count("\ufffd")
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        if beyond_ascii > 2 * broken or not broken:
            return Decoded(text, True)
    return Decoded(data.decode(likeliest(data) or "cp1252", "replace"), True)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _is_wide(declared: str) -> bool:
    """Charsets in which ASCII bytes are not ASCII letters."""
    return declared.lower().startswith(("utf-16", "utf-32", "utf-7", "unicode-1-1-utf-7", "hz", "iso-2022", "csiso2022"))


def _codec(declared: str) -> str:
    """Python's name of the declared charset, or an empty string when there is none that may be used."""
    name = declared.strip(" \t\"'=;,").lower()
    try:
        info = codecs.lookup(_MEANT.get(name) or _spelt_out(name))
    except (LookupError, ValueError):  # ValueError: a NUL or non-ASCII character in the name
        return ""
    usable = info.name not in _REFUSED and info._is_text_encoding
    return info.name if usable else ""


def _spelt_out(name: str) -> str:
    """`windows1250`, `CP-1251`, `utf-8; format=flowed`, `iso_8859_15:1998` as Python spells them."""
    if _UTF_8.search(name):
        return "utf-8"
    if windows := _WINDOWS.match(name):
        return f"cp{windows[1]}"
    iso = _ISO_8859.match(name)
    return (_MEANT.get(f"iso-8859-{iso[1]}") or f"iso8859-{iso[1]}") if iso else name


def clean(text: str) -> str:
    """Without NUL (PostgreSQL refuses it), other control characters and lone surrogates; line ends are LF."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROLS.search(text):  # a search holds no copy of a large text, as replacing nothing would
        text = _CONTROLS.sub("", text)
    return text.encode("utf-8", "replace").decode("utf-8") if _SURROGATES.search(text) else text


def transfer_decoded(data: bytes, encoding: str) -> bytes:
    """Content-Transfer-Encoding undone (RFC 2045 section 6); broken data gives what can be read, unknown encodings the data itself."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uuencoded(data)
    return data


def _base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        digits = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"===")


def _uuencoded(data: bytes) -> bytes:
    lines = data.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    pieces = []
    for line in lines[start + 1 :]:
        if line.strip() in {b"end", b"`"}:
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:  # one broken line costs one line
            continue
    return b"".join(pieces)
