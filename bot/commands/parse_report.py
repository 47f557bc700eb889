"""What the bot reads out of a mail, as plain values for `privacybot parse FILE...`, and the mails that a file holds."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.asking.agents import behalf
from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.screening import Policy, screen
from bot.trust import authenticate, authserv_ids


def describe(raw: bytes, file: str, received_at: datetime, policy: Policy, ours: Collection[str] | None = None) -> dict[str, object]:
    """One mail as JSON-able values: what was read and what screening says; `date` is ISO 8601 with its zone, or None.

    `authserv_ids` are the servers that say something of its sender; with `ours`, the own ones among them, `authentication` is the verdict.
    """
    inquiry = parse_email(raw, received_at)
    inquiry = replace(inquiry, behalf=behalf(inquiry))  # screening wants to know
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


def mails_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each mail of a file, or of a folder's `*.eml` files and Maildir, with the path it lies in; OSError where something can't be read."""
    for one in mail_files(path) if path.is_dir() else (path,):
        with one.open("rb") as file:
            yield from ((str(one), raw) for raw in mails_of(file))


def mail_files(folder: Path) -> Iterator[Path]:
    """The mails below a folder, in the order of their paths."""
    yield from sorted(found for found in folder.rglob("*") if _is_mail(found))


def _is_mail(path: Path) -> bool:
    """An .eml file, or one that lies in `new` or `cur` of a Maildir, where names have no ending of their own."""
    in_maildir = path.parent.name in {"new", "cur"} and (path.parent.parent / "cur").is_dir()
    return path.is_file() and (path.suffix.lower() == ".eml" or in_maildir)


def mails_of(file: BinaryIO) -> Iterator[bytes]:
    """The mail that a file is, or the mails of an mbox one after the other (RFC 4155).

    Of the dialects of mbox: `>From ` is un-escaped as in mboxrd, and where a Content-Length leads to the next mail or to the end
    (mboxcl) that is where a mail ends, whatever lines its text has.
    """
    first = file.readline()
    while first in {b"\n", b"\r\n"}:
        first = file.readline()
    if not first.startswith(b"From "):
        yield first + file.read()
        return
    separator: bytes | None = first
    while separator is not None:
        mail, separator = _next_mail(file)
        yield mail


def _next_mail(file: BinaryIO) -> tuple[bytes, bytes | None]:
    """A mail and the `From ` line of the one behind it, or None at the end of the file."""
    lines: list[bytes] = []
    length, in_header, after_blank = -1, True, False
    for line in iter(file.readline, b""):
        if after_blank and line.startswith(b"From "):
            return _mail(lines), line
        lines.append(line)
        after_blank = not line.strip()
        if in_header and line[:15].lower() == b"content-length:" and line[15:].strip().isdigit():
            length = int(line[15:].strip()[:12])
        if in_header and after_blank:
            in_header, after_blank = False, length <= 0
            body, separator = _counted_body(file, length) if length >= 0 else (None, None)
            if body is not None:
                return b"".join([*lines, body]), separator
    return _mail(lines), None


def _counted_body(file: BinaryIO, length: int) -> tuple[bytes | None, bytes | None]:
    """The body of that length, where the next mail or the end of the file follows; else (None, None), and nothing was read."""
    if not file.seekable():
        return None, None
    place = file.tell()
    body = file.read(length)
    following = file.readline()
    while following in {b"\n", b"\r\n"}:
        following = file.readline()
    if len(body) == length and (not following or following.startswith(b"From ")):
        return body, following or None
    file.seek(place)
    return None, None


def _mail(lines: list[bytes]) -> bytes:
    if lines and not lines[-1].strip():
        lines.pop()
    return b"".join(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line for line in lines)
