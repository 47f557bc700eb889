"""Pictures in letters: beside the page that shows them, where every mail program looks for them, and the same bytes each time."""

from base64 import b64encode
from email.message import MIMEPart
from typing import Any

from tests.test_smtp import read, written

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
INLINE = [{"cid": f"{name}.0123@digest.privacybot", "name": f"{name}.png", "png": b64encode(PNG).decode()} for name in ("due", "trend")]
PAGE = '<p>Look: <img src="cid:due.0123@digest.privacybot" alt="x"> <img src="cid:trend.0123@digest.privacybot" alt="y"></p>'


def shape(part: "MIMEPart[Any, Any]") -> object:
    """Types, as they lie in one another."""
    return (part.get_content_type(), [shape(below) for below in part.iter_parts()]) if part.is_multipart() else part.get_content_type()


def test_they_lie_beside_the_page_within_the_alternative() -> None:
    letter = read(written(html=PAGE, inline=INLINE))
    related = ("multipart/related", ["text/html", "image/png", "image/png"])
    assert shape(letter) == ("multipart/alternative", ["text/plain", related])
    page = letter.get_body(("html",))
    assert page is not None and page.get_content_type() == "text/html"


def test_each_is_named_by_the_page_and_shown_in_it() -> None:
    letter = read(written(html=PAGE, inline=INLINE))
    pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<due.0123@digest.privacybot>", "<trend.0123@digest.privacybot>"]
    assert [part.get_content_disposition() for part in pictures] == ["inline", "inline"]
    assert [part.get_filename() for part in pictures] == ["due.png", "trend.png"]
    assert {part.get_payload(decode=True) for part in pictures} == {PNG}
    [related] = [part for part in letter.walk() if part.get_content_type() == "multipart/related"]
    assert related.get_param("type") == "text/html"  # RFC 2387 3.1


def test_the_same_notice_gives_the_same_bytes() -> None:
    assert written(html=PAGE, inline=INLINE) == written(html=PAGE, inline=INLINE)
    assert all(len(line) <= 998 for line in written(html=PAGE, inline=INLINE).split(b"\r\n"))


def test_a_letter_without_any_is_as_it_was() -> None:
    assert written(inline=[]) == written()
    assert shape(read(written(html="", inline=INLINE))) == "text/plain"
