"""Reported ids: some servers replace our Message-ID and say so in their answer; the letter is then known by both names."""

import hashlib
from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Carrier, Message, Notice

_RECEIPT_LENGTH = 32


def remember_reported_id(session: Session, notice: Notice) -> None:
    """What the outbox calls, in its transaction, for each notice that was sent.

    A letter's receipt is `<hash>`, or `<hash>;<hash of the reported id>`: Amazon SES and some Exchange servers tell the id they
    gave it in their 250 answer.
    """
    reported = (notice.receipt or "").partition(";")[2].strip()
    if notice.carrier == Carrier.MAIL and reported:
        session.execute(update(Message).where(Message.external_id == f"o:{notice.key}").values(reported_id_hash=reported[:64]))


def reported_hashes(message_id: str, digest: Callable[[str], str]) -> tuple[str, ...]:
    """By which hashes a letter with this Message-ID may be remembered: keyed (`digest`), or a plain SHA-256, whole or its first half.

    An answer names the id with or without brackets and domain (SES: without), so each way of writing it counts.
    """
    bare = message_id.strip().strip("<>")
    local = bare.rpartition("@")[0] or bare
    spellings = dict.fromkeys(form for name in (bare, local) for form in (f"<{name}>", name))
    plain = [hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest() for form in spellings]
    return (*(digest(form) for form in spellings), *plain, *(whole[:_RECEIPT_LENGTH] for whole in plain))
