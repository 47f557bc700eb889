"""Parsing: exact words of real bytes, and no bytes whatever that stop it."""

import email
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.inquiry import Address, Inquiry, Source
from bot.parsing import parse_email, parse_slack
from bot.screening import Policy, screen

MAILS = Path(__file__).parent / "mail"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
SAMPLES = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]


def mail(name: str) -> Inquiry:
    return parse_email((MAILS / f"{name}.eml").read_bytes(), NOW)


def read(raw: str | bytes) -> Inquiry:
    return parse_email(raw.encode() if isinstance(raw, str) else raw, NOW)


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("person_latin1", "Löschung", "Bitte löschen Sie alle Daten über mich."),
        ("person_utf8_called_latin1", "Loeschung", "Bitte löschen Sie „alles“ über mich."),
        ("person_cp1252_undeclared", "Loeschung", "Bitte löschen Sie „alles“ – für 20 €."),
        ("person_japanese", "削除の依頼", "私のデータを削除してください。"),
        ("person_html_only", "Erasure of my data", "Please send me a copy of my data.\n\nUse this form (https://example.org/x)."),
        ("person_forwards_attached", "Fwd: my data", "Which data of mine do you hold?"),
        ("person_bottom_post", "Re: Your newsletter", "Stop sending me these."),
        ("person_broken_headers", "Änderung meiner Ä broken=3", "Please correct my name."),
    ],
)
def test_the_exact_words_come_out(name: str, subject: str, text: str) -> None:
    assert (mail(name).subject, mail(name).text) == (subject, text)


def test_a_stub_beside_html_is_not_the_message() -> None:
    assert mail("person_stub_plain").text.startswith("I object to the use of my address")


def test_odd_headers_are_read_or_left_empty() -> None:
    inquiry = mail("person_broken_headers")
    assert inquiry.sender == Address("zoe@example.org", "Zoë Müll")
    assert inquiry.message_id == "<zoe-without-brackets@example.org>"
    assert inquiry.thread_ids == ("<a1@acme.example>", "<r2@acme.example>", "<r1@acme.example>")
    assert inquiry.sent_at is None
    assert mail("person_no_from_no_date").sender == Address("", "")


def test_a_group_that_took_the_place_of_the_writer_gives_it_back() -> None:
    assert mail("person_group_rewritten").sender == Address("jana@example.org", "Jana Beispiel")


def test_two_files_of_one_name_keep_apart() -> None:
    part = "--b\nContent-Type: application/pdf; name=a.pdf\n\nx\n"
    names = [file.name for file in read(f"Content-Type: multipart/mixed; boundary=b\n\n{part * 3}--b--").attachments]
    assert names == ["a.pdf", "a (2).pdf", "a (3).pdf"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("person_pgp", "encrypted"),
        ("person_smime_encrypted", "encrypted"),
        ("person_winmail", "winmail.dat"),
        ("person_cp1252_undeclared", "charset guessed"),
    ],
)
def test_what_hinders_reading_is_named(name: str, problem: str) -> None:
    assert mail(name).problems == (problem,)


def test_encrypted_multipart_is_named() -> None:
    raw = "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n"
    assert "encrypted" in read(raw).problems


def test_nul_bytes_never_reach_the_text() -> None:
    inquiry = read(b"From: a\x00b@example.org\nSubject: a\x00b\n\nhe\x00llo\n")
    assert "\0" not in inquiry.subject + inquiry.text + inquiry.body + inquiry.sender.address + repr(inquiry.headers)
    assert inquiry.text == "hello"


