"""A real SMTP server that keeps what it is sent, and refuses or hangs up when told to."""

import email
import email.policy
import threading
from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.live.dovecot import free_ports


class SmtpSink:
    """Listens on loopback, on a port of its own."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: list[tuple[str, list[str], bytes]] = []
        self.answer = "250 OK"
        self.port = free_ports(1)[0]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._controller.stop()

    @property
    def letters(self) -> list[EmailMessage]:
        """What came in, readable."""
        return [_read(raw) for _, _, raw in self._kept]

    def to(self, address: str) -> list[EmailMessage]:
        """The letters for one reader."""
        with self._changed:
            return [_read(raw) for _, readers, raw in self._kept if address in readers]

    @property
    def senders(self) -> list[str]:
        """The envelope senders, in order."""
        return [sender for sender, _, _ in self._kept]

    def wait_for(self, predicate: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Until the predicate holds, looked at after each letter; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(predicate()), seconds):
                raise TimeoutError(f"{len(self._kept)} letters came, not what was waited for")
        return predicate()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        """aiosmtpd's hook."""
        if self.answer.startswith("250"):
            with self._changed:
                content = envelope.content
                raw = content if isinstance(content, bytes) else str(content).encode()
                self._kept.append((envelope.mail_from or "", list(envelope.rcpt_tos), raw))
                self._changed.notify_all()
        return self.answer


def _read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
