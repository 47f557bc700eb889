"""File names: what strangers call their files, made fit for any folder on any system."""

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 100
"""Bytes in UTF-8; file systems take 255, and there is a path before it."""
# what leads to other folders, what Windows forbids, and what can't be seen or turns letters round
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f<>:\"/\\\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str, taken: Collection[str] = ()) -> str:
    """A name of one plain part, never empty, never hidden, not one of Windows' devices; not one of `taken`, whatever the letter case."""
    plain = _UNFIT.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    plain = "_" + plain if _RESERVED.match(plain) else plain
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending.encode()) > 12:
        stem, dot, ending = plain, "", ""
    known = {one.casefold() for one in taken}
    for number in range(1, len(known) + 2):
        mark = f"-{number}" if number > 1 else ""
        whole = _cut(stem, _LONGEST - len(f"{mark}{dot}{ending}".encode())) + mark + dot + ending
        if whole.casefold() not in known:
            return whole
    raise AssertionError


def _cut(stem: str, most: int) -> str:
    return stem.encode()[:most].decode(errors="ignore").rstrip(" .") or "file"
