"""Sections: a policy text (Markdown, HTML or plain) cut at its headings into passages that can be read on their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_PASSAGE = 1_200  # characters, some 180 words: what a reader takes in at a glance
_LONGEST_HEADING = 90
_NUMBERED = re.compile(
    r"(?:§\s*\d+[a-z]?\.?|\d+(?:\.\d+)*[.):]?|[IVXLC]+[.)]|[^\W\d_][.)]|(?:Article|Artikel|Section|Art\.?)\s+\d+[.:]?)\s+"
)
_UNSEEN = "script, style, nav, template, noscript, svg, form, header, footer, head"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt")
_BLOCKS = frozenset(("p", "li", "td", "th", "dd", "blockquote", "pre", "figcaption", "address"))
_END = (".", "!", "?", ",", ";")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a policy that stands below one heading."""

    source: str
    """The file's name."""
    headings: tuple[str, ...]
    """From the outermost to the one right above it; empty where the text begins without one."""
    text: str = field(repr=False)

    @property
    def heading(self) -> str:
        """The heading right above, or the file's name."""
        return self.headings[-1] if self.headings else self.source


Line = tuple[int, str]
"""A heading's level (1 to 6) and words, or 0 and a paragraph."""


def passages_of(source: str, content: str) -> list[Passage]:
    """The passages of one file, in order; `source` is its name, and its ending (.md, .html, anything else) tells how it is read."""
    ending = source.rpartition(".")[2].casefold()
    if ending in ("html", "htm", "xhtml"):
        lines = _of_html(content)
    elif ending in ("md", "markdown"):
        lines = _of_html(MarkdownIt("commonmark", {"html": False}).enable("table").render(content))
    else:
        lines = _of_text(content)
    return list(_joined(source, lines))


def _joined(source: str, lines: Iterable[Line]) -> Iterator[Passage]:
    """What stands between two headings, cut where it is long."""
    above: list[Line] = []
    paragraphs: list[str] = []
    for level, words in (*lines, (1, "")):
        if level == 0:
            paragraphs.append(words)
            continue
        headings = tuple(heading for _, heading in above)
        yield from (Passage(source, headings, piece) for piece in _pieces(paragraphs))
        above = [line for line in above if line[0] < level] + [(level, words)]
        paragraphs = []


def _pieces(paragraphs: Iterable[str]) -> Iterator[str]:
    """Paragraphs together as long as they are short together; a very long one is cut between its sentences."""
    held = ""
    for paragraph in (part for whole in paragraphs for part in _cut(whole)):
        if held and len(held) + len(paragraph) > LONGEST_PASSAGE:
            yield held
            held = ""
        held = f"{held}\n{paragraph}" if held else paragraph
    if held:
        yield held


def _cut(paragraph: str) -> Iterator[str]:
    if len(paragraph) <= LONGEST_PASSAGE:
        yield paragraph
        return
    held = ""
    for sentence in _SENTENCE_END.split(paragraph):
        if held and len(held) + len(sentence) > LONGEST_PASSAGE:
            yield held
            held = ""
        held = f"{held} {sentence}".strip()
        while len(held) > LONGEST_PASSAGE:
            yield held[:LONGEST_PASSAGE]
            held = held[LONGEST_PASSAGE:]
    if held:
        yield held


def _of_html(content: str) -> Iterator[Line]:
    tree = LexborHTMLParser(content)
    for node in tree.css(_UNSEEN):
        node.decompose()
    if tree.body is not None:
        yield from _walk(tree.body)


def _walk(node: LexborNode) -> Iterator[Line]:
    """Headings and the innermost blocks; text that stands in no block is a paragraph of its own."""
    for child in node.iter(include_text=True):
        words = _flat(child.text(deep=True, separator=" "))
        if not words:
            continue
        if child.tag in _HEADINGS:
            yield (int(child.tag[1]) if child.tag[0] == "h" else 6), words[:_LONGEST_HEADING]
        elif child.tag in _BLOCKS or not _holds_blocks(child):
            yield 0, words
        else:
            yield from _walk(child)


def _holds_blocks(node: LexborNode) -> bool:
    return node.tag != "-text" and node.css_first(", ".join((*_HEADINGS, *_BLOCKS, "div", "section"))) is not None


def _of_text(content: str) -> Iterator[Line]:
    """Blocks between blank lines; a short first line without a full stop is a heading, above all one with a number."""
    for block in re.split(r"\n\s*\n", content.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        first = lines[0]
        if _is_heading(first, lines[1:]):
            yield _level(first), first.strip("#*_=-: ") or first
            lines = [line for line in lines[1:] if line.strip("=-")]
        if lines:
            yield 0, " ".join(lines)


def _is_heading(line: str, below: list[str]) -> bool:
    """Below a heading that has no number stands a sentence, or a blank line."""
    words = len(line.split())
    if len(line) > _LONGEST_HEADING or line.endswith(_END):
        return False
    if line.isupper() or (_NUMBERED.match(line) and words < 12):
        return True
    return words < 9 and (not below or below[-1].endswith(_END[:3]))


def _level(heading: str) -> int:
    """`2.1` stands below `2`; a line in capitals above all."""
    number = re.match(r"\d+(?:\.\d+)*", heading)
    if number:
        return min(2 + number[0].count("."), 6)
    return 1 if heading.isupper() else 2


def _flat(text: str) -> str:
    return " ".join(text.split())
