"""Statutes: articles of the GDPR and sections of the CCPA cited in a sentence, in any of the ways people write them."""

import re
from collections.abc import Iterator

from intents.catalog import Intent
from intents.folding import fold

# what the articles give; Regulation (EU) 2016/679 and Cal. Civ. Code 1798.100 ff.
_ARTICLES = {
    15: Intent.ACCESS,
    16: Intent.RECTIFICATION,
    17: Intent.ERASURE,
    18: Intent.RESTRICTION,
    20: Intent.PORTABILITY,
    21: Intent.OBJECTION,
    22: Intent.AUTOMATED_DECISION,
    33: Intent.BREACH_REPORT,
    34: Intent.BREACH_REPORT,
    58: Intent.AUTHORITY,
    77: Intent.COMPLAINT,
}
_PARAGRAPHS = {(7, 3): Intent.WITHDRAW_CONSENT, (21, 2): Intent.UNSUBSCRIBE, (21, 3): Intent.UNSUBSCRIBE}
_CALIFORNIA = {
    "100": Intent.ACCESS,
    "105": Intent.ERASURE,
    "106": Intent.RECTIFICATION,
    "110": Intent.ACCESS,
    "115": Intent.ACCESS,
    "120": Intent.OPT_OUT_SALE,
    "121": Intent.OPT_OUT_SALE,
}
# the regulation's short names: DSGVO, RGPD, AVG, RODO, BDAR, VDAR, IKÜM, ΓΚΠΔ, ОРЗД, RGCS, OUZP, and the longer ones by their stems
_LAW = (
    r"gdpr|ds-?\s?gvo|rgpd|\bavg\b|\brodo\b|bdar\b|\bvdar\b|\bikum|γκπδ|орзд|\brgcs\b|\bouzp\b|2016/679|grundverordnung|dataskyddsforordning"
    r"|databeskyttelsesforordning|personvernforordning|tietosuoja-?asetu|gegevensbescherming|personuverndarlog|general data protection"
)
_WORD = (
    r"(?:art(?:icles?|ikels?|ikla|iklan|icol[oi]|iculos?|igos?|icolul|ikkel|ikkeli|ikolu)?|airteagal|αρθρ\w*|чл(?:ен)?|член\w*|стат\w+|cl(?:an\w+|en\w*)?"
    r"|gr|grein)"
)
_LIST = r"\d{1,2}[^\d\n]{0,14}"
_BEFORE = re.compile(rf"\b{_WORD}\.?\s?((?:{_LIST}){{1,8}})")
_AFTER = re.compile(r"\b(\d{1,2})\.?\s?(?:straipsn\w*|str\b|pant\w*|artikla\w*|cikk\w*|clen\w*|clan\w*|grein\w*)(?:\D{0,8}(\d)\b)?")
_NUMBER = re.compile(
    r"(\d{1,2})(?:\.?\s?\(|,?\s?(?:abs|par|lid|ust|al|apartado|paragraph\w*|comma|stk|st|ods|odst|n|dali|παρ|ал)[.\s]*\s?|\.)?(\d)?"
)
_SECTION = re.compile(r"1798\.(\d{3})")
_LAW_PATTERN = re.compile(_LAW)


def cites_law(text: str) -> bool:
    """True if the regulation is named anywhere in the text (already folded)."""
    return bool(_LAW_PATTERN.search(text))


def cited(sentence: str) -> Iterator[Intent]:
    """The intents whose article or section the sentence cites; the caller has made sure that the law itself is named."""
    folded = fold(sentence)
    for match in _SECTION.finditer(folded):
        if intent := _CALIFORNIA.get(match[1]):
            yield intent
    for article, paragraph in _numbers(folded):
        if intent := _PARAGRAPHS.get((article, paragraph)) or _ARTICLES.get(article):
            yield intent


def _numbers(folded: str) -> Iterator[tuple[int, int]]:
    for match in _BEFORE.finditer(folded):
        yield from ((int(one[1]), int(one[2] or 0)) for one in _NUMBER.finditer(match[1]))
    for match in _AFTER.finditer(folded):
        yield int(match[1]), int(match[2] or 0)
