"""The demo's mails: as people would write them, in the order in which they are sent."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path

_FOLDER = Path(__file__).parent / "mails"
_ANSWERS = "X-Demo-Answers"


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One mail; `answers` names the person whose acknowledgement it replies to."""

    name: str
    sender: str
    raw: bytes = field(repr=False)
    answers: str = ""


def demo_mails() -> list[DemoMail]:
    """All mails, in order."""
    return [_read(path) for path in sorted(_FOLDER.glob("*.eml"))]


def in_reply_to(mail: DemoMail, message_id: str) -> bytes:
    """The mail as an answer to a letter of ours."""
    return f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n".encode() + mail.raw


def _read(path: Path) -> DemoMail:
    """The files are plain UTF-8 for the reader's eye; here they become proper MIME."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    mail = EmailMessage(policy=SMTP)
    answers = ""
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        if name == _ANSWERS:
            answers = value
        else:
            mail[name] = value
    mail["Message-ID"] = f"<{path.stem}@demo.example>"
    mail.set_content(body)
    sender = getaddresses([head.splitlines()[0].partition(": ")[2]])[0][1]
    return DemoMail(path.stem, sender, mail.as_bytes(), answers)
