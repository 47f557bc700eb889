"""What the bot reads out of a mail, as plain values for `privacybot parse FILE...`, and the mails that a file holds."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.screening import Policy, screen
from bot.trust import authenticate, authserv_ids


def describe(raw: bytes, file: str, received_at: datetime, policy: Policy, ours: Collection[str] | None = None) -> dict[str, object]:
    """One mail as JSON-able values: what was read and what screening says; `date` is ISO 8601 with its zone, or None.

    `authserv_ids` are the servers that say something of its sender; with `ours`, the own ones among them, `authentication` is the verdict.
    """
    inquiry = parse_email(raw, received_at)
    verdict = screen(inquiry, policy)
    return {
        "file": file,
        "message_id": inquiry.message_id,
        "from": inquiry.sender.address,
        "from_name": inquiry.sender.name,
        "subject": inquiry.subject,
        "date": inquiry.sent_at.isoformat() if inquiry.sent_at else None,
        "text": inquiry.text,
        "body": inquiry.body,
        "quoted": inquiry.quoted,
        "attachments": [{"name": one.name, "type": one.media_type, "size": one.size} for one in inquiry.attachments],
        "problems": list(inquiry.problems),
        "verdict": verdict.decision.value,
        "acknowledge": verdict.acknowledge,
        "rule": verdict.rule,
        "kind": verdict.kind,
        "authserv_ids": list(authserv_ids(inquiry)),
        **({} if ours is None else {"authentication": _authentication(inquiry, ours)}),
    }


def _authentication(inquiry: Inquiry, ours: Collection[str]) -> dict[str, str]:
    trust = authenticate(inquiry, ours)
    return {"verdict": trust.standing.value, "method": trust.method, "domain": trust.domain}


def mails_in(path: Path) -> Iterator[bytes]:
    """The mail of an .eml file, or the mails of an mbox one after the other (RFC 4155, `>From ` un-escaped); OSError if unreadable."""
    with path.open("rb") as file:
        first = file.readline()
        if not first.startswith(b"From "):
            yield first + file.read()
            return
        lines: list[bytes] = []
        after_blank = False
        for line in file:
            if after_blank and line.startswith(b"From "):
                yield _mail(lines)
                lines = []
            else:
                lines.append(line)
            after_blank = not line.strip()
        yield _mail(lines)


def _mail(lines: list[bytes]) -> bytes:
    if lines and not lines[-1].strip():
        lines.pop()
    return b"".join(line[1:] if line.lstrip(b">").startswith(b"From ") and line.startswith(b">") else line for line in lines)
