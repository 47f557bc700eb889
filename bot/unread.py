"""Unread: what stands for a message that could not be read, and keeps it whole for a person."""

import hashlib
from dataclasses import replace
from datetime import datetime

from bot.inquiry import Address, Attachment, Inquiry, SlackPlace, Source
from bot.parsing import parse_email
from bot.posting import Post, Told, moment
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


def unread_post(post: Post) -> Inquiry:
    """A Slack message that broke us; it stays in Slack. One whose edit did is a message of its own, below the post."""
    event, own_ts = post.event, str(post.event["ts"])
    thread = event.get("thread_ts") or (None if post.told is Told.NEW else own_ts)
    place = SlackPlace(str(event["channel"]), own_ts if post.told is Told.NEW else post.at, thread, post.user)
    return Inquiry(Source.SLACK, f"s:{place.channel}:{place.ts}", moment(post.at), Address(""), place=place)
