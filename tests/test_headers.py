"""Headers: addresses, dates and file names, in all the forms that clients give them."""

from datetime import UTC, datetime

import pytest

from bot.inquiry import Address, Inquiry
from bot.parsing import parse_email


def read(raw: str) -> Inquiry:
    return parse_email(raw.encode(), datetime(2026, 11, 3, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ('"Müller, Jörg" <J@Example.org>', Address("j@example.org", "Müller, Jörg")),
        ("Muster, Max <max@example.org>", Address("max@example.org", "Muster, Max")),
        ("max@example.org (Max Muster)", Address("max@example.org", "Max Muster")),
        ("=?utf-8?B?TWF4IDxtYXhAZXhhbXBsZS5vcmc+?=", Address("max@example.org", "Max")),
        ("<max@example.org", Address("max@example.org", "")),
        ("Max", Address("", "")),
        ("", Address("", "")),
        ('"Max <old@example.org>" <max@example.org>', Address("max@example.org", "Max <old@example.org>")),
        ("a@example.org, b@example.org", Address("a@example.org", "")),
    ],
)
def test_from_in_all_its_forms(value: str, sender: Address) -> None:
    assert read(f"From: {value}\nSubject: x\n\nhello").sender == sender


@pytest.mark.parametrize(
    "value", ["", "Mon, 99 Nov 2026 10:00:00 +0100", "Mon, 02 Nov 2026 10:00:00 +9999999", "Fri, 31 Dec 9999 23:59:59 -2359", "x" * 500]
)
def test_a_date_that_is_none_is_none(value: str) -> None:
    assert read(f"Date: {value}\n\nhello").sent_at is None


def test_a_date_without_zone_is_taken_as_utc() -> None:
    assert read("Date: Mon, 02 Nov 2026 10:00:00 -0000\n\nhello").sent_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename=C:\\temp\\id card.pdf", "id card.pdf"),
        ("attachment; filename*=utf-8''%C3%84mter%0A.pdf", "Ämter .pdf"),
        ('attachment; filename="=?utf-8?Q?=C3=84mter.pdf?="', "Ämter.pdf"),
        ('attachment; filename="harmless\u202efdp.exe"', "harmless fdp.exe"),
        ('attachment; filename="' + "a" * 400 + '.pdf"', "a" * 100 + ".pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a; filename*=x", "axb.pdf"),
        ("attachment", "attachment"),
    ],
)
def test_file_names_are_made_safe(header: str, name: str) -> None:
    inquiry = read(f"Content-Type: application/pdf\nContent-Disposition: {header}\n\nx")
    assert [file.name for file in inquiry.attachments] == [name]
