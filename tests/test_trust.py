"""Trust: only our own server's word counts, forged fields count for nothing, and a small domain without DMARC is no suspect."""

import pytest

from bot.parsing import parse_email
from bot.trust import Standing, authenticate, authserv_ids
from tests.builders import MONDAY, mail

OURS = ("mx.example.test",)
AR = "Authentication-Results: "
FAIL = "mx.example.test; dmarc=fail header.from=home.example"
PASS = "mx.example.test; dmarc=pass header.from=home.example"


def verdict(*fields: str, sender: str = "Jo Doe <jo@home.example>", further: str = "", ours: tuple[str, ...] = OURS) -> str:
    """What is stored for a mail with these Authentication-Results, topmost first."""
    top = "".join(f"{AR}{value}\r\n" for value in fields).encode()
    return str(authenticate(parse_email(top + mail("Hello", sender=sender, headers=further), MONDAY), ours))


class TestOurServer:
    @pytest.mark.parametrize(
        ("results", "expected"),
        [
            ("dmarc=pass header.from=home.example", "pass:dmarc"),
            ("dmarc=pass header.from=other.example", "unknown"),
            ("dmarc=pass", "unknown"),
            ("dmarc=fail (p=none) header.from=home.example; spf=pass smtp.mailfrom=jo@home.example", "fail:dmarc"),
            ("dmarc=fail; dmarc=pass header.from=home.example", "fail:dmarc"),
            ("dmarc=temperror header.from=home.example; spf=pass smtp.mailfrom=jo@home.example", "unknown"),
            ("dmarc=none header.from=home.example", "none"),
            ("dmarc=none; spf=fail smtp.mailfrom=home.example; dkim=fail header.d=home.example", "none"),
            ("dmarc=none; dkim=pass header.d=HOME.example.", "pass:dkim"),
            ("dmarc=bestguesspass; spf=pass smtp.mailfrom=home.example", "pass:spf"),
            ("dkim=fail header.d=home.example; dkim=pass header.i=@mail.home.example", "pass:dkim"),
            ("spf=pass smtp.mailfrom=bounce+1@news.home.example", "pass:spf"),
            ("spf=pass smtp.helo=home.example", "none"),
            ("dkim=pass header.d=esp.example; spf=pass smtp.mailfrom=esp.example", "none"),
            ("dkim=pass header.d=nothome.example", "none"),
            ("dkim=pass header.d=example", "none"),
            ("dkim=temperror header.d=home.example; spf=none", "unknown"),
            ("none", "unknown"),
            ("iprev=pass policy.iprev=192.0.2.7", "unknown"),
        ],
    )
    def test_decides_by_dmarc_and_else_by_what_is_aligned(self, results: str, expected: str) -> None:
        assert verdict(f"mx.example.test; {results}") == expected

    def test_may_write_one_field_for_each_method(self) -> None:
        assert verdict("mx.example.test; spf=none", "mx.example.test; dkim=none", PASS) == "pass:dmarc"

    def test_may_stand_behind_another_one_of_ours(self) -> None:
        assert verdict("relay.example.test; none", PASS) == "pass:dmarc"

    def test_is_known_in_any_case_and_by_any_of_its_names(self) -> None:
        assert verdict("MX.Example.TEST 1; dmarc=pass header.from=home.example", ours=("a.example", *OURS)) == "pass:dmarc"

    def test_names_international_domains_its_own_way(self) -> None:
        assert verdict("mx.example.test; dmarc=pass header.from=xn--mller-kva.example", sender="jo@müller.example") == "pass:dmarc"

    def test_not_configured_or_silent_says_nothing(self) -> None:
        assert verdict(FAIL, ours=()) == verdict() == "unknown"


class TestForgery:
    """A sender writes what they like into their mail; our server's fields stand above it."""

    @pytest.mark.parametrize("top", [(FAIL,), (FAIL, "evil.example; none"), (FAIL, FAIL)])
    def test_further_down_with_our_id_does_not_outweigh_ours(self, top: tuple[str, ...]) -> None:
        assert verdict(*top, PASS) == "fail:dmarc"

    def test_below_a_foreign_field_is_not_read_at_all(self) -> None:
        assert verdict("mx.example.test; spf=none", "evil.example; none", PASS) == "none"

    def test_that_is_broken_does_not_hide_the_fail_above(self) -> None:
        assert verdict(FAIL, "mx.example.test; (") == "fail:dmarc"

    @pytest.mark.parametrize(
        "value",
        [
            "evil.example; dmarc=pass header.from=home.example",
            "evil.example (mx.example.test); dmarc=pass header.from=home.example",
            "(mx.example.test;) evil.example; dmarc=pass header.from=home.example",
            "mx.example.test.evil.example; dmarc=pass header.from=home.example",
            "evil.example; mx.example.test; dmarc=pass header.from=home.example",
            "dmarc=pass header.from=home.example",
        ],
    )
    def test_with_another_id_counts_for_nothing(self, value: str) -> None:
        assert verdict(value) == "unknown"

    def test_in_an_encoded_word_of_the_senders_address_stays_a_word(self) -> None:
        mailbox = "=?utf-8?q?x=40evil.example;_dkim=3Dpass_header.d=3Dhome.example;_y=3Dz?="
        assert verdict(f"mx.example.test; spf=pass smtp.mailfrom={mailbox}@evil.example") == "none"

    @pytest.mark.parametrize("name", ["ARC-Authentication-Results: i=1; ", "X-Authentication-Results: ", "Authentication-Results-Old: "])
    def test_in_fields_of_other_names_counts_for_nothing(self, name: str) -> None:
        assert verdict(further=f"{name}{PASS}\n") == "unknown"


class TestAuthor:
    @pytest.mark.parametrize(
        ("sender", "further"),
        [
            ("jo@home.example, ceo@bank.example", ""),
            ("jo@home.example", "From: ceo@bank.example\n"),
            ("undisclosed", "Sender: jo@home.example\n"),
        ],
    )
    def test_that_is_not_one_is_a_fail(self, sender: str, further: str) -> None:
        assert verdict(PASS, sender=sender, further=further) == "fail:from"

    def test_behind_a_mail_group_is_not_vouched_for_by_the_group(self) -> None:
        behind = "X-Original-From: Vic <vic@bank.example>\nReply-To: vic@bank.example\n"
        assert verdict(PASS, sender="'Vic' via Privacy <jo@home.example>", further=behind) == "none"
        assert verdict(FAIL, sender="'Vic' via Privacy <jo@home.example>", further=behind) == "fail:dmarc"


def test_the_domain_that_passed_is_told_but_not_printed() -> None:
    raw = f"{AR}{PASS}\r\n".encode() + mail("Hello")
    trust = authenticate(parse_email(raw, MONDAY), OURS)
    assert (trust.standing, trust.domain) == (Standing.PASS, "home.example")
    assert "home" not in f"{trust} {trust!r}"


def test_the_servers_a_mail_names_are_listed_for_the_one_who_configures() -> None:
    raw = f"{AR}mx.a.example; none\r\n{AR}spf=none smtp.mailfrom=x\r\n{AR}mx.a.example; none\r\n".encode() + mail("Hello")
    assert authserv_ids(parse_email(raw, MONDAY)) == ("mx.a.example", "mx.microsoft.com")
