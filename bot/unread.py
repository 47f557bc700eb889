"""Unread: what stands for a message that could not be read, and keeps it whole for a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.inquiry import Address, Attachment, Inquiry, SlackPlace, Source
from bot.parsing import parse_email
from intents.catalog import Intent
from intents.classifier import Prediction

KEPT_AS = "mail.eml"
TOO_LARGE = "too large to be fetched"
WITHHELD = "the server does not give its text"
UNREAD = Prediction(
    intents=(Intent.OTHER,), scores={}, confidence=0.0, unclear=True, language="und", language_confidence=0.0, evidence={}, model="unread"
)


def read_mail(raw: bytes, received_at: datetime, mailbox: str | None, without_text: str = "") -> Inquiry:
    """A mail as an Inquiry. `without_text` says why there are the headers only, which its ticket then says, too."""
    inquiry = replace(parse_email(raw, received_at), mailbox=mailbox)
    return replace(inquiry, problems=(*inquiry.problems, f"{without_text}; it lies in the mailbox")) if without_text else inquiry


def keep_whole(inquiry: Inquiry, raw: bytes) -> Inquiry:
    """The same with the mail itself as its only file."""
    return replace(inquiry, attachments=(Attachment(KEPT_AS, "message/rfc822", raw),))


def unread_mail(raw: bytes, received_at: datetime, mailbox: str | None, external_id: str = "") -> Inquiry:
    """A mail that broke us, before or after its identity was known; its bytes are identity enough."""
    known_as = external_id or f"m:{hashlib.sha256(raw).hexdigest()}"
    return keep_whole(Inquiry(Source.MAIL, known_as, received_at, Address(""), mailbox=mailbox), raw)


def unread_post(event: Mapping[str, Any], received_at: datetime) -> Inquiry:
    """A Slack message that broke us; it stays in Slack."""
    place = SlackPlace(str(event["channel"]), str(event["ts"]), event.get("thread_ts"), str(event.get("user", "")))
    return Inquiry(Source.SLACK, f"s:{place.channel}:{place.ts}", received_at, Address(""), place=place)
