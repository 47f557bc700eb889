"""Reported ids: some servers replace our Message-ID and say so in their answer; the letter is then known by both names."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Carrier, Message, Notice


def remember_reported_id(session: Session, notice: Notice) -> None:
    """What the outbox calls, in its transaction, for each notice that was sent.

    A letter's receipt is `HASH`, or `HASH;HASH`, the second being the keyed hash of the id that Amazon SES and some Exchange servers
    say in their 250 answer they gave it.
    """
    reported = (notice.receipt or "").partition(";")[2].strip()
    if notice.carrier == Carrier.MAIL and reported:
        session.execute(update(Message).where(Message.external_id == f"o:{notice.key}").values(reported_id_hash=reported[:64]))
