"""Sorting: empties a mailbox's INBOX, one batch after the other; a mail that the server will not move is taken once and told of."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.intake import Filed, Filing
from bot.ledger import leave, left_behind, strike
from bot.mailbox import Mail, Mailbox

log = logging.getLogger("privacybot")

_MOVE_AGAIN = timedelta(minutes=15)
_FOLDERS = {Filing.IGNORED: "ignored", Filing.HELD: "held"}


class Sorter:
    """Files mails and moves them; what it remembers of mails that would not move lies in the ledger, so that a restart changes nothing."""

    def __init__(self, transact: Callable[[Callable[[Session], Any]], Any], file: Callable[[Mail], Filed],
                 tell: Callable[[str, str], None], clock: Callable[[], datetime]) -> None:  # fmt: skip
        """`file` records one mail; `tell` takes a key and a line for the desk, once per key."""
        self._transact, self._file, self._tell, self._clock = transact, file, tell, clock
        self._moved: dict[str, tuple[int, frozenset[int]]] = {}
        self._tried: dict[str, datetime] = {}
        self.last_looks: dict[str, datetime] = {}
        """When each mailbox was last looked into."""

    def take(self, mailbox: Mailbox) -> int:
        """File one batch, then move it out of INBOX: only after the commit. Returns how many mails it was.

        Raises MailboxError, SchemaError.
        """
        known: dict[int, str] = {}

        def left(validity: int) -> Mapping[int, str]:
            known.update(self._transact(lambda session: left_behind(session, mailbox.name, validity)))
            return known

        mails = mailbox.fetch(left)
        self.last_looks[mailbox.name] = self._clock()
        stuck = self._move(mailbox, [(mail.uid, self._folder(mailbox, self._file(mail))) for mail in mails])
        if stuck:
            self._transact(lambda session: leave(session, mailbox.name, mailbox.validity, stuck))
            if not known:
                self._say(mailbox, len(stuck), min(stuck))
        if known:
            self._move_again(mailbox, known)
        return len(mails)

    def _folder(self, mailbox: Mailbox, filed: Filed) -> str:
        return str(getattr(mailbox.config.folders, _FOLDERS.get(filed.filing, "filed")))

    def _move(self, mailbox: Mailbox, mails: list[tuple[int, str]]) -> dict[int, str]:
        """Returns those that did not move: refused, or still there although the server had said that they are gone."""
        stuck: dict[int, str] = {}
        for folder in sorted({folder for _, folder in mails}):
            stuck |= mailbox.file([uid for uid, place in mails if place == folder], folder)
        before = self._moved.get(mailbox.name)
        again = before[1] if before and before[0] == mailbox.validity else frozenset()
        self._moved[mailbox.name] = (mailbox.validity, frozenset(uid for uid, _ in mails))
        return stuck | {uid: folder for uid, folder in mails if uid in again}

    def _move_again(self, mailbox: Mailbox, known: Mapping[int, str]) -> None:
        """From time to time: a folder that was full may have room again."""
        now = self._clock()
        if now < self._tried.get(mailbox.name, now):
            return
        self._tried[mailbox.name] = now + _MOVE_AGAIN
        some = list(known.items())[: mailbox.config.batch]
        stuck = {uid: place for folder in sorted(set(known.values())) for uid, place in
                 mailbox.file([uid for uid, place in some if place == folder], folder).items()}  # fmt: skip
        still = mailbox.present([uid for uid, _ in some if uid not in stuck])  # some servers say OK and move nothing
        gone = [uid for uid, _ in some if uid not in stuck and uid not in still]
        self._transact(lambda session: strike(session, mailbox.name, mailbox.validity, gone))
        if gone and not (stuck or still):  # there may be more of them
            self._tried.pop(mailbox.name)
        if len(gone) == len(known):
            log.info("mailbox %s: what was left in INBOX has been moved", mailbox.name)

    def _say(self, mailbox: Mailbox, number: int, first: int) -> None:
        log.warning("mailbox %s: %d mails are recorded but can't be moved out of INBOX; tried again each 15 minutes", mailbox.name, number)
        words = f"Mailbox {mailbox.name}: mails are recorded, with their clocks running, but the server will not move them out of INBOX."
        advice = "Please look whether the mailbox is full and whether the bot may write to its folders."
        self._tell(f"left-in-inbox:{mailbox.name}:{mailbox.validity}:{first}", f"{words} {advice}")