@pytest.mark.parametrize(
    "charset", ["", "unknown-8bit", "x-nonsense", "punycode", "zip", "base64", "utf-16", "idna", "a\x00b", "ä", "undefined"]
)
def test_a_charset_nobody_knows_costs_no_words(charset: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\n\n".encode() + "Bitte löschen".encode()
    assert read(raw).text == "Bitte löschen"


def test_a_few_broken_characters_do_not_spoil_the_others() -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\n\n" + "Größe, Höhe, Länge: ".encode() + b"\xff"
    assert read(raw).text.startswith("Größe, Höhe, Länge")


@pytest.mark.parametrize(("encoding", "body"), [
    ("base64", "aGVsbG8gdGhlcmU"), ("base64", "aGVs!bG8g\n dGhlcmU=="), ("quoted-printable", "hel=\nlo=20there="),
    ("x-uuencode", "begin 644 a\n+:&5L;&\\@=&AE<F4 \n`\nend"),
    ("8BIT ; x", "hello there"), ("no-such-thing", "hello there"), ("7bit", "hello there"),
])  # fmt: skip
def test_transfer_encodings(encoding: str, body: str) -> None:
    assert read(f"Content-Transfer-Encoding: {encoding}\n\n{body}").text == "hello there"


def test_a_mail_without_headers_or_boundary_loses_nothing() -> None:
    assert read("please erase my data\nthank you").text == "please erase my data\nthank you"
    broken = read("Content-Type: multipart/mixed; boundary=nowhere\n\nplease erase my data\n")
    assert (broken.text, broken.problems) == ("please erase my data", ("unreadable part",))


def test_a_second_copy_is_the_same_message_and_another_is_not() -> None:
    raw = (MAILS / "person_plain.eml").read_bytes()
    copy = b"Received: from a.example by b.example\nDelivered-To: x@acme.example\n" + raw.replace(b"\n", b"\r\n") + b"\r\n"
    folded = raw.replace(b"Subject: Erasure of", b"Subject: Erasure\n of")
    later = NOW + timedelta(days=1)
    assert {parse_email(one, later).external_id for one in (raw, copy, folded)} == {parse_email(raw, NOW).external_id}
    assert parse_email(raw.replace(b"erase", b"send"), NOW).external_id != parse_email(raw, NOW).external_id
    assert parse_email(raw.replace(b"<jana-1@", b"<jana-2@"), NOW).external_id != parse_email(raw, NOW).external_id


def test_two_equal_letters_without_id_and_date_are_two() -> None:
    raw = b"From: jana@example.org\nSubject: x\n\nStop."
    assert parse_email(raw, NOW).external_id == parse_email(raw, NOW).external_id
    assert parse_email(raw, NOW).external_id != parse_email(raw, NOW + timedelta(seconds=1)).external_id


def nested(depth: int) -> bytes:
    levels = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return b"From: a@example.org\nSubject: deep\n" + levels + b"Content-Type: text/plain\n\nhello\n"


@pytest.mark.parametrize(("raw", "problem"), [
    (nested(1_000), "too deep"),
    (b"From: a@example.org\nContent-Type: message/rfc822\n\n" * 1_000 + b"\nhello", "too deep"),
    (b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000, "too many parts"),
    (b"From: a@example.org\n\n" + b"word " * 500_000, "too large"),
])  # fmt: skip
def test_bombs_are_named_and_read_in_part(raw: bytes, problem: str) -> None:
    inquiry = read(raw)
    assert problem in inquiry.problems
    assert inquiry.sender.address == "a@example.org"
    assert 0 < len(inquiry.body) <= 1_000_100


@pytest.mark.parametrize("head", [b"From: " + b"<" * 300_000, b"To: " + b'"' * 300_000, b"Subject: " + b"=?a?q?" * 50_000,
                                  b"Content-Type: text/plain" + b" ;x" * 90_000,
                                  b"a:b\n" * 100_000, b"Subject: x\n" + b" y\n" * 100_000,
                                  b"References: " + b"<a@b> " * 60_000, b"Content-Type: text/plain" + b" " * 300_000])  # fmt: skip
def test_monstrous_headers_come_back(head: bytes) -> None:
    assert read(head + b"\n\nhello").source is Source.MAIL


def test_a_defeated_reader_still_gives_what_the_headers_show() -> None:
    no_time = cast(datetime, None)  # what a caller must not do stands here for what no test can foresee
    inquiry = parse_email(b"From: Jana <Jana@example.org>\nSubject: Erase me\n\nhello", no_time)
    assert inquiry.problems == ("unreadable: AttributeError",)
    assert (inquiry.sender.address, inquiry.subject) == ("jana@example.org", "Erase me")


def sound(inquiry: Inquiry) -> None:
    assert not any(problem.startswith("unreadable:") for problem in inquiry.problems), inquiry.problems
    texts = (inquiry.text, inquiry.body, inquiry.quoted, inquiry.subject, inquiry.sender.name, *(file.name for file in inquiry.attachments))
    for text in texts:
        assert "\0" not in text
        text.encode("utf-8")
    assert not any(mark in file.name for file in inquiry.attachments for mark in "/\\\n")
    screen(inquiry, POLICY)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_stop_it(raw: bytes) -> None:
    sound(read(raw))


PIECES = [b"From: ", b"Subject: =?utf-8?q?=C3", b"Content-Type: multipart/mixed; boundary=", b"Content-Type: text/html; charset=", b"--b",
          b"\n\n", b"\r\n", b"\x00",
          b"Content-Transfer-Encoding: base64\n", b"filename*0*=", b"Date: Mon, ", b"<", b">", b'"', b"=", b"\xff\xfe", b"<div ",
          b"&#0;", b"message/rfc822", b"\xc3", b";"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 60), st.sampled_from(PIECES)), max_size=6))
