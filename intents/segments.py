"""Segments: what of a message is the writer's own text, and what is an earlier mail quoted below or between.

Mail is cut with more care before it comes here (`bot/reading`); these few rules are for texts from elsewhere, and cut only what is quoted
without a doubt.
A forwarded mail is left whole: who forwards a request wants it read. An answer typed unmarked below the head of a quoted mail is not found.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

_QUOTED = re.compile(r"[ \t]*>")
_POINTING = re.compile(r"<\s*$")  # >>> please read <<<
_LEADS_IN = re.compile(r"[^\s@]@[^\s@]|\b\d{1,2}:\d{2}\b")  # an address or a time of day; without one the line may be the writer's
_FROM = re.compile(
    r"\W{0,3}(from|von|de|da|van|od|från|fra|lähettäjä|feladó|від|от|από|de la|nuo|no|saatja|frá|ó|mingħand)\W{0,3}:", re.IGNORECASE
)
_SENT = re.compile(
    r"\W{0,3}(sent|date|gesendet|datum|envoyé|date d['’]envoi|enviado|fecha|data|inviato|verzonden|wysłano|odesláno|odoslané|poslano"
    r"|skickat|sendt|dato|lähetetty|päivämäärä|elküldve|dátum|надіслано|дата|изпратено|στάλθηκε|ημερομηνία|trimis|išsiųsta|nosūtīts|datums"
    r"|saadetud|kuupäev|seolta|mibgħut|dagsetning|enviat)\W{0,3}:",
    re.IGNORECASE,
)
_FORWARDS = re.compile(r"\b(fwd?|wg|tr|rv|enc|vl|vb|pd|vidsendt|doorst|továbbítás|προώθηση)\s?:", re.IGNORECASE)
_FORWARDED = re.compile(
    r"-{3,}\s?(forwarded|weitergeleitete|message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd|przekazana|vidarebefordrat)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_LINE = 300  # characters of a line that the rules look at
_ANNOUNCED = 60  # characters of the subject in which a forward says that it is one
_OWN_WORDS_NEEDED = 3  # above the head of a quoted mail; fewer are a greeting


class SegmentsComponent:
    """Sets `doc._.own`: the text as long as it was, what is quoted in it turned into spaces, so that places in it stay what they are."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.own = own_text(doc.text)
        return doc


def own_text(text: str) -> str:
    """The text with quoted lines blanked; the whole text if it is forwarded or if nothing else would be left below the subject."""
    if _FORWARDS.search(text[:_ANNOUNCED].partition("\n")[0]) or _FORWARDED.search(text):
        return text
    lines = text.splitlines(keepends=True)
    quoted = set(_quoted([line[:_LONGEST_LINE] for line in lines]))
    if not quoted:
        return text
    own = "".join(_blank(line) if number in quoted else line for number, line in enumerate(lines))
    return own if _WORD.search(own.partition("\n")[2]) else text


def _quoted(lines: list[str]) -> Iterator[int]:
    head = _head_of_a_quoted_mail(lines)
    for number in range(1, head):
        if _is_quoted(lines[number]):
            yield number
            yield from _lead_in(lines, number)
    below = range(head, len(lines))
    if any(_is_quoted(lines[number]) for number in below):  # answers may stand between
        yield from (number for number in below if _is_quoted(lines[number]))
    else:
        yield from below


def _is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line)) and not _POINTING.search(line)


def _lead_in(lines: list[str], number: int) -> Iterator[int]:
    """The line that introduces a quote which begins here: "On 3 May 2026 at 10:04 Ada wrote:", in any language; never the subject."""
    before = next((place for place in range(number - 1, max(number - 3, 0), -1) if lines[place].strip()), 0)
    line = lines[before].rstrip()
    if before and line.endswith(":") and not _is_quoted(line) and _LEADS_IN.search(line) and len(line) < _LONGEST_LINE - 1:
        yield before


def _head_of_a_quoted_mail(lines: list[str]) -> int:
    """Where a head with its From and Sent lines begins, below words of the writer; the number of lines if nowhere."""
    words = 0
    for number, line in enumerate(lines[1:], start=1):
        is_head = bool(_FROM.match(line)) and any(_SENT.match(other) for other in lines[number + 1 : number + 4])
        if is_head and words >= _OWN_WORDS_NEEDED:
            return number
        words += len(_WORD.findall(line))
    return len(lines)


def _blank(line: str) -> str:
    return "".join(letter if letter in "\r\n" else " " for letter in line)
