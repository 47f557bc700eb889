"""Suppression: an address that must get no marketing any more (Art 21(3) GDPR), found by keyed hash."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EncryptedText, UtcDateTime


class Suppression(Base):
    """One address and channel. It outlives its ticket: it must be kept as long as there could be marketing (Art 17(3)(b) GDPR)."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("address_hash", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(EncryptedText("suppressions.address"))
    """The mail address by which whoever sends knows the person, whatever the channel."""
    channel: Mapped[str] = mapped_column(String(10))
    """mail, post, phone or sms."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    reference: Mapped[str | None] = mapped_column(String(20))
    """Its ticket's, which may be purged before it; None where a colleague put the address down without one."""
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a colleague noted that the person consented anew; None: in force."""
    lifted_why: Mapped[str | None] = mapped_column(EncryptedText("suppressions.lifted_why"))
    """Where that consent is, in the colleague's words (Art 7(1) GDPR)."""

    @property
    def in_force(self) -> bool:
        """Whether marketing by this channel is forbidden now."""
        return self.lifted_at is None
