"""Message: what was received or sent, and the files with it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, EncryptedBytes, EncryptedText, UtcDateTime


class Direction(StrEnum):
    """Whether it came in or went out."""

    IN = "in"
    OUT = "out"


class Message(Base):
    """One message. What the bot ignored is remembered without its text: it still lies in the mailbox."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    """Identity of this very message: a second fetch or copy has the same one."""
    message_id_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the Message-ID, to find what a reply answers."""
    reported_id_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Hash of the Message-ID that the sending server put in place of ours, where it said so."""
    direction: Mapped[Direction] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    decision: Mapped[str] = mapped_column(String(10), default="accept")
    rule: Mapped[str] = mapped_column(String(60), default="")
    """The screening rule that decided, or for what went out the letter it is."""
    kind: Mapped[str] = mapped_column(String(20), default="person")
    """person, auto_reply, bounce, ... as screening says; `copy` for a second copy; `automatic` or `staff` for what went out."""
    authentication: Mapped[str | None] = mapped_column(String(20))
    """What our mail server said of the sender: `pass:dmarc`, `fail:dmarc`, `none`, `unknown`; None for what came by another way."""
    correspondent_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the address on the other side: the sender of what came in, the reader of what went out."""
    correspondent: Mapped[str | None] = mapped_column(EncryptedText("messages.correspondent"))
    correspondent_name: Mapped[str | None] = mapped_column(EncryptedText("messages.correspondent_name"))
    message_id: Mapped[str | None] = mapped_column(EncryptedText("messages.message_id"))
    subject: Mapped[str | None] = mapped_column(EncryptedText("messages.subject"))
    text: Mapped[str | None] = mapped_column(EncryptedText("messages.text"))
    body: Mapped[str | None] = mapped_column(EncryptedText("messages.body"))
    slack_channel: Mapped[str | None] = mapped_column(String(20))
    slack_ts: Mapped[str | None] = mapped_column(String(30))

    attachments: Mapped[list["MessageFile"]] = relationship(cascade="all, delete-orphan", order_by="MessageFile.id")


class MessageFile(Base):
    """A file that came with a message; its name and content are encrypted."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText("attachments.name"))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(EncryptedBytes("attachments.content"))
