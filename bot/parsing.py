"""Bytes of a mail, or a Slack event, made an Inquiry; never raises, whatever the bytes."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.inquiry import Address, Attachment, Inquiry, SlackPlace, Source
from bot.reading.charsets import clean
from bot.reading.contents import Contents, read_contents
from bot.reading.headers import decode_words, message_id, message_ids, parse_addresses, parse_date
from bot.reading.marks import unmarked
from bot.reading.mime import Part, Tree
from bot.reading.visible_text import separate, without_quote_marks

MAX_THREAD_IDS = 100
_PIECE = 262_144

Fields = Mapping[str, tuple[str, ...]]

_RECIPIENT_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "resent-to", "resent-cc")
_RAW_FIELD = "authentication-results"
_FROM_LINE = re.compile(rb"(?im)^from:[^\n]{0,500}?([\w.+-]{1,64}@[\w.-]{1,255})")
_SUBJECT_LINE = re.compile(rb"(?im)^subject:([^\r\n]{0,500})")
_SLACK_LINK = re.compile(r"<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# What bytes written by strangers can make the standard library and the parsers raise; whatever else is a mistake of ours, and the
# app holds that mail as well.
_DEFEATED = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, AssertionError, RecursionError, MemoryError)
_MESSAGE_ID_LINE = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{1,500}>)")


def parse_email(raw: bytes, received_at: datetime) -> Inquiry:
    """A mail as an Inquiry; `received_at` is aware, the time the mailbox took it (IMAP INTERNALDATE).

    What can't be read is named in `problems`; a mail that defeats the reader altogether comes back as `unreadable: <exception>`
    with what its headers plainly show, so that it is held for a person instead of lost.
    """
    try:
        return _read_mail(raw, received_at)
    except _DEFEATED as error:
        return _unreadable(raw, received_at, type(error).__name__)


def _read_mail(raw: bytes, received_at: datetime) -> Inquiry:
    tree = Tree()
    mail = tree.read(raw)
    contents = read_contents(mail, tree)
    visible = separate(contents.text, contents.forwarded)
    decoded = {name: tuple(decode_words(value) for value in values) for name, values in mail.fields.items() if name != _RAW_FIELD}
    headers = decoded | {name: values for name, values in mail.fields.items() if name == _RAW_FIELD}
    return Inquiry(
        source=Source.MAIL,
        external_id=external_id(mail, received_at),
        received_at=received_at,
        sender=_sender(mail.fields),
        subject=" ".join(headers.get("subject", ("",))[0].split()),
        text=visible.text,
        body=_body(contents),
        quoted=visible.quoted,
        message_id=message_id(mail.first("message-id")),
        thread_ids=_thread_ids(mail),
        authors=_addresses(mail.fields, "from"),
        reply_to=_addresses(mail.fields, "reply-to"),
        recipients=_addresses(mail.fields, *_RECIPIENT_FIELDS),
        sent_at=parse_date(mail.first("date")),
        attachments=tuple(contents.attachments),
        headers=MappingProxyType(headers),
        media_type=mail.media_type,
        problems=tuple(tree.problems),
    )


def external_id(mail: Part, received_at: datetime) -> str:
    """Identity of a mail: "m:" and the SHA-256 of Message-ID, From, Date, Subject and the body bytes.

    Not of the whole mail, since a second copy (an alias, a list, another fetch) comes with other Received lines; not of the
    Message-ID alone, since some senders repeat it and others leave it out; raw values, their ASCII only, so that a better decoder in a
    later version gives the same identity; line ends and folding are evened out, for servers change them. A mail with neither
    Message-ID nor Date can't be told from its repetition by content, and two equal short letters must be two: there the time of
    receipt counts too.
    """
    fields = [" ".join(mail.first(name).split()) for name in ("message-id", "from", "date", "subject")]
    if not fields[0] and not fields[2]:
        fields.append(received_at.isoformat())
    identity = hashlib.sha256("\n".join(fields).encode("ascii", "ignore"))
    identity.update(b"\n\n")
    for piece in _evened_out(memoryview(mail.raw)[mail.start : mail.end]):
        identity.update(piece)
    return f"m:{identity.hexdigest()}"


def _evened_out(body: memoryview) -> Iterator[bytes]:
    """The body with LF line ends and no blank lines around it, in pieces, for it may be large."""
    waiting = b""  # line ends that count only if something follows
    started = False
    for start in range(0, len(body), _PIECE):
        piece = waiting + bytes(body[start : start + _PIECE]).replace(b"\r\n", b"\n")
        piece = piece.replace(b"\r\n", b"\n") if waiting.endswith(b"\r") else piece
        words = piece.rstrip(b"\r\n")
        waiting = piece[len(words) :][-_PIECE:]
        yield words if started else words.lstrip(b"\n")
        started = started or bool(words.strip(b"\n"))


def _sender(fields: Fields) -> Address:
    """The From mailbox, else Sender. A mail group that put itself into From keeps the writer in Reply-To and X-Original-From."""
    found = _addresses(fields, "from") or _addresses(fields, "sender")
    original, reply_to = _addresses(fields, "x-original-from"), _addresses(fields, "reply-to")
    if original and reply_to and original[0].address == reply_to[0].address:
        return original[0]
    return found[0] if found else Address("", "")


def _addresses(fields: Fields, *names: str) -> tuple[Address, ...]:
    """The mailboxes of these header fields, each address once."""
    values = (value for name in names for value in fields.get(name, ()))
    found = [address for value in values for address in parse_addresses(value)]
    return tuple({address.address: address for address in reversed(found)}.values())[::-1]


def _thread_ids(mail: Part) -> tuple[str, ...]:
    answered = message_ids(mail.first("in-reply-to"))
    references = reversed(message_ids(mail.first("references")))
    return tuple(dict.fromkeys((*answered, *references)))[:MAX_THREAD_IDS]


def _body(contents: Contents) -> str:
    return unmarked("\n\n".join(text for text in (contents.text, contents.forwarded) if text))


def _unreadable(raw: bytes, received_at: datetime, exception: str) -> Inquiry:
    """What simple searches over the first bytes find; nothing in here can fail."""
    head = raw[:65_536]
    sender, subject, own_id = (pattern.search(head) for pattern in (_FROM_LINE, _SUBJECT_LINE, _MESSAGE_ID_LINE))
    return Inquiry(
        source=Source.MAIL,
        external_id=f"m:{hashlib.sha256(raw).hexdigest()}",
        received_at=received_at,
        sender=Address(sender[1].decode("ascii", "ignore").lower() if sender else ""),
        subject=subject[1].decode("ascii", "ignore").replace("\0", "").strip() if subject else "",
        message_id=own_id[1].decode("ascii", "ignore") if own_id else "",
        problems=(f"unreadable: {exception}",),
    )


def parse_slack(event: Mapping[str, Any], received_at: datetime) -> Inquiry:
    """A Slack `message` event as an Inquiry; `received_at` is aware.

    The colleague who writes it in Slack is no requester: the sender is the one mailbox the text
    names, and empty where it names none or several.
    """
    shared = (str(one.get("text") or "") for one in _objects(event.get("attachments")) if one.get("is_share"))  # a message passed on
    body = "\n\n".join(filter(None, map(_readable_slack, (str(event.get("text") or ""), *shared))))
    files = tuple(_slack_file(one) for one in _objects(event.get("files")))
    channel, ts = str(event.get("channel") or ""), str(event.get("ts") or "")
    named = addresses_in(body)
    thread_ts = event.get("thread_ts")
    return Inquiry(
        source=Source.SLACK,
        external_id=f"s:{channel}:{ts}",
        received_at=received_at,
        sender=Address(named.pop() if len(named) == 1 else ""),
        text=without_quote_marks(body),
        body=body,
        attachments=files,
        problems=("files left in Slack",) if files else (),
        place=SlackPlace(channel, ts, str(thread_ts) if thread_ts else None, str(event.get("user") or "")),
    )


def addresses_in(text: str) -> set[str]:
    """The mail addresses that a text names, lower-cased."""
    return {address.lower().rstrip(".-") for address in _ADDRESS.findall(text)}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _slack_file(file: Mapping[str, Any]) -> Attachment:
    """A file that is noted; its content stays in Slack."""
    name = " ".join(clean(str(file.get("name") or file.get("title") or "file")).split())
    return Attachment(name[:255], str(file.get("mimetype") or ""), b"")


def _readable_slack(text: str) -> str:
    """Slack's mark-up undone: `<https://x|label>`, `<@U123>`, `<mailto:a@b|a@b>`, and the three escaped characters."""
    plain = clean(_SLACK_LINK.sub(_slack_link, text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _slack_link(link: re.Match[str]) -> str:
    target, label = link[1], link[2] or ""
    if target[0] in "@#!":  # a person, a channel, or a group such as <!here>
        return ("#" if target[0] == "#" else "@") + (label or target[1:]).lstrip("@#")
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label in address else f"{label} ({address})"
