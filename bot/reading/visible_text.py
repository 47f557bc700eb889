"""A mail's own words told from what it carries along: quotes of earlier mail, forwarded mail, signature, disclaimer.

Line by line and in linear time; what is not clearly carried along stays the writer's own words, above, below or between quotes.
"""

from dataclasses import dataclass

from bot.reading.client_words import PASSED_ON
from bot.reading.marks import BY_MARKUP, Mark, joined, unmarked
from bot.reading.quotes import is_marked_quote, mark_citation, mark_earlier_mail, mark_lookalikes
from bot.reading.signatures import mark_armour, mark_notices, mark_signatures

MAX_LINES = 20_000  # beyond it lines are taken as they are


@dataclass(frozen=True, slots=True)
class VisibleText:
    """The parts of a mail's text. `text` is what to act on: the own words, or the words passed on where there are no own."""

    text: str
    quoted: str = ""
    signature: str = ""
    disclaimer: str = ""


def separate(body: str, forwarded: str = "") -> VisibleText:
    """Tell the own words from the rest; `forwarded` is the text of mails attached to this one (message/rfc822)."""
    parts, quoted, passed_on = _parts(body)
    own = parts[Mark.OWN]
    if (passed_on or forwarded) and (not own or _passes_on(own)):
        own = joined([own, "", _words_passed_on(passed_on or forwarded)])
    own = own or passed_on or parts[Mark.SIGNATURE] or parts[Mark.DISCLAIMER] or quoted
    return VisibleText(unmarked(own), joined([quoted, "", unmarked(forwarded)]), parts[Mark.SIGNATURE], parts[Mark.DISCLAIMER])


def _words_passed_on(text: str) -> str:
    """The words of the one whose mail was passed on, perhaps several times."""
    own = ""
    for _ in range(3):
        parts, quoted, passed_on = _parts(text)
        own = joined([own, "", parts[Mark.OWN]])
        if parts[Mark.OWN] and not _passes_on(parts[Mark.OWN]):
            return own
        if not passed_on:
            return joined([own, "", parts[Mark.SIGNATURE] or parts[Mark.DISCLAIMER] or quoted])
        text = passed_on
    return joined([own, "", text])


def _parts(body: str) -> tuple[dict[Mark, str], str, str]:
    """The lines of each kind; quotes with what introduces them; and the quoted words alone, one level of marks taken away."""
    lines, marks = _marked(body.split("\n", MAX_LINES))
    kinds = (Mark.OWN, Mark.SIGNATURE, Mark.DISCLAIMER)
    parts = {mark: joined(line for line, its in zip(lines, marks, strict=True) if its is mark) for mark in kinds}
    quoted = joined(line for line, its in zip(lines, marks, strict=True) if its in {Mark.QUOTE, Mark.FRAME})
    return parts, quoted, joined(_unquoted(line) for line, its in zip(lines, marks, strict=True) if its is Mark.QUOTE)


def without_quote_marks(text: str) -> str:
    """The text with one level of `>` marks taken away."""
    return joined(_unquoted(line) for line in text.split("\n"))


def _passes_on(own: str) -> bool:
    return own.casefold().rstrip(" .:!") in PASSED_ON


def _unquoted(line: str) -> str:
    bare = line.lstrip()
    return bare[1:].removeprefix(" ") if bare.startswith(">") else line


def _marked(lines: list[str]) -> tuple[list[str], list[Mark]]:
    """The lines without the marks that the reader of HTML wrote before them, and what each line is."""
    marks = [BY_MARKUP.get(line[:1]) or (Mark.QUOTE if is_marked_quote(line) else Mark.OWN) for line in lines]
    mark_lookalikes(lines, marks)
    by_markup = any(line[:1] in BY_MARKUP for line in lines)
    lines = [line[1:] if line[:1] in BY_MARKUP else line for line in lines]
    if len(lines) > MAX_LINES:
        lines[-1] = unmarked(lines[-1])
    mark_earlier_mail(lines, marks)
    if not by_markup:
        mark_citation(lines, marks)
    mark_armour(lines, marks)
    mark_notices(lines, marks)
    mark_signatures(lines, marks)
    return lines, marks
