"""What an element of an HTML mail is, as the clients mark it: quoted mail, the line above it, a signature, or not to be seen at all."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache

Attributes = Mapping[str, str | None]


class Role(Enum):
    """What an element holds."""

    PLAIN = auto()
    CITED = auto()  # shown with `> `, as in plain text
    QUOTE = auto()  # quoted, without marks
    FRAME = auto()
    REST = auto()  # a frame, and all that follows it is quoted
    SIGNATURE = auto()


SKIPPED = frozenset(
    {"head", "title", "style", "script", "template", "svg", "object", "audio", "video", "datalist", "select", "iframe",
     "-comment", "-doctype", "xml", "progress", "map"}
)  # fmt: skip
_INVISIBLE_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:\.0*)?(?:px|pt|em|%)?(?:;|$|!)|max-height:0(?:px)?(?:;|$|!)"
    r"|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|!|$).{0,200}overflow:hidden|overflow:hidden.{0,200};(?:max-)?height:0(?:px)?(?:;|!|$)"
    r"|opacity:0(?:\.0+)?(?:;|$|!)"
)
# By words in class, id, name, type and data-marker, in this order: the first that is found counts.
_WORDS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.REST, ("divrplyfwdmsg", "outlookmessageheader", "appendonsend")),
    (Role.FRAME, ("gmail_attr", "moz-cite-prefix", "moz-email-headers-table", "reply-intro", "zmail_extra_hr", "__headers__")),
    (Role.QUOTE, ("yahoo_quoted", "protonmail_quote", "tutanota_quote", "moz-forward-container", "mail-editor-reference-message-container",
                  "ms-outlook-mobile-reference-message", "zmail_extra", "__quoted_text__", "isreplycontent", "isforwardcontent",
                  "quoted-content", "front-blockquote", "sh-quoted-content", "airmail_original", "original-message",
                  "unibox-reply-quote", "ntes-mailmaster-quote", "reply_quote", "forwarded-message-content")),
    (Role.SIGNATURE, ("gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "applemailsignature",
                      "ms-outlook-mobile-body-separator", "signature_block", "zmail_signature", "yahoo_signature",
                      "mail-signature", "email-signature", "emailsignature", "gmx-signature", "airmailsignature", "sparksignature")),
)  # fmt: skip
_MARKED = re.compile("|".join(re.escape(word) for _, words in _WORDS for word in words) + "|cite|quote|signature", re.IGNORECASE)
_HINTS = (
    "quote", "cite", "border-top:",
    *(word for role, words in _WORDS if role is not Role.SIGNATURE for word in words if "quote" not in word),
)  # fmt: skip
_CITED = ("cite", "gmail_quote", "protonmail_quote", "yahoo_quoted", "tutanota_quote", "isreplycontent", "front-blockquote", "mail-quote")
_OUTLOOK_LINE = re.compile(r"border:none;border-top:solid#?[a-z0-9]{3,12}1(?:\.0)?pt;padding:3(?:\.0)?pt0")
_MAY_HOLD_MAIL = frozenset({"div", "p", "span", "td", "table", "tr", "section", "hr", "a"})
_TOLD_BY = ("class", "id", "name", "type", "data-marker")


def marks_quotes(html: str) -> bool:
    """Quick look: the page may have an element that is quoted mail by its mark-up."""
    page = html.lower()
    return any(word in page for word in _HINTS)


def is_hidden(attributes: Attributes) -> bool:
    """Not to be seen: preheaders, white-space tricks, what only Outlook hides."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style) and _is_invisible(str(style)[:2_000])


@lru_cache(maxsize=1_024)  # a page repeats few styles in thousands of elements
def _is_invisible(style: str) -> bool:
    return _INVISIBLE_STYLE.search("".join(style.lower().split())) is not None


def role_of(tag: str, attributes: Attributes, above: str) -> Role:
    """What the element is; `above` is the line of text before it, for a bare <blockquote> is how some clients indent own text."""
    if tag == "blockquote":
        marks = _marks(attributes)
        return Role.CITED if any(word in marks for word in _CITED) or _introduces(above) else Role.PLAIN
    if not attributes or tag not in _MAY_HOLD_MAIL:
        return Role.PLAIN
    marks = _marks(attributes) if not attributes.keys().isdisjoint(_TOLD_BY) else ""
    if marks and _MARKED.search(marks):
        return _role_by_words(tag, marks)
    style = attributes.get("style")
    if style and tag == "div" and _OUTLOOK_LINE.search("".join(style[:400].lower().split())):
        return Role.REST
    return Role.PLAIN


def _role_by_words(tag: str, marks: str) -> Role:
    for role, words in _WORDS:
        if any(word in marks for word in words):
            return role
    if tag == "div" and f" {marks} ".replace(" x_", " ").find(" signature ") >= 0:  # Outlook on the web: id="Signature"
        return Role.SIGNATURE
    return Role.QUOTE if marks.strip() == "quote" else Role.PLAIN  # GMX, web.de: <div name="quote">


def _marks(attributes: Attributes) -> str:
    return " ".join(value for name in _TOLD_BY if (value := attributes.get(name))).lower()[:400]


def _introduces(line: str) -> bool:
    """The line above looks like "On ..., ... wrote:", in whatever language."""
    return line.rstrip().endswith((":", "：")) and len(line) < 300 and ("@" in line or any(map(str.isdigit, line)))
