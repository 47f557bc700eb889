"""The line to an IMAP server: opened, secured as the config wants it, logged in by password or token, and hung up."""

import imaplib
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from bot.mail_config import ImapConfig
from bot.oauth import TokenError, Tokens
from bot.throttling import wish

# IMAPClient's own errors are imaplib's; OSError is the socket's and TLS's; the others come of answers that make no sense.
TROUBLE = (imaplib.IMAP4.error, IMAPClientError, OSError, LookupError, ValueError, TypeError, AssertionError)
REFUSALS = (imaplib.IMAP4.error, IMAPClientError)
_TOKEN_ENDED = re.compile(r"AccessTokenExpired|\[EXPIRED\]|\[AUTHENTICATIONFAILED\]|invalid(?:ated)? session|session invalidated", re.I)


class MailboxError(RuntimeError):
    """The mailbox can't be used now; the message is a code or a class name, never the server's words.

    `login`: it refused us. `after`: how many seconds it wants to be left alone.
    """

    def __init__(self, reason: str, *, login: bool = False, after: float = 0.0) -> None:
        super().__init__(reason)
        self.login, self.after = login, after


def trouble(error: Exception) -> MailboxError:
    """What went wrong on the line, without the server's words."""
    if isinstance(error, MailboxError):
        return error
    if isinstance(error, TokenError):
        return MailboxError(str(error), login=error.refused)
    if seconds := wish(str(error)):
        return MailboxError(f"the server asks us to wait {seconds:.0f} s", after=seconds)
    return MailboxError(type(error).__name__)


def token_ended(error: Exception) -> bool:
    """The server no longer takes the token that the line was opened with."""
    return bool(_TOKEN_ENDED.search(str(error)))


def open_line(config: ImapConfig, credential: str | Tokens) -> tuple[IMAPClient, str]:
    """A client that is logged in, and the token it used, if any. Raises MailboxError, TokenError and those of TROUBLE."""
    seconds = config.timeout.total_seconds()
    context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    token = "" if isinstance(credential, str) else credential.token()  # without one, no need to call
    client = IMAPClient(
        config.host, config.port, ssl=config.security == "tls", ssl_context=context if config.security == "tls" else None,
        timeout=SocketTimeout(connect=min(seconds, 15), read=seconds),
    )  # fmt: skip
    client.normalise_times = False  # INTERNALDATE stays aware
    try:
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if config.security == "starttls":
            client.starttls(ssl_context=context)
        if isinstance(credential, str):
            _ask(lambda: client.login(config.user, credential), "the server refused user or password")
        else:
            token = _login_by_token(client, config.user, credential, token)
    except (*TROUBLE, MailboxError, TokenError):
        hang_up(client)
        raise
    return client, token


def hang_up(client: IMAPClient) -> None:
    """End the line without a word."""
    with suppress(*TROUBLE):
        client.shutdown()


def _login_by_token(client: IMAPClient, user: str, tokens: Tokens, token: str) -> str:
    """A token may have been withdrawn before its time: one that is refused is replaced, once. Returns the one that was taken."""
    try:
        _authenticate(client, user, tokens, token)
    except MailboxError as refusal:
        if not refusal.login:
            raise
        token = tokens.instead_of(token)
        _authenticate(client, user, tokens, token)
    return token


def _authenticate(client: IMAPClient, user: str, tokens: Tokens, token: str) -> None:
    """XOAUTH2. A server that says why it refuses is answered by an empty line, then it says NO."""
    answers = iter([f"user={user}\x01auth=Bearer {token}\x01\x01"])
    try:
        _ask(lambda: client.sasl_login("XOAUTH2", lambda _: next(answers, "")), "the server refused the access token")
    except imaplib.IMAP4.abort:
        tokens.forget(token)  # it hung up on us: perhaps because of the token
        raise


def _ask(login: Callable[[], object], refused: str) -> None:
    """Log in. A NO is told as a refusal, unless the server only wants us to come later."""
    try:
        login()
    except imaplib.IMAP4.abort:
        raise
    except REFUSALS as error:
        later = trouble(error)
        raise (later if later.after else MailboxError(refused, login=True)) from None