def test_no_mutation_of_a_mail_stops_it(raw: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for position, length, piece in changes:
        raw = raw[:position] + piece + raw[position + length :]
    sound(read(raw))


def with_attachment(text: str) -> EmailMessage:
    built = EmailMessage()
    built.set_content(text)
    built.add_alternative(f"<p>{text}</p>", subtype="html")
    built.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename="Brief ä.bin")
    return built


def simple(text: str) -> EmailMessage:
    built = EmailMessage()
    built.set_content(text, cte="base64" if len(text) % 2 else "quoted-printable")
    return built


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60),
    st.sampled_from([simple, with_attachment]),
)
def test_it_reads_what_the_standard_library_writes(word: str, build: Callable[[str], EmailMessage]) -> None:
    built = build(f"begin {word} end")
    built["Subject"] = f"about {word}"
    raw = built.as_bytes()
    inquiry = read(raw)
    assert f"begin {word} end" in inquiry.body
    assert inquiry.subject == f"about {word}"
    standard = [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if part.get_filename()]
    assert [file.content for file in inquiry.attachments] == standard


def test_slack_text_is_made_readable() -> None:
    event = {
        "channel": "C1", "ts": "1790.1", "thread_ts": "1789.9", "user": "U9", "files": [{"id": "F1"}],
        "text": "<@U123> <!here> <mailto:Jana@example.org|Jana@example.org> writes:\n&gt; erase &amp; tell me\n"
        "<https://example.org/a|the form> <https://example.org>",
    }  # fmt: skip
    inquiry = parse_slack(event, NOW)
    assert inquiry.text == "@U123 @here Jana@example.org writes:\nerase & tell me\nthe form (https://example.org/a) https://example.org"
    assert (inquiry.external_id, inquiry.sender, inquiry.source) == ("s:C1:1790.1", Address("jana@example.org"), Source.SLACK)
    assert inquiry.place is not None
    assert (inquiry.place.thread_ts, inquiry.place.user) == ("1789.9", "U9")
    assert inquiry.problems == ("files left in Slack",)


@pytest.mark.parametrize("text", ["no address", "a@example.org and b@example.org", None])
def test_slack_without_exactly_one_address_names_nobody(text: str | None) -> None:
    assert parse_slack({"text": text, "channel": "C1", "ts": "1.1"}, NOW).sender == Address("")


def test_nothing_personal_in_a_repr() -> None:
    shown = repr(mail("person_attachment")) + repr(mail("person_forwards_attached"))
    assert not any(word in shown for word in ("jana@", "Beispiel", "identity", "Olga", "erase"))
