"""Mails as they come in, and what is seen of who asks."""

from datetime import UTC, datetime

from bot.asking.house import house_of
from bot.asking.whom import who_asks
from bot.inquiry import Inquiry
from bot.parsing import parse_email
from tests.builders import config

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOUSE = house_of(config())
ANN = "Ann Colleague <ann@example.test>"


def asked(body: str, *, sender: str = ANN, subject: str = "Fwd: x", headers: str = "", kind: str = "text/plain; charset=utf-8") -> Inquiry:
    """A mail that came in on 24 November 2026, with who asks."""
    head = f"From: {sender}\nTo: privacy@example.test\nSubject: {subject}\nMessage-ID: <a@b.example>\nMIME-Version: 1.0\n"
    raw = (f"{head}Content-Type: {kind}\n{headers}\n{body}").replace("\n", "\r\n").encode()
    return who_asks(parse_email(raw, NOW), HOUSE)
