"""Queueing: a notice goes into the outbox once, however often it is decided."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Notice


def queue(session: Session, notice: Notice) -> bool:
    """Put a notice into the outbox unless one with its key is there already. True when it is new."""
    if session.scalar(select(Notice.id).where(Notice.key == notice.key)) is not None:
        return False
    session.flush()
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError:  # another process was quicker by a moment
        return False
    return True
