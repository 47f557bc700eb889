"""Tokens: got from Microsoft's library or a plain endpoint, kept while they hold, and never shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.accounts import OnlyConfigured
from bot.mail_config import OAuthConfig
from bot.oauth import Grant, TokenError, Tokens, tokens_of
from tests.live.dovecot import free_ports
from tests.live.token_server import REFRESH, SECRET, TokenServer


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenServer]:
    with TokenServer(tls_in=tmp_path_factory.mktemp("entra")) as server:
        yield server


@pytest.fixture(autouse=True)
def anew(entra: TokenServer) -> None:
    entra.forms.clear()
    entra.refusal, entra.rotates, entra.seconds = None, False, 3600


def tokens(section: dict[str, Any], secret: str = SECRET, store: Any = None, **more: Any) -> Tokens:
    return tokens_of(OAuthConfig.model_validate(section | more), secret, store or OnlyConfigured(REFRESH))


class Shelf(OnlyConfigured):
    """Keeps what it is given, as the database does."""

    def save(self, token: str) -> None:
        self._token = token


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class TestWhileItHolds:
    def counting(self, seconds: float) -> tuple[Tokens, Seconds]:
        clock, given = Seconds(), iter(range(100))
        return Tokens(lambda _: Grant(f"t{next(given)}", seconds), clock=clock), clock

    def test_one_token_serves_until_five_minutes_before_its_end(self) -> None:
        kept, clock = self.counting(3600)
        assert kept.token() == kept.token() == "t0"
        clock.at += 3299
        assert (kept.token(), kept.is_worn("t0")) == ("t0", False)
        clock.at += 1
        assert kept.is_worn("t0")
        assert kept.token() == "t1"
        assert kept.is_worn("t0") and not kept.is_worn("t1")

    def test_one_of_a_short_life_serves_half_of_it(self) -> None:
        kept, clock = self.counting(60)
        kept.token()
        clock.at += 29
        assert kept.token() == "t0"
        clock.at += 1
        assert kept.token() == "t1"

    def test_one_that_was_refused_is_replaced_once_however_many_say_so(self) -> None:
        kept, _ = self.counting(3600)
        kept.token()
        assert [kept.instead_of("t0"), kept.instead_of("t0"), kept.token()] == ["t1", "t1", "t1"]

    def test_one_that_is_forgotten_is_given_no_more(self) -> None:
        kept, _ = self.counting(3600)
        kept.forget(kept.token())
        kept.forget("t7")
        assert kept.token() == "t1"


def test_client_credentials_of_any_provider(server: TokenServer) -> None:
    assert tokens(server.oauth, scope="mail").token() in server.good
    assert server.forms == [{"grant_type": "client_credentials", "client_id": "app", "client_secret": SECRET, "scope": "mail"}]


def test_a_refresh_token_that_is_replaced_is_used_from_then_on_and_kept(server: TokenServer) -> None:
    server.rotates = True
    shelf = Shelf(REFRESH)
    ours = tokens(server.oauth, store=shelf, flow="refresh_token")
    ours.instead_of(ours.token())
    assert [form["refresh_token"] for form in server.forms] == [REFRESH, f"{REFRESH}-1"]
    tokens(server.oauth, store=shelf, flow="refresh_token").token()
    assert server.forms[-1]["refresh_token"] == f"{REFRESH}-2"


def test_google_is_asked_the_same_way(server: TokenServer) -> None:
    section = {**server.oauth, "provider": "google", "flow": "refresh_token"}
    assert tokens(section).token() in server.good
    assert server.forms == [{"grant_type": "refresh_token", "client_id": "app", "client_secret": SECRET, "refresh_token": REFRESH}]


def test_microsoft_by_client_credentials(entra: TokenServer) -> None:
    ours = tokens(entra.microsoft)
    first = ours.token()
    assert ours.instead_of(first) != first  # its library keeps tokens too, and must not give the old one again
    assert [(form["grant_type"], form["scope"]) for form in entra.forms] == [
        ("client_credentials", "https://outlook.office365.com/.default")
    ] * 2
    assert entra.forms[0]["client_secret"] == SECRET


@pytest.mark.parametrize("secret", ["", SECRET])
def test_microsoft_by_refresh_token_with_and_without_a_secret(entra: TokenServer, secret: str) -> None:
    entra.rotates = True
    ours = tokens(entra.microsoft, secret, flow="refresh_token")
    ours.instead_of(ours.token())
    assert [form["refresh_token"] for form in entra.forms] == [REFRESH, f"{REFRESH}-1"]
    assert {"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"} <= set(
        entra.forms[0]["scope"].split()
    )
    assert ("client_secret" in entra.forms[0]) is bool(secret)


INVALID = {"error": "invalid_client", "error_description": f"AADSTS7000215: {SECRET} is wrong for jo@example.test"}
REFUSALS = [
    (400, {"error": "invalid_grant", "error_description": "jo@example.test"}, "invalid_grant", True),
    (401, {**INVALID, "error_codes": [7000215]}, "invalid_client AADSTS7000215", True),
    (400, {"error": f"Wrong {SECRET}!"}, "no token in its answer", True),
    (400, {"error": "temporarily_unavailable"}, "temporarily_unavailable", False),
    (200, {}, "no token in its answer", False),
    (200, {"access_token": "a\r\nA1 LOGOUT"}, "no token in its answer", False),
    (503, {"error": "x"}, "http 503", False),
    (429, {}, "http 429", False),
]


@pytest.mark.parametrize(("status", "answer", "words", "final"), REFUSALS)
def test_a_refusal_is_told_by_its_code_alone(server: TokenServer, status: int, answer: dict[str, Any], words: str, final: bool) -> None:
    server.refusal = status, answer
    with pytest.raises(TokenError) as refusal:
        tokens(server.oauth).token()
    assert (str(refusal.value), refusal.value.refused) == (f"no token from 127.0.0.1 ({words})", final)
    assert refusal.value.__cause__ is None


def test_microsofts_refusal_is_told_by_code_and_number(entra: TokenServer) -> None:
    entra.refusal = 401, {**INVALID, "error_codes": [7000215]}
    with pytest.raises(TokenError) as refusal:
        tokens(entra.microsoft).token()
    assert (str(refusal.value), refusal.value.refused) == ("no token from 127.0.0.1 (invalid_client AADSTS7000215)", True)


def test_a_tenant_that_microsoft_does_not_know(entra: TokenServer) -> None:
    with pytest.raises(TokenError, match=r"^127\.0\.0\.1 does not know the tenant$") as refusal:
        tokens(entra.microsoft, tenant="nowhere.test").token()
    assert refusal.value.refused


def test_a_certificate_nobody_vouches_for_gets_no_secret(entra: TokenServer) -> None:
    for section in (entra.microsoft, {**entra.oauth}):
        with pytest.raises(TokenError, match=r"^no token from 127\.0\.0\.1 \(SSLError\)$"):
            tokens(section, ca_file=None).token()
    assert entra.forms == []


def test_nobody_there_and_nonsense_are_trouble_that_passes(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match=r"\(ConnectionError\)$") as trouble:
        tokens({**TokenServer().oauth, "token_url": f"http://127.0.0.1:{free_ports(1)[0]}/"}).token()
    assert not trouble.value.refused


@pytest.mark.parametrize(("told", "life"), [("3600", 3300), (None, 3300), ("soon", 3300), (-5, 0)])
def test_a_life_that_is_told_oddly_is_guessed(server: TokenServer, told: Any, life: int) -> None:
    server.seconds = told
    clock = Seconds()
    ours = tokens(server.oauth)
    ours._clock = clock
    first = ours.token()
    clock.at += max(0, life - 1)
    assert ours.is_worn(first) is (life == 0)
    clock.at += 1
    assert ours.is_worn(first)


def test_no_secret_is_shown(server: TokenServer) -> None:
    assert "hunter2" not in repr(Grant("token-hunter2", 1.0, "refresh-hunter2")) + repr(tokens(server.oauth))
