"""The charset of bytes that name none or a wrong one, guessed from which letters they would spell."""

import re
from itertools import pairwise
from typing import NamedTuple

_SAMPLE = 20_000  # bytes that are looked at
_SURE = 4  # letters beyond ASCII, below which nothing is known


class _Candidate(NamedTuple):
    codec: str
    letters: frozenset[str]


# In order: of equally good ones the first counts. The letters are those that texts in these languages are mostly made of.
_SINGLE_BYTE = tuple(
    _Candidate(codec, frozenset(letters))
    for codec, letters in (
        ("cp1252", "äöüÄÖÜßéèêëàâçîïôûùœæåøñáíóúãõìò€’‘“”„–…ÉÀÅØ«» °§²´"),
        ("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáíéúČŠŽŘőűöüÖÜđțșăâîľĺŕ–„”“’ "),
        ("iso-8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáíéúČŠŽŘőűöüÖÜđăâîľĺŕ "),
        ("cp1251", "оеаинтсрвлкмдпуяызьбгчйхжюшцщёіїєОПДПСВНМКТ–«»„“№"),
        ("koi8-r", "оеаинтсрвлкмдпуяызьбгчйхжюшцщОПДПСВНМКТ"),
        ("cp1253", "αεηιουτσνρπκλμςγδθωάέήίόύώΑΕΚΠΠΣΤΘΓΔχφβξζψ"),
        ("cp1257", "āčēģīķļņšūžąęėįųĀČŠŽõäöü–„”“"),
        ("cp1254", "ışğçöüİŞĞÇÖÜâî’“”–"),
        ("cp866", "оеаинтсрвлкмдпуяызьбгчйхжюшцщ"),
    )
)
_EAST_ASIAN_LETTER = re.compile("[\u3000-\u9fff\uac00-\ud7a3\uff00-\uffee]")
_CHINESE = frozenset("的是我你不了在有他人这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也您请請")
_OTHER_SCRIPTS = frozenset({"cp1251", "koi8-r", "cp1253", "cp866"})
_MULTI_BYTE = ("shift_jis", "euc-jp", "euc-kr", "big5", "gb18030")


def likeliest(data: bytes) -> str:
    """The codec that makes the most of the bytes, or an empty string where they tell too little. `data` is no valid UTF-8."""
    sample = data[:_SAMPLE]
    if b"\x1b$" in sample or b"\x1b(J" in sample:
        return "iso2022_jp_ext"
    if wide := wide_order(sample):
        return wide
    high = sum(byte > 127 for byte in sample)
    if high < _SURE:
        return ""
    dense = _are_neighbours(sample, high)
    candidates = [candidate for candidate in _SINGLE_BYTE if (candidate.codec in _OTHER_SCRIPTS) is dense]
    scores = [(_share(sample, candidate), -place, candidate.codec) for place, candidate in enumerate(candidates)]
    best, _, codec = max(scores)
    if best < 0.75 and high >= 8:
        return _east_asian(sample) or (codec if best > 0.5 else "")
    return codec if best >= 0.6 and (dense or best > scores[0][0] + 0.1) else ""


def _are_neighbours(sample: bytes, high: int) -> bool:
    """Whole words are beyond ASCII, as in Greek; in Latin scripts such letters stand alone or in twos."""
    return sum(one > 127 and two > 127 for one, two in pairwise(sample)) > high / 2


def wide_order(data: bytes) -> str:
    """UTF-16 without a byte order mark, told by where its NUL bytes stand: Latin letters have one each."""
    sample = data[: len(data[:2_000]) // 2 * 2]
    if len(sample) < 4:
        return ""
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    if max(low, high) * 2.5 < len(sample) // 2 or min(low, high) * 4 > max(low, high):
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _share(sample: bytes, candidate: _Candidate) -> float:
    """How much of what is beyond ASCII are letters of its languages; a capital in the middle of a word counts against it."""
    text = sample.decode(candidate.codec, "replace")
    beyond = [(letter, before) for before, letter in zip(" " + text, text, strict=False) if letter > "\x7f"]
    good = sum(letter in candidate.letters for letter, _ in beyond)
    inverted = sum(letter.isupper() and before.islower() for letter, before in beyond)
    return (good - inverted) / len(beyond) if beyond else 0.0


def _east_asian(sample: bytes) -> str:
    for codec in _MULTI_BYTE:
        text = sample.decode(codec, "replace")
        beyond = [letter for letter in text if letter > "\x7f"]
        broken = text.count("\ufffd")
        common = sum(_EAST_ASIAN_LETTER.match(letter) is not None for letter in beyond)
        if beyond and broken <= 1 and common >= 0.95 * len(beyond) and _is_typical(codec, beyond):
            return codec
    return ""


def _is_typical(codec: str, letters: list[str]) -> bool:
    """Japanese has kana, Korean is nearly all hangul; Chinese is what is left."""
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in letters)
    hangul = sum("\uac00" <= letter <= "\ud7a3" for letter in letters)
    if codec in {"shift_jis", "euc-jp"}:
        return kana * 6 > len(letters)
    if codec == "euc-kr":
        return hangul * 10 > len(letters) * 7
    return sum(letter in _CHINESE for letter in letters) * 20 > len(letters)
