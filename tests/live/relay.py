"""A mail server between mailboxes: takes a bot's letters and brings each to its reader, as it is or changed on the way."""

import threading
from collections.abc import Callable
from email.message import EmailMessage
from itertools import count

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.builders import mail
from tests.live.dovecot import Dovecot
from tests.live.smtp_sink import SmtpSink

Answer = Callable[[EmailMessage, str], tuple[bytes, str, str] | None]
"""What comes of a letter to a reader: a mail, its envelope sender and its reader; None ends it."""
_MARKS = ("auto-submitted", "precedence", "in-reply-to", "references", "return-path", "message-id", "subject", "date")
_numbers = count(1)


class Relay(SmtpSink):
    """Keeps each letter like the sink, and delivers what `answer` makes of it before it says 250."""

    def __init__(self, dovecot: Dovecot, answer: Answer) -> None:
        super().__init__()
        self._dovecot, self._answer, self._one = dovecot, answer, threading.Lock()
        self.delivered = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        """aiosmtpd's hook."""
        said = await super().handle_DATA(server, session, envelope)
        with self._one:
            answer = self._answer(self.letters[-1], envelope.rcpt_tos[0])
            if answer is not None:
                self.delivered += 1
                self._dovecot.deliver(*answer)
        return said


def hand_on(letter: EmailMessage, reader: str) -> tuple[bytes, str, str]:
    """As it is, with its empty envelope sender."""
    return bytes(letter), "", reader


def hand_on_rewritten(letter: EmailMessage, reader: str) -> tuple[bytes, str, str]:
    """Through a gateway that gives it a subject, an id and an envelope sender of its own and takes away whatever marks a robot."""
    sender = letter["From"].addresses[0].addr_spec
    for name in {name for name in letter if name.lower() in _MARKS or name.lower().startswith("x-")}:
        del letter[name]
    letter["Subject"] = f"Your message {next(_numbers)}"
    letter["Message-ID"] = f"<{next(_numbers)}@gateway.example>"
    return bytes(letter), sender, reader


def hand_on_reworded(letter: EmailMessage, reader: str) -> tuple[bytes, str, str]:
    """The worst case: nothing is left of it but its way, and it asks for something new."""
    sender = letter["From"].addresses[0].addr_spec
    return ask_anew(sender, reader), sender, reader


_WISHES = (
    "Please delete all personal data you hold about me under Article 17 GDPR.",
    "Please send me a copy of all personal data you hold about me under Article 15 GDPR.",
    "My address is wrong in your files. Please correct it under Article 16 GDPR.",
    "I object to the use of my data for advertising under Article 21 GDPR.",
    "Please give me my data in a machine-readable format under Article 20 GDPR.",
)


def ask_anew(sender: str, reader: str = "privacy@example.test") -> bytes:
    """A request in words of its own; no header tells a robot by."""
    number = next(_numbers)
    text = f"Hello,\n\nthis is about customer number {number}. {_WISHES[number % len(_WISHES)]}\n\nKind regards"
    raw = mail(text, sender=sender, subject=f"Request {number}", number=50_000 + number)
    return raw.replace(b"\r\nTo: privacy@example.test", f"\r\nTo: {reader}".encode())
