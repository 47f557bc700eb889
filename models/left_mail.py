"""Left mail: one that is recorded and lies in INBOX still, because the server will not move it."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class LeftMail(Base):
    """A mail by what IMAP calls it (RFC 3501 2.3.1.1); `folder` is where it is still to go, empty when a copy lies there."""

    __tablename__ = "left_mails"

    mailbox: Mapped[str] = mapped_column(String(40), primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    uid: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    folder: Mapped[str] = mapped_column(String(500))
