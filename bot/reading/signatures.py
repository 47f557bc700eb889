"""What stands around a writer's words without being theirs: signatures, lines of clients, disclaimers, banners, footers, armour."""

import re
from itertools import takewhile

from bot.reading.client_words import (
    CLIENT_LINES,
    DEVICES,
    DISCLAIMER_CUES,
    DISCLAIMER_STARTS,
    GREETINGS,
    LIST_FOOTERS,
    NOTICE_STARTS,
)
from bot.reading.marks import BLANKS, Mark, is_rule
from bot.reading.quote_words import YOURS

MAX_SIGNATURE = 15  # lines; more below a "-- " is no signature
MAX_CONTACT_BLOCK = 12  # lines below a greeting
_REACH = 60  # lines, blank ones counted, within which what stands at the end of the own words must end
_CLIENT_STARTS = tuple(start for start, _ in CLIENT_LINES)
_DELIMITERS = frozenset({"--", "—", "- --", "–", "--\u200b"})
_GREETINGS = frozenset(GREETINGS)
_PICTURE = re.compile(r"[\[<](?:cid:|image|inline image|bild|logo|imagen|immagine|afbeelding)[^\]<>\[]{0,200}[\]>]")
_CONTACT = re.compile(
    r"(?:\+|\b00|\b0)\d[\d\s()/.–-]{6,}\d|\b(?:tel|phone|fon|mobil|mobile|cell|fax|handy|tél|tlf|téléphone|telefon|direct|office)\b\s?[.:]"
    r"|\bwww\.|https?://|[^\s@]@[^\s@]+\.[a-z]|\(\d{3}\)\s?\d{3}-\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b"
)
_SENTENCE = re.compile(r"(?:\S+\s+){6,}\S+[.!?]\s*$")


def mark_signatures(lines: list[str], marks: list[Mark]) -> None:
    """RFC 3676 section 4.3: "-- " above a few lines, up to the next quote; lines such as "Sent from my phone"; blocks of addresses."""
    seen_own = False
    for number, line in enumerate(lines):
        if marks[number] is not Mark.OWN:
            continue
        bare = line[:120].strip(BLANKS)
        if not bare:
            continue
        if seen_own and _begins_signature(lines, marks, number, bare):
            end = _end_of_own(lines, marks, number)
            marks[number:end] = [Mark.SIGNATURE] * (end - number)
        elif _stands_alone(lines, number) and _is_client_line(line.strip(BLANKS)):
            ruled = number > 0 and marks[number - 1] is Mark.OWN and is_rule(lines[number - 1])
            marks[number - ruled : number + 1] = [Mark.SIGNATURE] * (1 + ruled)
        seen_own = seen_own or bool(bare.strip("-_ "))


def _end_of_own(lines: list[str], marks: list[Mark], number: int) -> int:
    """Where the run of own lines ends that `number` stands in; `number` itself where it goes on for longer than a signature does."""
    last = min(len(lines), number + _REACH)
    end = next((ahead for ahead in range(number, last) if marks[ahead] is not Mark.OWN), last)
    return number if end == last < len(lines) else end


def _begins_signature(lines: list[str], marks: list[Mark], number: int, bare: str) -> bool:
    """The delimiter with few lines below; or a greeting or a drawn line with a block of contacts below, no sentence in it."""
    delimiter = bare in _DELIMITERS
    greeting = not delimiter and len(bare) < 45 and bare.casefold().rstrip(" ,.!;") in _GREETINGS
    if not delimiter and not greeting and (not is_rule(bare) or _underlines(lines[number - 1], bare)):
        return False
    end = _end_of_own(lines, marks, number)
    below = [line.strip(BLANKS) for line in lines[number + 1 : end] if line.strip(BLANKS)]
    if delimiter:
        return number < end and len(below) <= MAX_SIGNATURE and all(len(line) <= 200 for line in below)
    if greeting:  # what stands below a delimiter or a drawn line is set apart by it, and the greeting is the writer's
        below = list(takewhile(lambda line: line not in _DELIMITERS and not is_rule(line), below))
    return 1 + greeting <= len(below) <= MAX_CONTACT_BLOCK and _are_contacts(below)


