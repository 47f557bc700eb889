"""Fuzzing: mails of ours, damaged at random but the same on every run; none stops the parser, takes long to be read, or loses its words."""

import random
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.mails import demo_mails
from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.reading.html_text import to_text
from bot.reading.visible_text import separate
from bot.screening import Policy, screen

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "mail").glob("*.eml"))] + [mail.raw for mail in demo_mails()]
SCRAPS = [
    b"\n", b"\r\n", b"\r", b"\n\n", b"\0", b"\xff", b"\xc3", b"=", b"?=", b"=?utf-8?q?", b"=?x?b?", b"<", b">", b'"', b"(", b"\\", b";",
    b":",
    b"--", b"\n--b\n", b"\n> ", b"\n-- \n", b"\nOn 1.1.2026 at 10:00 a@b.example wrote:\n", b"\nFrom: a\nSent: b\nSubject: c\n",
    b"begin 644 a\n",
    b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=utf-7\n",
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data\n", b"Content-Type: application/ms-tnef\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n", b"Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1=x\n", b"\x1b$B",
    b"&#x1c;",
    b"<blockquote type=cite>", b"<div id=divRplyFwdMsg>", b"<style>", b"<!--", b"\x78\x9f\x3e\x22\0\0",
    b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02",
]  # fmt: skip


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The mail with one to eight damages: cut, doubled, swapped, overwritten, or a scrap put in."""
    for _ in range(chance.randint(1, 8)):
        first, last = sorted((chance.randrange(len(raw) + 1), chance.randrange(len(raw) + 1)))
        last = min(last, first + 200)
        kind = chance.randrange(5)
        if kind == 0:
            raw = raw[:first] + raw[last:]
        elif kind == 1:
            raw = raw[:last] + raw[first:]
        elif kind == 2:
            raw = raw[:first] + bytes(chance.randrange(256) for _ in range(last - first)) + raw[last:]
        elif kind == 3:
            other = chance.choice(SAMPLES)
            raw = raw[:first] + other[first:last] + raw[last:]
        else:
            raw = raw[:first] + chance.choice(SCRAPS) + raw[first:]
    return raw


def sound(inquiry: Inquiry) -> None:
    assert not any(problem.startswith("unreadable:") for problem in inquiry.problems), inquiry.problems
    texts = [inquiry.text, inquiry.body, inquiry.quoted, inquiry.subject, inquiry.sender.name, inquiry.sender.address, inquiry.message_id]
    texts += [value for values in inquiry.headers.values() for value in values] + [file.name for file in inquiry.attachments]
    for text in texts:
        text.encode("utf-8")
        assert not set(text) & {"\0", "\x1c", "\x1d", "\x1e"}
    assert inquiry.text.strip() or not inquiry.body.strip()
    screen(inquiry, POLICY)


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_stops_it(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(500):
        sound(parse_email(damaged(chance.choice(SAMPLES), chance), NOW))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS) | st.binary(max_size=30), max_size=40))
def test_no_heap_of_scraps_stops_it(scraps: list[bytes]) -> None:
    sound(parse_email(b"".join(scraps), NOW))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
def test_it_reads_the_subjects_that_the_standard_library_encodes(words: str) -> None:
    header = Header(words, "utf-8", header_name="Subject").encode()
    assert parse_email(f"Subject: {header}\n\nx".encode(), NOW).subject == " ".join(words.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<div>", "</div>", "<blockquote type=cite>", "</blockquote>", "<p>", "<div class=yahoo_quoted>",
    "<div class=gmail_attr>",
                                 "<div id=appendonsend>", "<pre>", "</pre>", "<td>", "word ", "On 1.1.2026 at 10:00 a@b.example wrote:",
                                 "<br>", "<hr>"]), max_size=30))  # fmt: skip
def test_no_page_loses_a_word(pieces: list[str]) -> None:
    visible = separate(to_text("".join(pieces)))
    kept = " ".join([visible.text, visible.quoted, visible.signature, visible.disclaimer])
    assert kept.count("word") >= pieces.count("word ")
