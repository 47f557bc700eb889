"""OAuth: access tokens instead of passwords, as Microsoft 365 and Google ask for them; got, kept in memory, renewed before they end."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import msal
import requests
from msal.exceptions import MsalError
from requests.adapters import HTTPAdapter

from bot.mail_config import OAuthConfig

_RENEW_BEFORE_SECONDS = 300.0
_ANSWER_SECONDS = 30.0
_USUAL_LIFE_SECONDS = 3600.0  # RFC 6749 5.1 allows an answer without expires_in
_GOOGLE = "https://oauth2.googleapis.com/token"
_SCOPES = {
    ("microsoft", "client_credentials"): "https://outlook.office365.com/.default",
    ("microsoft", "refresh_token"): "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
}
_TROUBLE = (requests.RequestException, MsalError, OSError, ValueError, LookupError, TypeError)
_PASSES = frozenset(("temporarily_unavailable", "server_error", "slow_down"))
_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,59}")
_TOKEN = re.compile(r"[\x21-\x7e]+")  # RFC 6750 2.1; a line break in it would be a command of its own


class TokenError(RuntimeError):
    """There is no token now; the message is a code and a host, never a secret. `refused`: until a person sees to it."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Grant:
    """What a provider gave: the token, how many seconds it lives, and a refresh token where the old one was replaced."""

    token: str = field(repr=False)
    seconds: float
    refresh_token: str = field(default="", repr=False)


class RefreshTokens(Protocol):
    """Where the refresh token lies between two runs of the program."""

    def load(self) -> str:
        """The newest."""

    def save(self, token: str) -> None:
        """The provider replaced it."""


class Tokens:
    """The access token of one mailbox, for its IMAP and its SMTP server alike; safe in threads."""

    def __init__(self, ask: Callable[[str], Grant], store: RefreshTokens | None = None, clock: Callable[[], float] = monotonic) -> None:
        """`ask` gets a grant for a refresh token ("" where there is no `store`); `clock` counts seconds."""
        self._ask, self._store, self._clock = ask, store, clock
        self._lock = threading.Lock()
        self._token, self._refresh_token, self._renew_at = "", "", 0.0

    def token(self) -> str:
        """One that holds for some minutes more. Raises TokenError."""
        with self._lock:
            if not self._token or self._clock() >= self._renew_at:
                self._renew()
            return self._token

    def instead_of(self, refused: str) -> str:
        """A new one, unless another thread got it already. Raises TokenError."""
        with self._lock:
            if self._token == refused:
                self._renew()
            return self._token

    def forget(self, token: str) -> None:
        """The server says that it is no longer good."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def is_worn(self, token: str) -> bool:
        """Whether a line that was opened with it should be opened anew."""
        return token != self._token or self._clock() >= self._renew_at

    def _renew(self) -> None:
        self._token = ""
        if self._store is not None and not self._refresh_token:
            self._refresh_token = self._store.load()
        grant = self._ask(self._refresh_token)
        # of a short life the second half is kept in reserve
        self._token, self._renew_at = grant.token, self._clock() + max(grant.seconds - _RENEW_BEFORE_SECONDS, grant.seconds / 2)
        if self._store is not None and grant.refresh_token and grant.refresh_token != self._refresh_token:
            self._refresh_token = grant.refresh_token
            self._store.save(grant.refresh_token)


def tokens_of(config: OAuthConfig, client_secret: str, store: RefreshTokens) -> Tokens:
    """The tokens of a mailbox; nothing is asked for before the first is needed."""
    ask = _Microsoft(config, client_secret) if config.provider == "microsoft" else _Endpoint(config, client_secret)
    return Tokens(ask, store if config.flow == "refresh_token" else None)


class _Microsoft:
    """Asks Entra ID by its own library, which knows its endpoints and throttling."""

    def __init__(self, config: OAuthConfig, secret: str) -> None:
        self._config, self._secret, self._app = config, secret, None
        self._host = urlsplit(config.authority).hostname or ""

    def __call__(self, refresh_token: str) -> Grant:
        try:
            answer = self._answer(self._application(), refresh_token)
        except _TROUBLE as error:
            raise TokenError(f"no token from {self._host} ({type(error).__name__})") from None
        return _grant(answer or {}, self._host)

    def _application(self) -> Any:
        if self._app is None:
            config = self._config
            make = msal.ConfidentialClientApplication if self._secret else msal.PublicClientApplication
            try:
                self._app = make(
                    config.client_id, authority=f"{config.authority}/{config.tenant}", client_credential=self._secret or None,
                    http_client=_session(config), instance_discovery=False,
                )  # fmt: skip
            except ValueError:  # its words hold the tenant
                raise TokenError(f"{self._host} does not know the tenant", refused=True) from None
        return self._app

    def _answer(self, app: Any, refresh_token: str) -> Mapping[str, Any]:
        config = self._config
        scopes = (config.scope or _SCOPES[config.provider, config.flow]).split()
        if config.flow == "refresh_token":
            return cast(Mapping[str, Any], app.acquire_token_by_refresh_token(refresh_token, scopes))
        app.remove_tokens_for_client()  # it would give the old one again
        return cast(Mapping[str, Any], app.acquire_token_for_client(scopes))


class _Endpoint:
    """Asks any token endpoint for client credentials (RFC 6749 4.4) or with a refresh token (section 6)."""

    def __init__(self, config: OAuthConfig, secret: str) -> None:
        self._config, self._session = config, _session(config)
        self._url = config.token_url or _GOOGLE
        self._form = {"grant_type": config.flow, "client_id": config.client_id, "client_secret": secret, "scope": config.scope}

    def __call__(self, refresh_token: str) -> Grant:
        host = urlsplit(self._url).hostname or ""
        form = {key: value for key, value in {**self._form, "refresh_token": refresh_token}.items() if value}
        try:
            response = self._session.post(self._url, data=form, headers={"Accept": "application/json"})
            answer = response.json()
        except _TROUBLE as error:
            raise TokenError(f"no token from {host} ({type(error).__name__})") from None
        if response.status_code == 429 or response.status_code >= 500:
            raise TokenError(f"no token from {host} (http {response.status_code})")
        return _grant(answer if isinstance(answer, Mapping) else {}, host)


class _Line(HTTPAdapter):
    """Waits for an answer, but not for ever; trusts the config's `ca_file` whatever the environment says."""

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__()
        self._trust = {"verify": str(ca_file)} if ca_file else {}

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        return super().send(request, *args, **{**options, **self._trust, "timeout": options.get("timeout") or _ANSWER_SECONDS})


def _session(config: OAuthConfig) -> requests.Session:
    session = requests.Session()
    session.max_redirects = 0  # a secret goes where the config says, and no further
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Line(config.ca_file))
    return session


def _grant(answer: Mapping[str, Any], host: str) -> Grant:
    """The answer of RFC 6749 5.1 or 5.2. Of an error only its code is told, and Microsoft's number for it."""
    token = answer.get("access_token")
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return Grant(token, _seconds(answer.get("expires_in")), str(answer.get("refresh_token") or ""))
    error, numbers = str(answer.get("error", "")), answer.get("error_codes")
    code = error if _CODE.fullmatch(error) else "no token in its answer"
    number = f" AADSTS{numbers[0]}" if isinstance(numbers, list) and numbers and isinstance(numbers[0], int) else ""
    raise TokenError(f"no token from {host} ({code}{number})", refused=bool(error) and error not in _PASSES)


def _seconds(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return _USUAL_LIFE_SECONDS
