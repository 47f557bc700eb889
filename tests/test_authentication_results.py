"""Authentication-Results: what RFC 8601 allows and what servers write is read; what can't be trusted to be whole is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authentication_results import read_results


def brief(value: str) -> list[tuple[str, str, dict[str, str]]]:
    return [(result.method, result.result, dict(result.properties)) for result in read_results(value).results]


class TestWhatServersWrite:
    def test_google(self) -> None:
        value = (
            "mx.google.com; dkim=pass header.i=@home.example header.s=s1 header.b=AbC1+/=; spf=pass (google.com: domain of "
            "jo@home.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=jo@home.example; "
            "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=home.example"
        )
        assert read_results(value).authserv_id == "mx.google.com"
        assert brief(value) == [
            ("dkim", "pass", {"header.i": "@home.example", "header.s": "s1", "header.b": "AbC1+/="}),
            ("spf", "pass", {"smtp.mailfrom": "jo@home.example"}),
            ("dmarc", "pass", {"header.from": "home.example"}),
        ]

    def test_microsoft_365_without_an_id_and_with_names_of_its_own(self) -> None:
        value = (
            "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=home.example; acme.example; dkim=pass (signature was verified) "
            "header.d=home.example;dmarc=pass action=none header.from=home.example;compauth=pass reason=100"
        )
        assert read_results(value).authserv_id == "mx.microsoft.com"
        assert [(method, result) for method, result, _ in brief(value)] == [
            ("spf", "pass"), ("dkim", "pass"), ("dmarc", "pass"), ("compauth", "pass"),
        ]  # fmt: skip
        assert brief(value)[2][2] == {"action": "none", "header.from": "home.example"}

    def test_all_that_the_grammar_allows(self) -> None:
        value = (
            ' (made by) "MX.Example.Test" (us (all of us)) 1 (version) ; SPF / 1 = Pass (a ; b \\) c) reason = "fine; \\"sir\\" x.y=z" '
            'smtp . mailfrom = "jo ; doe"@home.example ; x-own=maybe policy.rule=7;'
        )
        assert read_results(value).authserv_id == "mx.example.test"
        assert brief(value) == [
            ("spf", "pass", {"reason": 'fine; "sir" x.y=z', "smtp.mailfrom": "jo ; doe@home.example"}),
            ("x-own", "maybe", {"policy.rule": "7"}),
        ]

    @pytest.mark.parametrize("value", ["mx.test; none", "mx.test;", "mx.test", "mx.test 1; none (said)", ";", ""])
    def test_no_result(self, value: str) -> None:
        assert brief(value) == []


class TestWhatIsHidden:
    def test_in_comments_and_quotes_is_no_result(self) -> None:
        value = 'mx.example.test; spf=fail (; dmarc=pass header.from=a.example) reason="; dmarc=pass header.from=a.example"'
        assert [result[:2] for result in brief(value)] == [("spf", "fail")]

    def test_behind_a_bracket_that_a_sender_closed_breaks_the_field(self) -> None:
        value = "mx.example.test; spf=pass (domain of a);dmarc=pass header.from=victim.example@evil.example is fine) smtp.mailfrom=x"
        assert read_results(value) == read_results("mx.example.test; (")
        assert read_results(value).broken

    @pytest.mark.parametrize(
        "value", ['mx.test; spf=pass "', "mx.test; spf=pass (", "mx.test; spf=pass \\", "mx.test 2; spf=pass", "mx.test x y"]
    )
    def test_in_a_field_that_is_not_whole_is_not_believed(self, value: str) -> None:
        assert (read_results(value).authserv_id, read_results(value).broken, brief(value)) == ("mx.test", True, [])

    def test_in_a_broken_field_a_fail_of_dmarc_is_believed_all_the_same(self) -> None:
        assert [result[:2] for result in brief('mx.test; spf=none smtp.mailfrom="@evil.example; dmarc = fail header.from=a.example')] == [
            ("dmarc", "fail")
        ]


@given(st.text(alphabet='ab=;()"\\ ./1@\n\t', max_size=300) | st.text(max_size=100))
def test_no_value_raises(value: str) -> None:
    results = read_results(value)
    assert all("=" not in result.method + result.result for result in results.results)


@pytest.mark.parametrize("piece", ["(", '"', "\\", '\\"', ";", "a=b;", "a ", "a=", 'a="" ', "a.b=", "=", " ", '""', "a/1", "() "])
@pytest.mark.timeout(30)
def test_a_hostile_value_is_read_in_one_pass(piece: str) -> None:
    assert read_results("mx.test; spf=pass " + piece * (2_000_000 // len(piece))).broken
    assert read_results("mx.test; spf=pass " + piece * (19_000 // len(piece))).authserv_id == "mx.test"
