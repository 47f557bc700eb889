"""What a line of a mail is, and how the reader of HTML tells it to those who come later: by one control character before the line."""

import re
from collections.abc import Iterable
from enum import Enum, auto


class Mark(Enum):
    """What a line is."""

    OWN = auto()
    QUOTE = auto()
    FRAME = auto()  # the line or header block that introduces a quote
    SIGNATURE = auto()
    DISCLAIMER = auto()


# `clean` takes these characters out of all that comes from outside, so that nobody else can write them.
BY_MARKUP = {"\x1c": Mark.QUOTE, "\x1d": Mark.FRAME, "\x1e": Mark.SIGNATURE}
CHARACTER_OF = {mark: character for character, mark in BY_MARKUP.items()}
_ANY = re.compile("[\x1c-\x1e]")
# Direction marks and the like, which stand before and behind the words of right-to-left mails.
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
BLANKS = " \t\xa0\u3000" + INVISIBLE


def unmarked(text: str) -> str:
    """The text without the marks of lines."""
    return _ANY.sub("", text)


def joined(lines: Iterable[str]) -> str:
    """Lines as text, with at most one blank line between two."""
    kept: list[str] = []
    for line in lines:
        text = line.rstrip()
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip("\n")


def is_rule(line: str) -> bool:
    """A line drawn across the page: nothing but dashes, underscores, stars or the like, three at least."""
    bare = line.strip()
    return len(bare) >= 3 and not bare.strip("-_=*~#–—─━═＝－＿＊")
