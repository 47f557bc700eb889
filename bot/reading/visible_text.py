"""A mail's own words told from what it carries along: quotes of earlier mail, forwarded mail, signature, disclaimer.

Line by line and in linear time; what is not clearly carried along stays the writer's own words, above, below or between quotes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from bot.reading.quote_words import (
    CLIENT_LINES,
    DEVICES,
    DISCLAIMER_CUES,
    DISCLAIMER_STARTS,
    FROM_LABELS,
    OPENERS,
    OTHER_LABELS,
    PASSED_ON,
    SEPARATORS,
    WROTE,
)

MAX_LINES = 20_000  # beyond it lines are taken as they are
MAX_ATTRIBUTION = 400  # characters of a line such as "On ..., ... wrote:"
MAX_SIGNATURE = 15  # lines; more below a "-- " is no signature

_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")


class Mark(Enum):
    """What a line is."""

    OWN = auto()
    QUOTE = auto()
    FRAME = auto()  # the line or header block that introduces a quote
    SIGNATURE = auto()
    DISCLAIMER = auto()


@dataclass(frozen=True, slots=True)
class VisibleText:
    """The parts of a mail's text. `text` is what to act on: the own words, or the words passed on where there are no own."""

    text: str
    quoted: str = ""
    signature: str = ""
    disclaimer: str = ""


def separate(body: str, forwarded: str = "", depth: int = 0) -> VisibleText:
    """Tell the own words from the rest; `forwarded` is the text of mails attached to this one (message/rfc822)."""
    lines = body.split("\n", MAX_LINES)
    marks = _marks(lines)
    parts = {mark: _joined(line for line, its in zip(lines, marks, strict=True) if its is mark) for mark in Mark}
    quoted = _joined(line for line, its in zip(lines, marks, strict=True) if its in {Mark.QUOTE, Mark.FRAME})
    passed_on = _joined(_unquoted(line) for line, its in zip(lines, marks, strict=True) if its is Mark.QUOTE) or forwarded
    if depth < 3 and passed_on and (not parts[Mark.OWN] or parts[Mark.OWN].casefold().rstrip(" .:!") in PASSED_ON):
        passed_on = separate(passed_on, depth=depth + 1).text
        own = _joined([parts[Mark.OWN], "", passed_on])
    else:
        own = parts[Mark.OWN] or passed_on or parts[Mark.SIGNATURE] or parts[Mark.DISCLAIMER] or quoted
    return VisibleText(own, _joined([quoted, "", forwarded]), parts[Mark.SIGNATURE], parts[Mark.DISCLAIMER])


def without_quote_marks(text: str) -> str:
    """The text with one level of `>` marks taken away."""
    return _joined(_unquoted(line) for line in text.split("\n"))


def _joined(lines: Iterable[str]) -> str:
    """Lines as text, with at most one blank line between two."""
    kept: list[str] = []
    for line in lines:
        text = line.rstrip()
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip("\n")


def _unquoted(line: str) -> str:
    bare = line.lstrip()
    return bare[1:].removeprefix(" ") if bare.startswith(">") else line


def _marks(lines: list[str]) -> list[Mark]:
    marks = [Mark.QUOTE if line.lstrip(" \xa0").startswith(">") else Mark.OWN for line in lines]
    _mark_earlier_mail(lines, marks)
    _mark_signatures(lines, marks)
    _mark_disclaimers(lines, marks)
    _mark_armour(lines, marks)
    return marks


def _mark_earlier_mail(lines: list[str], marks: list[Mark]) -> None:
    """Frames, and what they introduce: the `>` lines that follow or, where none follow, all the rest."""
    for number, line in enumerate(lines[:MAX_LINES]):
        if marks[number] is not Mark.OWN or not line.strip():
            continue
        frame = _frame_at(lines, number, marks)
        if frame is None:
            continue
        first, last, certain = frame
        following = _next_filled(lines, last + 1)
        quote_is_marked = following is not None and marks[following] is Mark.QUOTE
        if not quote_is_marked and not certain:
            continue
        marks[first : last + 1] = [Mark.FRAME] * (last + 1 - first)
        if not quote_is_marked and following is not None:
            marks[last + 1 :] = [Mark.QUOTE] * (len(lines) - last - 1)
            _mark_headers_of_rest(lines, marks, following)
            return


def _mark_headers_of_rest(lines: list[str], marks: list[Mark], following: int) -> None:
    """Below "-----Original Message-----" stands its header block: frame as well."""
    end = _header_block_end(lines, following)
    if end is not None:
        marks[following : end + 1] = [Mark.FRAME] * (end + 1 - following)


def _frame_at(lines: list[str], number: int, marks: list[Mark]) -> tuple[int, int, bool] | None:
    """First line, last line and certainty of a frame that is recognised at line `number`."""
    line = lines[number]
    if _is_separator(line):
        return number, number, True
    end = _header_block_end(lines, number)
    if end is not None:
        rule = number - 1 if number and not lines[number - 1].strip("-_= \t") and lines[number - 1].strip() else number
        return rule, end, True
    if line.rstrip().endswith((":", "：")):
        return _attribution(lines, number, marks)
    return None


def _is_separator(line: str) -> bool:
    bare = line.strip()
    if len(line) > 120 or not (bare.startswith(("-", "_", "=", "*")) or bare.endswith(":")):
        return False
    return line.strip(" \t-_=*:>\xa0").casefold() in SEPARATORS


