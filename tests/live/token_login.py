"""Mail servers that take access tokens only, as Microsoft 365 and Google do (XOAUTH2); which are good a token server says."""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.live.scripted_imap import Script, Talk
from tests.live.token_server import TokenServer

USER = "privacy@example.test"
_WHY_NOT = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.example.test/"}').decode()


def expected(tokens: TokenServer) -> set[str]:
    """What a client may say."""
    return {f"user={USER}\x01auth=Bearer {token}\x01\x01" for token in tokens.good}


def imap_login(tokens: TokenServer) -> Script:
    """For a scripted IMAP server: takes a good token; tells why it does not take another, hears an empty line, and says NO."""

    def authenticate(talk: Talk) -> None:
        talk.say("+ ")
        if base64.b64decode(talk.reader.readline()).decode() in expected(tokens):
            talk.done("OK welcome")
            return
        talk.say(f"+ {_WHY_NOT}")
        assert talk.reader.readline() == b"\r\n"
        talk.done("NO AUTHENTICATE failed.")

    return authenticate


class TokenSmtp:
    """The handler of an SMTP server."""

    def __init__(self, tokens: TokenServer) -> None:
        self.tokens, self.came, self.tries, self.says = tokens, 0, 0, "250 OK"

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:  # noqa: N802 (aiosmtpd's name)
        self.tries += 1
        if base64.b64decode(words[1]).decode() in expected(self.tokens):
            return AuthResult(success=True, auth_data=USER)
        await server.push(f"334 {_WHY_NOT}")
        assert server._reader is not None
        assert await server._reader.readline() == b"\r\n"
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        self.came += 1
        return self.says


class _AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_server(handler: TokenSmtp) -> Iterator[int]:
    """An SMTP server that takes nothing without a login. Yields its port."""
    controller = _AnyPort(handler, hostname="127.0.0.1", port=0, auth_require_tls=False, auth_required=True)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
