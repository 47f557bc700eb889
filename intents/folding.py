"""Folding: the form in which words are compared, without case, accents or typographic variants."""

import unicodedata

# letters that Unicode does not decompose into a base letter and a mark
_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ς": "σ", "ŀ": "l"}
    | dict.fromkeys("’‘ʼ`´′", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
)


def fold(text: str) -> str:
    """Lower case, accents stripped, apostrophes and hyphens made plain: `Löschung` and `LOSCHUNG` read alike."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
