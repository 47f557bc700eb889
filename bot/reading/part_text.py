"""The words of one text part: charset, HTML, flowed and enriched text undone, uuencoded files taken out."""

import re

from bot.reading.charsets import clean, decode, transfer_decoded
from bot.reading.html_text import MAX_CHARACTERS, to_text, without_long_tags
from bot.reading.mime import Part, Tree
from bot.reading.text_formats import EncodedFile, from_calendar, from_enriched, take_uuencoded, unflow

MAX_ENCODED_TEXT = 12_000_000  # bytes of one text part that are decoded: pictures inside HTML come before the words
READABLE = frozenset({"text/plain", "text/html", "text/markdown", "text/enriched", "text/richtext", "text/x-plain", "text/x-markdown"})

_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def raw_text(part: Part, tree: Tree) -> str:
    """The part's characters as the sender wrote them, HTML still HTML."""
    if part.end - part.start > MAX_ENCODED_TEXT:
        tree.note("too large")
    encoded = part.raw[part.start : min(part.end, part.start + MAX_ENCODED_TEXT)]
    data = transfer_decoded(encoded, part.first("content-transfer-encoding").partition(";")[0])
    charset = part.parameters.get("charset", "")
    if part.media_type == "text/html" and not charset and (meta := _META_CHARSET.search(data[:4_096])):
        charset = meta[1].decode("ascii", "ignore")
    text, guessed = decode(data, charset)
    del encoded, data  # of a large mail each copy counts
    if guessed:
        tree.note("charset guessed")
    return clean(text)


def text_of(part: Part, tree: Tree) -> tuple[str, list[EncodedFile]]:
    """What the part says to a reader, and the files that were uuencoded into it."""
    text = raw_text(part, tree)
    if part.media_type == "text/html":
        return text_of_html(text, tree), []
    if part.media_type == "text/calendar":
        return from_calendar(text), []
    if part.media_type in {"text/enriched", "text/richtext"}:
        return from_enriched(text).strip("\n"), []
    text, files = take_uuencoded(text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return text.strip("\n"), files


def text_of_html(html: str, tree: Tree) -> str:
    """A page's visible text; its lines may begin with a mark."""
    html = without_long_tags(html)
    if len(html) > MAX_CHARACTERS:
        tree.note("too large")
    return to_text(html)
