"""Mail folder: a folder of the mailbox that is only looked at (EXAMINE, BODY.PEEK), for importing what lies there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.mail_config import ImapConfig
from bot.mailbox import Mail, Mailbox
from bot.oauth import Tokens

_WINDOW = 500
_NAMED = 30


@dataclass(frozen=True, slots=True)
class Lying:
    """One mail in the folder."""

    uid: int
    received_at: datetime
    size: int


class MailFolder(Mailbox):
    """One connection that changes nothing. Raises MailboxError, and LookupError for a folder that is not there."""

    def __init__(self, config: ImapConfig, credential: str | Tokens, name: str) -> None:
        self._name = name
        super().__init__(config, credential)

    def _ready(self) -> None:
        """Nothing is made here."""

    def index(self) -> list[Lying]:
        """What lies there, the oldest first, in windows: one answer for all could grow past a line's limit."""
        with self._on_the_line():
            names = sorted(str(name) for flags, _, name in self._client.list_folders() if b"\\Noselect" not in flags)
            if self._name in names or self._name.upper() == "INBOX":
                count = self._client.select_folder(self._name, readonly=True)[b"EXISTS"]
                return sorted(self._lying(count), key=lambda one: (one.received_at, one.uid))
        raise LookupError(f"{self._name}: is no folder of the mailbox; there are {', '.join(names[:_NAMED])}")

    def read(self, one: Lying, largest: int) -> Mail | None:
        """The mail, without marking it as read; None when somebody took it away meanwhile."""
        too_large = one.size > largest
        with self._on_the_line():
            raws = self._parts([one.uid], "BODY.PEEK[HEADER]" if too_large else "BODY.PEEK[]")
        return Mail(one.uid, one.received_at, raws[one.uid], too_large=too_large) if one.uid in raws else None

    def _lying(self, count: int) -> Iterator[Lying]:
        self._client.use_uid = False
        try:
            for first in range(1, count + 1, _WINDOW):
                numbers = list(range(first, min(first + _WINDOW, count + 1)))
                for one in self._client.fetch(numbers, ["UID", "RFC822.SIZE", "INTERNALDATE"]).values():
                    facts = [one.get(key) for key in (b"UID", b"INTERNALDATE", b"RFC822.SIZE")]
                    if None not in facts:  # what another client did meanwhile comes as an answer with fewer fields
                        yield Lying(*facts)
        finally:
            self._client.use_uid = True
