"""Where earlier mail begins in a text: `>` marks, lines such as "On ..., ... wrote:", header blocks, and lines between dashes."""

import re

from bot.reading.marks import BLANKS, Mark, is_rule
from bot.reading.quote_words import FORWARDED_BY, KINDS, OPENERS, QUOTING, SEPARATORS, SPEAKING, WROTE, YOU_WROTE

MAX_ATTRIBUTION = 400  # characters of a line such as "On ..., ... wrote:"
MAX_ATTRIBUTION_LINES = 4  # over which such a line is folded
MAX_HEADER_BLOCK = 14  # lines; recipients fill several

_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}[時时点시]")
_DATE = re.compile(r"(?:19|20)\d\d|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)|(?:25|14)\d\d(?!\d)")  # also Buddhist and Hijri years
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_BRACKETED = re.compile(r"(?:[<(\[]|&lt;)\s?[^\s@<>]{1,64}@")
_LETTER = re.compile(r"[^\W\d_]|\+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_RUN_ON = re.compile(r"(.{20,300}?:)[ \xa0]{2,}\S")  # an attribution and, behind blanks, the first words of the quote
MAX_CITATION = 8  # lines; more below "see below:" is the mail that is answered
_FOLDED_FROM = 60  # characters; no client folds shorter lines
_DASHES = "-_=*:>~–—‐‑―─ \t\xa0"
_DASH_STARTS = tuple("-_=*~–—‐‑―─")


def is_marked_quote(line: str) -> bool:
    """The line begins with `>`, perhaps written as HTML writes it."""
    bare = line.lstrip(BLANKS)
    return bare.startswith((">", "&gt;"))


def mark_lookalikes(lines: list[str], marks: list[Mark]) -> None:
    """Lines that begin with `>` and are no quote, and the rest of a folded quoted line that begins without one."""
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if marks[number] is Mark.QUOTE and line.startswith(">"):
            alone = not {Mark.QUOTE} & {*marks[max(number - 1, 0) : number], *marks[number + 1 : number + 2]}
            folded = marks[number - 1] is Mark.OWN and _closes_address(above, line)
            if folded or _between_arrows(line) or line.rstrip(BLANKS).endswith("<<"):
                marks[number] = Mark.OWN
            elif alone and line.startswith(">From "):  # mailbox files escape a line so (RFC 4155)
                marks[number], lines[number] = Mark.OWN, line[1:]
        elif marks[number] is Mark.OWN and _goes_on(lines[max(number - 1, 0) : number + 2]):
            marks[number] = Mark.QUOTE


def _between_arrows(line: str) -> bool:
    """GroupWise writes `>>> Acme <news@acme.example> 11/2/2026 8:00 AM >>>`."""
    bare = line.strip(BLANKS)
    return len(bare) < 200 and bare.startswith(">>> ") and bare.endswith(" >>>") and bool(_DATE.search(bare))


def _closes_address(above: str, line: str) -> bool:
    """The fold fell between an address and its bracket: `... <news@acme.example`, then `>:` or `> wrote:`."""
    return len(line) < 80 and line.rstrip(BLANKS).endswith(":") and ">" not in above[(start := above.rfind("<")) :] and "@" in above[start:]


def _goes_on(lines: list[str]) -> bool:
    """A word or two in the middle of a sentence, with quoted lines close above and below: a client folded the line above."""
    if len(lines) < 3 or not 0 < len(lines[1]) < 40 or not lines[1][:1].islower():
        return False
    above, below = lines[0].rstrip(BLANKS), lines[2].lstrip("> " + BLANKS)
    quoted = above.startswith(">") and lines[2].startswith(">")
    return quoted and len(above) >= _FOLDED_FROM and not above.endswith((".", "?", "!", ":")) and below[:1].islower()


def mark_earlier_mail(lines: list[str], marks: list[Mark]) -> None:
    """Frames, and what they introduce: the quoted lines that follow or, where none follow, all the rest."""
    for number in range(len(lines)):
        if not lines[number].strip() or (marks[number] is not Mark.OWN and not _begins_frame(marks, number)):
            continue
        frame = _frame_at(lines, number, marks)
        if frame is None:
            if is_rule(lines[number]) and _leads_to_quote(lines, marks, number):
                marks[number] = Mark.FRAME
            continue
        first, last, certain = frame
        following = _next_filled(lines, last + 1)
        quote_is_marked = following is not None and marks[following] in {Mark.QUOTE, Mark.FRAME}
        if not quote_is_marked and not certain:
            continue
        first = _with_rule_above(lines, first, marks)
        marks[first : last + 1] = [Mark.FRAME] * (last + 1 - first)
        if not quote_is_marked and following is not None:
            marks[last + 1 :] = [Mark.QUOTE] * (len(lines) - last - 1)
            return


def mark_citation(lines: list[str], marks: list[Mark]) -> None:
    """One run of `>` below the writer's own "Article 17 says:", in a mail that shows no client's line, is part of the letter."""
    quoted = [number for number, mark in enumerate(marks) if mark is Mark.QUOTE]
    if not quoted or Mark.FRAME in marks or quoted[-1] - quoted[0] >= MAX_CITATION:
        return
    first, end = quoted[0], quoted[-1] + 1
    own_between = any(marks[number] is not Mark.QUOTE and lines[number].strip(BLANKS) for number in range(first, end))
    above = [line.strip(BLANKS) for line in lines[max(first - 2, 0) : first] if line.strip(BLANKS)]
    if not own_between and above and _announces(above[-1].casefold()):
        marks[first:end] = [Mark.OWN] * (end - first)


def _announces(line: str) -> bool:
    """A line of the writer's that ends in a colon, with nothing in it that a client writes."""
    told = _ADDRESS.search(line) or _CLOCK.search(line) or _DATE.search(line) or _has_verb(line) or line.startswith(QUOTING)
    return " " in line and line.endswith((":", "：")) and not told


def _begins_frame(marks: list[Mark], number: int) -> bool:
    """The first line of what a client's mark-up calls a frame; the text below it may be without mark-up."""
    return marks[number] is Mark.FRAME and (number == 0 or marks[number - 1] is not Mark.FRAME)


def _leads_to_quote(lines: list[str], marks: list[Mark], number: int) -> bool:
    following = _next_filled(lines, number + 1)
    return following is not None and marks[following] in {Mark.QUOTE, Mark.FRAME}


def _with_rule_above(lines: list[str], first: int, marks: list[Mark]) -> int:
    """A line of dashes, also with words between them in a language we don't know, belongs to the header block below it."""
    for above in range(first - 1, max(first - 3, -1), -1):
        bare = lines[above].strip(BLANKS)
        if bare and marks[above] is Mark.OWN:
            dashed = len(bare) < 120 and bare.startswith("---") and bare.endswith("---")
            return above if is_rule(bare) or dashed or bare.casefold() in SEPARATORS else first
    return first


def _frame_at(lines: list[str], number: int, marks: list[Mark]) -> tuple[int, int, bool] | None:
    """First line, last line and certainty of a frame that is recognised at line `number`."""
    line = lines[number]
    if _is_separator(line) or (number and is_rule(lines[number - 1]) and _is_separator(f"{line}:")):
        return number, _end_of_introduction(lines, number), True
    end = header_block_end(lines, number)
    if end is not None:
        return number, end, True
    if _between_arrows(line) or _runs_on(line):
        return number, number, True
    bare = line.rstrip(BLANKS + "*")
    if bare.endswith((":", "：", "---")) and not is_rule(bare):
        return _attribution(lines, number, marks)
    return (number, number, False) if _lacks_colon(bare[:MAX_ATTRIBUTION].casefold()) else None


def _lacks_colon(text: str) -> bool:
    """Some clients end the line above a quote with a name: `Am 02.11.26 um 08:00 schrieb Acme`."""
    return bool(_opens(text) and _CLOCK.search(text) and _DATE.search(text) and _has_verb(text))


def _runs_on(line: str) -> bool:
    """Yahoo's app writes no line end between "On ... wrote:" and the quote."""
    attribution = _RUN_ON.match(line.lstrip(BLANKS)[:400]) if ":  " in line[:400] or ":\xa0" in line[:400] else None
    if attribution is None:
        return False
    text = attribution[1].casefold()
    return bool(_certainty(text) and _ADDRESS.search(text) and _DATE.search(text) and _opens(text))


def _end_of_introduction(lines: list[str], number: int) -> int:
    """Below "-----Original Message-----" stands its header block or its "On ... wrote:", which is frame as well."""
    following = _next_filled(lines, number + 1)
    if following is None:
        return number
    end = header_block_end(lines, following)
    if end is not None:
        return end
    for last in range(following, min(following + MAX_ATTRIBUTION_LINES, len(lines))):
        text = " ".join(lines[following : last + 1])
        if not lines[last].strip(BLANKS) or len(text) > MAX_ATTRIBUTION:
            break
        if text.rstrip(BLANKS).endswith((":", "：")):
            return last if _certainty(text.casefold()) else number
    return number


def _is_separator(line: str) -> bool:
    bare = line.strip(BLANKS)
    if len(line) > 160 or not (bare.startswith((*_DASH_STARTS, "#", "[")) or bare.endswith((":", "："))):
        return False
    words = bare.strip(_DASHES + "#[].").casefold()
    return words in SEPARATORS or (words.startswith(FORWARDED_BY) and bare.startswith("--"))


def header_block_end(lines: list[str], number: int) -> int | None:
    """The last line of a From/Sent/To/Subject block beginning at `number`, or None; bounded look-ahead.

    A block that does not begin with its sender must name sender, date and one more: people write "Subject:" above their own letters.
    One without a subject must show a mailbox: "From: London, To: Paris, Date:" is a journey.
    """
    first = _kind_of(lines[number])
    if not first:
        return None
    kinds, last = {first}, number
    for ahead in range(number + 1, min(number + MAX_HEADER_BLOCK, len(lines))):
        if not lines[ahead].strip(BLANKS):
            if len(kinds) > 1 and not (ahead + 1 < len(lines) and _kind_of(lines[ahead + 1])):
                break
            continue
        kind = _kind_of(lines[ahead])
        if kind:
            kinds.add(kind)
            last = ahead
        elif len(kinds) == 1 and first != "from":
            return None
    needed = len(kinds) >= 3 and "from" in kinds and bool(kinds & ({"date", "subject"} if first == "from" else {"date"}))
    addressed = "subject" in kinds or any("@" in line for line in lines[number : last + 1])
    return last if needed and addressed else None


def _kind_of(line: str) -> str:
    """What a line such as `*Von:* Max` tells: from, to, date or subject; an empty string for other lines."""
    start = line[:60]
    if ":" not in start and "：" not in start:
        return ""
    label, _, rest = start.replace("：", ":").partition(":")
    kind = KINDS.get(label.strip("*_> " + BLANKS).casefold(), "")
    return kind if kind != "from" or _LETTER.search(rest) or len(line) > 60 else ""  # "from: 2026-01-01" names nobody


def _attribution(lines: list[str], last: int, marks: list[Mark]) -> tuple[int, int, bool] | None:
    """The up to four lines of "On ..., ... wrote:" that end at `last`.

    Certain, without marked lines below, only when a mailbox or a time of day stands in it: people write "In March you wrote:" themselves.
    """
    text = ""
    best: tuple[int, int, bool] | None = None
    for first in range(last, max(last - MAX_ATTRIBUTION_LINES, -1), -1):
        line = lines[first].strip(BLANKS).casefold()
        if not line or marks[first] is not marks[last] or len(line) + len(text) > MAX_ATTRIBUTION:
            break
        if best is not None and _is_complete(text) and not (_opens(line) and (_CLOCK.search(line) or _DATE.search(line))):
            break  # what stands above is the end of the own words
        text = f"{line} {text}"
        certain = _certainty(text)
        if certain is not None and (best is None or _opens(text) or _is_complete(text) or (certain and not best[2])):
            best = first, last, certain
    return best


def _is_complete(text: str) -> bool:
    """It begins as such lines begin, or with a name before the address."""
    return _opens(text) or text.find("<") > 0 or ("@" in text and not text.startswith("<"))


def _certainty(text: str) -> bool | None:
    """True where the lines surely introduce a quote, False where they do if a marked quote follows, None where they don't."""
    address, clock, date = _ADDRESS.search(text), _CLOCK.search(text), _DATE.search(text)
    if _has_verb(text) or text.startswith(QUOTING):
        return bool((address and "<" in text) or ((address or clock) and not _speaks(text)))
    if address and (clock or date) and _names_writer(text):  # languages whose verb we don't know, and clients that write none
        return bool(clock and date)
    return None


def _speaks(text: str) -> bool:
    """A person's sentence about what somebody wrote, no client's line."""
    return any(words in text for words in YOU_WROTE) or not SPEAKING.isdisjoint(_WORD.findall(text))


def _names_writer(text: str) -> bool:
    """`... Acme <news@acme.example>:` or `2. Nov. 2026, 08:00 by news@acme.example:`; people don't write so in a sentence."""
    return bool(_BRACKETED.search(text)) or (text[:1].isdigit() and "@" in text.rstrip(" :：").rpartition(" ")[2])


def _has_verb(text: str) -> bool:
    return any(verb in text for verb in WROTE)


def _opens(text: str) -> bool:
    start = text.lstrip(_DASHES)
    return start.partition(" ")[0] in OPENERS or start[:1].isdigit()


def _next_filled(lines: list[str], start: int) -> int | None:
    return next((number for number in range(start, min(start + 4, len(lines))) if lines[number].strip(BLANKS)), None)
