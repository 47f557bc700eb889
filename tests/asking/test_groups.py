"""A mail group of ours that wrote itself into From: the writer asks; and a foreign From is never replaced."""

import pytest

from bot.asking.house import house_of, is_freemail
from bot.config import Config
from bot.inquiry import Address
from tests.asking.mails import asked
from tests.builders import config_data

JO = Address("jo@home.example", "Jo Doe")
REPLY = "Reply-To: Jo Doe <jo@home.example>\n"


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("'Jo Doe' via Privacy <privacy@example.test>", REPLY),
        ("'Jo Doe' via Privacy <privacy@example.test>", "Reply-To: jo@home.example\n"),
        ("Jo Doe via Info <info@example.test>", REPLY),
        ("Privacy <privacy@example.test>", REPLY),
        ("Privacy <privacy@example.test>", "X-Original-Sender: jo@home.example\nX-Original-From: Jo Doe <jo@home.example>\n"),
        ("'Jo Doe' via Privacy <privacy@example.test>", "X-Original-Sender: jo@home.example\nReply-To: privacy@example.test\n"),
        ("Jo Doe via Privacy <dsb@example.test>", "Reply-To: Privacy <privacy@example.test>, Jo Doe <jo@home.example>\n"),
    ],
)
def test_the_writer_asks(sender: str, headers: str) -> None:
    assert asked("Delete me.", sender=sender, headers=headers, subject="x").sender == JO


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("eve@evil.example", REPLY),
        ("Jo via Eve <eve@evil.example>", REPLY),
        ("Jo via Privacy <privacy@example.test.evil.example>", REPLY),
        ("Ann <ann@example.test>", REPLY),
        ("Jo via Privacy <privacy@example.test>", "Reply-To: jo@home.example, kim@home.example\n"),
        ("Jo via Privacy <privacy@example.test>", ""),
    ],
)
def test_from_stays_the_sender(sender: str, headers: str) -> None:
    inquiry = asked("Delete me.", sender=sender, headers=headers, subject="x")
    assert inquiry.sender.address == (sender.partition("<")[2] or sender).strip(">")


class TestColleagues:
    @pytest.mark.parametrize(
        ("address", "named", "domains"),
        [
            ("privacy@example.org", None, {"example.org"}),
            ("our.firm@gmail.com", None, set()),
            ("our.firm@yahoo.co.uk", None, set()),
            ("privacy@live.example.org", None, {"live.example.org"}),
            ("privacy@example.org", ["Example.com"], {"example.com"}),
            ("privacy@example.org", [], set()),
        ],
    )
    def test_are_those_of_the_mailboxs_domain_or_of_the_named_ones(self, address: str, named: list[str] | None, domains: set[str]) -> None:
        data = config_data()
        data["mailbox"] |= {"address": address, "aliases": [], "colleagues": named}
        assert house_of(Config.model_validate(data)).domains == domains

    @pytest.mark.parametrize("domain", ["gmail.com", "gmx.de", "outlook.com", "hotmail.co.uk", "web.de", "wp.pl", "proton.me"])
    def test_are_not_those_of_a_mail_provider(self, domain: str) -> None:
        assert is_freemail(domain)
