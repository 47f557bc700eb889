"""HTML made readable text: what a person would see, block elements as lines, quoted mail marked with `> ` as in plain text."""

import html as entities
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TAGS = 20_000  # beyond it the parser's tree building gets slow (quadratic in nesting); tags are then cut out unparsed
MAX_CHARACTERS = 4_000_000  # of HTML, pictures written into it not counted

_LONG_TAG = re.compile(r"<[^<>]{2000,}>")  # pictures written into the page; thousands of attributes
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u200b\u200c\u200d\u2060\ufeff\xad]+")
_INVISIBLE_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%)?(?:;|$|!)|max-height:0(?:px)?(?:;|$|!)"
)

_SKIPPED = frozenset(
    {"head", "title", "style", "script", "template", "svg", "object", "audio", "video", "datalist", "-comment", "-doctype"}
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
        header hr li main nav ol p pre section summary table tbody tfoot thead tr ul""",
    )
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"})
_QUOTE_MARKS = ("gmail_quote", "protonmail_quote", "yahoo_quoted", "moz-cite", "tutanota_quote")


def without_long_tags(html: str) -> str:
    """HTML without the pictures written into it; nothing that long holds words."""
    return _LONG_TAG.sub(" ", html)


def to_text(html: str) -> str:
    """The visible text of the first 4,000,000 characters, in a time that no page can make long; long tags are to be taken out before."""
    html = html[:MAX_CHARACTERS]
    if html.count("<") > MAX_TAGS:
        return _without_tags(html)
    root = LexborHTMLParser(html).root
    return _Page().read(root) if root is not None else ""


def _without_tags(html: str) -> str:
    text = entities.unescape(_ANY_TAG.sub("\n", html))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class _Page:
    """Walks the tree once, in document order and without recursion, and writes lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quote_depth = 0
        self.verbatim = 0

    def read(self, root: LexborNode) -> str:
        node: LexborNode | None = root
        open_nodes: list[LexborNode] = []
        while node is not None:
            seen = self._enter(node)
            child = node.first_child if seen else None
            if child is not None:
                open_nodes.append(node)
                node = child
                continue
            if seen:
                self._leave(node)
            while node.next is None and open_nodes:
                node = open_nodes.pop()
                self._leave(node)
            node = node.next if open_nodes else None
        self._end_line()
        return "\n".join(self.lines).strip("\n")

    def _enter(self, node: LexborNode) -> bool:
        """Write what stands before a node's children; False when they are not to be seen."""
        tag = node.tag or ""
        if tag == "-text":
            self._write(node.text_content or "")
            return False
        if tag in _SKIPPED or _is_hidden(node):
            return False
        if tag == "br":
            self._end_line(blank=True)
        elif tag in _BLOCKS:
            self._start_block(tag)
        elif tag in {"td", "th"}:
            self.line.append(" ")
        self.quote_depth += _is_quote(node, tag)
        self.verbatim += tag == "pre"
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._end_line()
        self.quote_depth -= _is_quote(node, tag)
        self.verbatim -= tag == "pre"
        if tag in _SPACED:
            self._blank_line()

    def _start_block(self, tag: str) -> None:
        self._end_line()
        if tag == "hr":
            self.lines.append("_" * 32)
        elif tag == "li":
            self.line.append("- ")

    def _write(self, text: str) -> None:
        if not self.verbatim:
            self.line.append(_SPACES.sub(" ", text))
            return
        first, *rest = text.split("\n")
        self.line.append(first)
        for line in rest:
            self._end_line(blank=True)
            self.line.append(line)

    def _end_line(self, *, blank: bool = False) -> None:
        text = "".join(self.line)
        text = text.rstrip() if self.verbatim else " ".join(text.split())
        self.line.clear()
        if text:
            self.lines.append("> " * self.quote_depth + text)
        elif blank:
            self._blank_line()

    def _blank_line(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quote_depth).rstrip())


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attrs
    if "hidden" in attributes:
        return True
    style = attributes.get("style") or ""
    return bool(style) and _INVISIBLE_STYLE.search(style.replace(" ", "").lower()) is not None


def _is_quote(node: LexborNode, tag: str) -> bool:
    """Quoted mail, as the big clients mark it; a bare <blockquote> is how some of them indent their own text."""
    if tag == "blockquote":
        attributes = node.attrs
        marks = f"{attributes.get('class') or ''} {attributes.get('type') or ''}".lower()
        return "cite" in marks or any(mark in marks for mark in _QUOTE_MARKS)
    return False
