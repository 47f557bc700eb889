"""HTML made readable text: what a person would see, block elements as lines, quoted mail told apart by its mark-up.

Quotes in <blockquote> get `> ` as in plain text; lines of other quotes, of frames and of signatures begin with a character of `marks`.
"""

import html as entities
import re
from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.reading.charsets import clean
from bot.reading.html_marks import SKIPPED, Attributes, Role, is_hidden, role_of
from bot.reading.marks import CHARACTER_OF, Mark

MAX_TAGS = 20_000  # beyond it the parser's tree building gets slow (quadratic in nesting); tags are then cut out unparsed
MAX_CHARACTERS = 4_000_000  # of HTML, pictures written into it not counted
MAX_ADDRESS = 80  # characters of a link's address that a person would read

_LONG_TAG = re.compile(r"<[^<>]{2000,}>")  # pictures written into the page; thousands of attributes
_ANY_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"<(style|script|title)\b[^<>]{0,500}>[^<]*</\1\s{0,9}>|<!--[^<>]*-->", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u034f\u200b\u200c\u200d\u2060\ufeff\xad]+")
_PLAIN_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)?([^?#&=%]+?)/?")

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
        header hr li main nav ol p pre section summary table tbody tfoot thead tr ul caption""",
    )
)
_BARE = frozenset({"b", "i", "u", "br", "strong", "em", "tbody"})  # whose attributes tell nothing; looking at them takes time
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"})
NO_ATTRIBUTES: Attributes = MappingProxyType({})
_MARK_OF = {Role.QUOTE: Mark.QUOTE, Role.FRAME: Mark.FRAME, Role.SIGNATURE: Mark.SIGNATURE, Role.REST: Mark.FRAME}


def without_long_tags(html: str) -> str:
    """HTML without the pictures written into it; nothing that long holds words."""
    return _LONG_TAG.sub(" ", html) if len(html) > 2_000 else html


def to_text(html: str) -> str:
    """The visible text of the first 4,000,000 characters, in a time that no page can make long; long tags are to be taken out before."""
    html = html[:MAX_CHARACTERS]
    if html.count("<") > MAX_TAGS:
        return _without_tags(html)
    root = LexborHTMLParser(html).root
    return _Page().read(root) if root is not None else ""


def _without_tags(html: str) -> str:
    text = clean(entities.unescape(_ANY_TAG.sub("\n", _UNSEEN.sub("\n", html))))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class _Page:
    """Walks the tree once, in document order and without recursion, and writes lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.pictures: list[str] = []
        self.marks: list[Mark] = []
        self.quote_depth = 0
        self.verbatim = 0
        self.rest = False

    def read(self, root: LexborNode) -> str:
        node: LexborNode | None = root
        open_nodes: list[tuple[LexborNode, str, Role]] = []
        while node is not None:
            tag = node.tag or ""
            role = self._enter(node, tag)
            child = node.first_child if role is not None else None
            if role is not None and child is not None:
                open_nodes.append((node, tag, role))
                node = child
                continue
            if role is not None:
                self._leave(node, tag, role)
            while node.next is None and open_nodes:
                node, tag, role = open_nodes.pop()
                self._leave(node, tag, role)
            node = node.next if open_nodes else None
        self._end_line()
        return "\n".join(self.lines).strip("\n") or clean(" ".join(self.pictures))

    def _enter(self, node: LexborNode, tag: str) -> Role | None:
        """Write what stands before a node's children; None when they are not to be seen."""
        if tag == "-text":
            self._write(node.text_content or "")
            return None
        if tag in SKIPPED:
            return None
        attributes: Attributes = node.attributes if tag not in _BARE else NO_ATTRIBUTES
        if attributes and is_hidden(attributes):
            return None
        if tag == "br":
            self._end_line(blank=True)
        elif tag in _BLOCKS:
            self._start_block(tag)
        elif tag in {"td", "th"}:
            self.line.append(" ")
        elif tag == "img" and attributes.get("alt"):
            self.pictures.append(str(attributes["alt"])[:200])
        self.verbatim += tag == "pre"
        return self._take_role(tag, attributes)

    def _take_role(self, tag: str, attributes: Attributes) -> Role:
        role = role_of(tag, attributes, self.lines[-1] if self.lines and tag == "blockquote" else "")
        if role is Role.CITED:
            self.quote_depth += 1
        elif role is not Role.PLAIN:
            self._end_line()
            self.marks.append(_MARK_OF[role])
        return role

    def _leave(self, node: LexborNode, tag: str, role: Role) -> None:
        if tag in _BLOCKS or role is not Role.PLAIN:
            self._end_line()
        if tag == "a" and self.line:
            self._write_address(node.attributes.get("href") or "")
        if role is Role.CITED:
            self.quote_depth -= 1
        elif role is not Role.PLAIN:
            self.marks.pop()
            self.rest = self.rest or role is Role.REST
        self.verbatim -= tag == "pre"
        if tag in _SPACED:
            self._blank_line()

    def _start_block(self, tag: str) -> None:
        self._end_line()
        if tag == "hr":
            self._add("_" * 32)
        elif tag == "li":
            self.line.append("- ")

    def _write_address(self, href: str) -> None:
        """Behind a link's text its address, where it tells more and a person could read it."""
        plain = _PLAIN_ADDRESS.fullmatch(href.strip()) if len(href) <= MAX_ADDRESS else None
        if plain and href.startswith(("http", "mailto:")) and plain[1].removeprefix("www.").lower() not in "".join(self.line).lower():
            self.line.append(f" ({href.strip().removeprefix('mailto:')})")

    def _write(self, text: str) -> None:
        if not self.verbatim:
            self.line.append(_SPACES.sub(" ", text))
            return
        first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.line.append(first)
        for line in rest:
            self._end_line(blank=True)
            self.line.append(line)

    def _end_line(self, *, blank: bool = False) -> None:
        if not self.line:
            if blank:
                self._blank_line()
            return
        text = clean("".join(self.line))
        text = text.rstrip().replace("\n", " ") if self.verbatim else " ".join(text.split())
        self.line.clear()
        if text:
            self._add(text)
        elif blank:
            self._blank_line()

    def _add(self, text: str) -> None:
        mark = self.marks[-1] if self.marks else Mark.QUOTE if self.rest else None
        self.lines.append((CHARACTER_OF[mark] if mark and not self.quote_depth else "") + "> " * self.quote_depth + text)

    def _blank_line(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quote_depth).rstrip())