def _underlines(above: str, rule: str) -> bool:
    """A heading has its line right below."""
    return bool(above.strip(BLANKS)) and not rule.strip("=")


def _are_contacts(block: list[str]) -> bool:
    if any(len(line) > 100 or _SENTENCE.search(line) for line in block):
        return False
    return any(_CONTACT.search(line.casefold()) for line in block)


def _is_client_line(line: str) -> bool:
    """Such as "Sent from my phone"; never a sentence that merely begins so."""
    if len(line) > 200:
        return False
    text = line.casefold().lstrip("*_[(<").rstrip("*_")
    if not text.startswith(_CLIENT_STARTS):
        return _PICTURE.fullmatch(line.casefold()) is not None
    words = text.partition("<")[0].partition("http")[0]
    if len(words) > 100 or "?" in words or not YOURS.isdisjoint(words.split()):
        return False
    return any(text.startswith(start) and (rest in text if rest else any(word in text for word in DEVICES)) for start, rest in CLIENT_LINES)


def _stands_alone(lines: list[str], number: int) -> bool:
    """The line is its own paragraph, or the first or last line of one."""
    above = lines[number - 1][:120].strip(BLANKS) if number else ""
    below = lines[number + 1][:120].strip(BLANKS) if number + 1 < len(lines) else ""
    return not above or not below


def mark_notices(lines: list[str], marks: list[Mark]) -> None:
    """Paragraph by paragraph: disclaimers (never the first one: a letter may well begin with "This message is confidential"),
    adverts, banners of the receiving firm, and what a mailing list writes below its line."""
    start, own_paragraphs = 0, 0
    for number in range(len(lines) + 1):
        inside = number < len(lines) and marks[number] is Mark.OWN and lines[number].strip(BLANKS)
        if inside and not is_rule(lines[number]):
            continue
        if number > start:
            if _is_notice(lines[start:number], first=not own_paragraphs):
                marks[start:number] = [Mark.DISCLAIMER] * (number - start)
            else:
                own_paragraphs += 1
        if inside and own_paragraphs and _is_list_footer(lines, marks, number):
            end = _end_of_own(lines, marks, number)
            marks[number:end] = [Mark.DISCLAIMER] * (end - number)
        start = number + 1


def _is_notice(paragraph: list[str], *, first: bool) -> bool:
    text = " ".join(paragraph[:40])[:3_000].strip(" *_-=\t|>~#" + BLANKS).casefold()
    if text.startswith(NOTICE_STARTS):
        return len(text) < 700
    if first or len(text) < 60:
        return False
    cues = sum(cue in text for cue in DISCLAIMER_CUES)
    return cues >= 5 or (cues >= 2 and text.startswith(DISCLAIMER_STARTS))


def _is_list_footer(lines: list[str], marks: list[Mark], number: int) -> bool:
    end = _end_of_own(lines, marks, number)
    below = lines[number + 1 : end]
    text = " ".join(below[:8])[:1_000].casefold()
    linked = any(link in text for link in ("http", "www.", "unsubscribe@", "-request@"))  # people write "unsubscribe me" below a line
    return linked and 0 < len(below) <= MAX_SIGNATURE and any(word in text for word in LIST_FOOTERS)


def mark_armour(lines: list[str], marks: list[Mark]) -> None:
    """The lines that OpenPGP puts around a signed text (RFC 9580 section 7)."""
    inside = False
    for number, line in enumerate(lines):
        if line.startswith("-----BEGIN PGP SIGNED MESSAGE-----") or (
            number and marks[number - 1] is Mark.SIGNATURE and line.startswith("Hash: ")
        ):
            marks[number] = Mark.SIGNATURE
        inside = inside or line.startswith("-----BEGIN PGP SIGNATURE-----")
        if inside and marks[number] is Mark.OWN:
            marks[number] = Mark.SIGNATURE
        inside = inside and not line.startswith("-----END PGP SIGNATURE-----")
