"""Ledger: the mails that are recorded and lie in INBOX still, because the server will not move them; so each is taken once."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import LeftMail


def left_behind(session: Session, mailbox: str, validity: int) -> dict[int, str]:
    """UID -> the folder it is still to go to. Under another UIDVALIDITY the old numbers mean nothing any more (RFC 3501 2.3.1.1)."""
    session.execute(delete(LeftMail).where(LeftMail.mailbox == mailbox, LeftMail.validity != validity))
    rows = select(LeftMail).where(LeftMail.mailbox == mailbox, LeftMail.validity == validity)
    return {row.uid: row.folder for row in session.scalars(rows.order_by(LeftMail.uid))}


def leave(session: Session, mailbox: str, validity: int, mails: Mapping[int, str]) -> None:
    """Note mails that could not be moved, each with its folder."""
    for uid, folder in mails.items():
        session.merge(LeftMail(mailbox=mailbox, validity=validity, uid=uid, folder=folder))


def strike(session: Session, mailbox: str, validity: int, uids: Collection[int]) -> None:
    """They are gone from INBOX."""
    here = (LeftMail.mailbox == mailbox, LeftMail.validity == validity)
    session.execute(delete(LeftMail).where(*here, LeftMail.uid.in_(uids)))
