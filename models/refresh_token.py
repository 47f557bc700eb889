"""Refresh token: the newest that a provider gave for a mailbox, so that a restart does not fall back on one that has aged out."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EncryptedText


class RefreshToken(Base):
    """One per mailbox; `origin_hash` is that of the configured token it comes of, so that a newly configured one takes its place."""

    __tablename__ = "refresh_tokens"

    mailbox: Mapped[str] = mapped_column(String(40), primary_key=True)
    origin_hash: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(EncryptedText("refresh_tokens.token"))
