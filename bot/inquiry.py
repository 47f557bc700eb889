"""Inquiry: any inbound message after parsing, mail or Slack; the one value every room after parsing speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Source(StrEnum):
    """The way a message came in."""

    MAIL = "mail"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody's mailbox: `address` is lower-case and may be empty when a header could not be read."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the @, or an empty string."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""

    @property
    def local_part(self) -> str:
        """What stands before the @."""
        return self.address.rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """Where in Slack a message stands: the channel, its own time stamp and the thread it belongs to."""

    channel: str
    ts: str
    thread_ts: str | None = None
    user: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """What a colleague passed on: the person who wrote it first, and when it first reached the company."""

    requester: Address = field(repr=False)
    """Empty where the forwarded mail does not show its writer's mailbox."""
    received_at: datetime | None = None
    """Aware; None where the forwarded mail shows no date that can be true."""
    note: str = field(default="", repr=False)
    """What the colleague wrote above it."""


@dataclass(frozen=True, slots=True)
class Behalf:
    """Somebody asks for somebody else: which service it is (empty for a lawyer, a parent, an heir), and whether an authority came along.

    `has_file`: whether any file came with it; without one the authority is the letter's own word.
    """

    service: str
    authority: bool
    has_file: bool = False


NO_HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One message, readable. Nothing in here was decided, only read; texts are `repr=False` so that none reaches a log."""

    source: Source
    external_id: str
    """Identity of this very message: equal for a second fetch or a second copy of it, different for anything else."""
    received_at: datetime
    """When it reached the official channel (IMAP INTERNALDATE, Slack time), aware."""
    sender: Address = field(repr=False)
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    """The writer's own words: without quotes of earlier mail, signature and disclaimer."""
    body: str = field(default="", repr=False)
    """The whole readable text, quotes included."""
    quoted: str = field(default="", repr=False)
    """The quoted or forwarded part of `body`."""
    message_id: str = field(default="", repr=False)
    """The Message-ID with its angle brackets, or an empty string."""
    thread_ids: tuple[str, ...] = field(default=(), repr=False)
    """In-Reply-To first, then References from newest to oldest; Message-IDs with angle brackets."""
    authors: tuple[Address, ...] = field(default=(), repr=False)
    """Every mailbox of every From field: one, in an honest mail."""
    reply_to: tuple[Address, ...] = field(default=(), repr=False)
    recipients: tuple[Address, ...] = field(default=(), repr=False)
    """To and Cc and Delivered-To."""
    sent_at: datetime | None = None
    """The Date header, aware, or None when absent or unreadable."""
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_HEADERS, repr=False)
    """Decoded header values by lower-case name, in order of appearance; Authentication-Results raw, for words may hide syntax there."""
    media_type: str = "text/plain"
    """Content-Type of the whole mail, lower-case, without parameters."""
    problems: tuple[str, ...] = ()
    """What stood in the way of reading it: `encrypted`, `unreadable part`, `too large`, `charset guessed`, ...; never content."""
    place: SlackPlace | None = None
    """Set for messages from Slack."""
    mailbox: str | None = None
    """The name of the mailbox that it came to; None for messages from Slack."""
    forward: Forward | None = None
    """Set when a colleague passed on what somebody else wrote; `text` is then what was passed on."""
    behalf: Behalf | None = None
    """Set when it is asked for somebody else."""
    cautions: tuple[str, ...] = ()
    """What a person should look at before they answer; never content."""

    @property
    def requester(self) -> Address:
        """Who asks: the sender, or whoever wrote what a colleague passed on."""
        return self.forward.requester if self.forward else self.sender

    @property
    def as_asked(self) -> "Inquiry":
        """As if the requester had sent it themselves."""
        return self if self.forward is None else replace(self, sender=self.requester)

    @property
    def first_received_at(self) -> datetime:
        """When it first reached the company, as far as the message shows it; aware."""
        return (self.forward and self.forward.received_at) or self.received_at

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""
