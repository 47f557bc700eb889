"""Likeness: whether two subjects or two texts are the same but for what mail clients, lists and gateways add on the way."""

import re
import unicodedata

from bot.reading.quote_words import table

_REPLY_PREFIXES = table("""
    re | r | aw | antw | antwort | sv | svar | vs | ré | rép | rif | ref | res | resp | odp | odpoveď | odpověď | vá
    ats | atb | vast | ynt | απ | σχετ | отв | отг | отговор | на | 回复 | 答复 | 回覆 | 返信
""")
_OTHER_PREFIXES = table("""
    fw | fwd | wg | tr | rv | i | enc | doorst | pd | vb | vl | fs | továbbítás | i/o | πρθ | hб | пересл | 转发
    external | extern | externe | ext | spam | caution
""")
_TAG = re.compile(r"\[[^\[\]]{1,60}\]|\*{2,5}[^*]{1,40}\*{2,5}|\((?:external|extern)\)", re.IGNORECASE)
_PREFIX = re.compile(r"\s*([^\W\d_]{1,11}(?:/[^\W\d_])?)(?:\s?[\[(^]\d{1,3}[\])]?)?\s?[:：]\s*")
_RULE = re.compile(r"[-_=*~#]{8,}")
_FOOTER_LINES = 15
_BANNER = re.compile(
    r"\W{0,9}(?:caution|warning|external|attention|achtung|vorsicht|warnung|extern|important|be careful|you don.t often get e?mail"
    r"|(?:this|diese) (?:e-?mail|message|nachricht) (?:originated|came|is|was sent|stammt|kommt|wurde))"
)
_LONGEST_BANNER = 600


def base_subject(subject: str) -> str:
    """What is left of a subject without reply marks in any language, tags in brackets and warnings of gateways; casefolded."""
    return _cut(subject)[0]


def is_reply(subject: str) -> bool:
    """Whether a mark says that the mail answers another one: "Re:", "AW:", "[EXTERN] SV:"."""
    return any(mark in _REPLY_PREFIXES for mark in _cut(subject)[1])


def _cut(subject: str) -> tuple[str, list[str]]:
    """The bare subject, and the marks that stood before it."""
    rest, marks = " ".join(_TAG.sub(" ", subject[:1_000]).split()).casefold(), []
    while (found := _PREFIX.match(rest)) and found[1] in {*_REPLY_PREFIXES, *_OTHER_PREFIXES}:
        marks.append(found[1])
        rest = rest[found.end() :]
    return rest.strip(), marks


def names_agree(one: str, other: str) -> bool:
    """Whether two names may be one person's: every part of the shorter stands in the longer; none at all agrees with any."""
    parts = [set(name.casefold().replace(",", " ").split()) for name in (one, other)]
    return parts[0] <= parts[1] or parts[1] <= parts[0]


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, word for word; a gateway's warning above and a list's footer below don't count."""
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    lines = _without_footer(_without_banner(unicodedata.normalize("NFKC", text).casefold().strip().split("\n")))
    return " ".join(lines).split()


def _without_banner(lines: list[str]) -> list[str]:
    """The first paragraph goes where it begins as gateways' warnings do and something stands below it."""
    end = next((number for number, line in enumerate(lines) if not line.strip() or _RULE.fullmatch(line.strip())), None)
    if end is None or not _BANNER.match(" ".join(lines[:end])) or sum(map(len, lines[:end])) > _LONGEST_BANNER:
        return lines
    return lines[end + 1 :]


def _without_footer(lines: list[str]) -> list[str]:
    """Lists put a line of dashes and a few lines about themselves below."""
    for number in range(len(lines) - 1, max(len(lines) - _FOOTER_LINES, 0), -1):
        if _RULE.fullmatch(lines[number].strip()):
            return lines[:number]
    return lines