def _header_block_end(lines: list[str], number: int) -> int | None:
    """The last line of a From/Sent/To/Subject block beginning at `number`, or None; bounded look-ahead."""
    label, value = _label(lines[number])
    if label not in FROM_LABELS or not value:
        return None
    kinds: set[str] = set()
    last = number
    for ahead in range(number + 1, min(number + 12, len(lines))):
        if not lines[ahead].strip():
            if kinds:
                break
            continue
        kind = OTHER_LABELS.get(_label(lines[ahead])[0])
        if kind:
            kinds.add(kind)
            last = ahead
    return last if len(kinds) >= 2 and kinds & {"date", "subject"} else None


def _label(line: str) -> tuple[str, str]:
    """`*Von:* Max` as ("von", "Max")."""
    label, colon, value = line[:200].partition(":")
    if not colon or len(label) > 30:
        return "", ""
    return label.strip("*> \t\xa0").casefold(), value.strip("* \t\xa0")


def _attribution(lines: list[str], last: int, marks: list[Mark]) -> tuple[int, int, bool] | None:
    """The up to three lines of "On ..., ... wrote:" that end at `last`.

    Certain, without `>` lines below, only when a mailbox or a time of day stands in it: people write "In March you wrote:" themselves.
    """
    text = ""
    best: tuple[int, int, bool] | None = None
    for first in range(last, max(last - 3, -1), -1):
        if not lines[first].strip() or marks[first] is not Mark.OWN:
            break
        text = f"{lines[first].strip()} {text}".casefold()
        if len(text) > MAX_ATTRIBUTION:
            break
        evidence = bool(_ADDRESS.search(text) or _CLOCK.search(text))
        if (evidence or _YEAR.search(text)) and any(verb in text for verb in WROTE) and (best is None or _opens(text)):
            best = first, last, evidence
    return best


def _opens(text: str) -> bool:
    return text.partition(" ")[0] in OPENERS or text[0].isdigit() or "<" in text.partition(">")[0]


def _next_filled(lines: list[str], start: int) -> int | None:
    return next((number for number in range(start, min(start + 4, len(lines))) if lines[number].strip()), None)


def _mark_signatures(lines: list[str], marks: list[Mark]) -> None:
    """RFC 3676 section 4.3: "-- " above a few lines, up to the next quote; and lines such as "Sent from my phone"."""
    seen_own = False
    for number, line in enumerate(lines[:MAX_LINES]):
        if marks[number] is not Mark.OWN:
            continue
        bare = line.strip()
        if bare in {"--", "—"} and seen_own:
            _mark_signature_below(lines, marks, number)
        elif _is_client_line(bare) and _stands_alone(lines, number):
            marks[number] = Mark.SIGNATURE
        seen_own = seen_own or bool(bare.strip("-"))


def _mark_signature_below(lines: list[str], marks: list[Mark], number: int) -> None:
    end = number
    filled = 0
    while end < len(lines) and marks[end] is Mark.OWN and filled <= MAX_SIGNATURE + 1:
        filled += bool(lines[end].strip())
        end += 1
    if filled <= MAX_SIGNATURE + 1 and all(len(line) <= 200 for line in lines[number:end]):
        marks[number:end] = [Mark.SIGNATURE] * (end - number)


def _is_client_line(line: str) -> bool:
    """Such as "Sent from my phone"; never a sentence that merely begins so."""
    if len(line) > 100:
        return False
    text = line.casefold().lstrip("*_[(")
    return any(text.startswith(start) and (rest in text if rest else any(word in text for word in DEVICES)) for start, rest in CLIENT_LINES)


def _stands_alone(lines: list[str], number: int) -> bool:
    """The line is its own paragraph, or the last lines of the text."""
    above = lines[number - 1].strip() if number else ""
    below = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return not above or not below


def _mark_disclaimers(lines: list[str], marks: list[Mark]) -> None:
    """Paragraph by paragraph, never the first one: a letter may well begin with "This message is confidential"."""
    start, paragraphs = 0, 0
    for number in range(min(len(lines), MAX_LINES) + 1):
        at_end = number >= min(len(lines), MAX_LINES) or not lines[number].strip() or marks[number] is not Mark.OWN
        if not at_end:
            continue
        if number > start:
            if paragraphs and _is_disclaimer(lines[start:number]):
                marks[start:number] = [Mark.DISCLAIMER] * (number - start)
            paragraphs += 1
        start = number + 1


def _is_disclaimer(paragraph: list[str]) -> bool:
    text = " ".join(paragraph)[:3_000].strip(" *_-=\t").casefold()
    return len(text) > 80 and text.startswith(DISCLAIMER_STARTS) and sum(cue in text for cue in DISCLAIMER_CUES) >= 2


def _mark_armour(lines: list[str], marks: list[Mark]) -> None:
    """The lines that OpenPGP puts around a signed text (RFC 9580 section 7)."""
    inside = False
    for number, line in enumerate(lines[:MAX_LINES]):
        if line.startswith("-----BEGIN PGP SIGNED MESSAGE-----") or (
            number and marks[number - 1] is Mark.SIGNATURE and line.startswith("Hash: ")
        ):
            marks[number] = Mark.SIGNATURE
        inside = inside or line.startswith("-----BEGIN PGP SIGNATURE-----")
        if inside and marks[number] is Mark.OWN:
            marks[number] = Mark.SIGNATURE
        inside = inside and not line.startswith("-----END PGP SIGNATURE-----")
