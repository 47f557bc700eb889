"""Mailbox: IMAP. INBOX is the queue: fetch the oldest, file what is recorded; IDLE only wakes us, a full look is the truth."""

import imaplib
import logging
import select
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from imapclient import IMAPClient

from bot.imap_line import REFUSALS, TROUBLE, MailboxError, hang_up, open_line, token_ended, trouble
from bot.mail_config import MAIN, ImapConfig
from bot.oauth import TokenError, Tokens
from bot.unread import TOO_LARGE, WITHHELD

log = logging.getLogger("privacybot")

__all__ = ["Mail", "Mailbox", "MailboxError", "probe"]

COPIED = ""
"""Where a mail is to go whose copy is there already: only out of INBOX."""
_ALIVE_SECONDS = 15.0
"""How long an answer to DONE or NOOP may take; with `idle_renew` below 45 s a dead line is found within a minute."""
_PATIENCE = 3
"""How often a mail is asked for whose text does not come; then its headers must do, for its clock runs."""
_WINDOW = 5_000  # of sequence numbers in one SEARCH: imaplib takes lines of up to a million bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it lies in the mailbox. `raw` holds its headers only when it is `too_large`, or its text `withheld` by the server."""

    uid: int
    received_at: datetime
    raw: bytes = field(repr=False)
    too_large: bool = False
    withheld: bool = False
    mailbox: str = MAIN

    @property
    def without_text(self) -> str:
        """Why `raw` holds the headers only; empty where it holds all."""
        return TOO_LARGE if self.too_large else WITHHELD if self.withheld else ""


class Mailbox:
    """One logged-in connection; not thread-safe, so each thread makes its own."""

    def __init__(self, config: ImapConfig, credential: str | Tokens, name: str = MAIN) -> None:
        """Connect and log in by password or token. Raises MailboxError."""
        self.config, self.name, self.validity = config, name, 0
        self._credential = credential
        self._misses: Counter[int] = Counter()
        self._copied: set[int] = set()
        self._told = self._readonly = False
        try:
            self._client, self._token = open_line(config, credential)
        except (*TROUBLE, MailboxError, TokenError) as error:
            raise trouble(error) from None
        with self._on_the_line():
            self._ready()

    @property
    def is_worn(self) -> bool:
        """Whether its access token is about to end, so that it should be opened anew."""
        return isinstance(self._credential, Tokens) and self._credential.is_worn(self._token)

    def fetch(self, left: Callable[[int], Collection[int]] = lambda _: ()) -> list[Mail]:
        """The oldest mails of INBOX, one batch at the most; marks none of them as read. Raises MailboxError.

        `left` tells by INBOX's UIDVALIDITY the UIDs that were taken before and lie there still.
        """
        with self._on_the_line():
            count = self._look()
            done = frozenset(left(self.validity))
            heads = self._heads_beyond(done, count) if done else self._heads_of_first(min(count, self.config.batch))
            return self._fetch(heads) if heads else []

    def file(self, uids: list[int], folder: str) -> dict[int, str]:
        """Move mails out of INBOX; nothing happens to those that somebody else moved already.

        Returns those that the server will not move, and where they are still to go. Raises MailboxError.
        """
        if not uids:
            return {}
        if self._readonly:
            return dict.fromkeys(uids, folder)
        with self._on_the_line():
            return self._file(uids, folder)

    def present(self, uids: list[int]) -> list[int]:
        """Those of them that lie in INBOX. Raises MailboxError."""
        with self._on_the_line():
            return list(self._client.search(["UID", ",".join(map(str, uids))])) if uids else []

    def wait(self, seconds: float, wake: socket.socket) -> None:
        """Return when something may have arrived, when `wake` becomes readable, or after so many seconds. Raises MailboxError."""
        end, woken = monotonic() + seconds, False
        with self._on_the_line():
            while not woken and (rest := end - monotonic()) > 0:
                woken = self._rest(min(rest, self.config.idle_renew.total_seconds()), wake)

    def close(self) -> None:
        """Log out, or hang up where that fails."""
        with suppress(*TROUBLE):
            self._client.logout()

    @contextmanager
    def _on_the_line(self) -> Iterator[None]:
        """Trouble ends the connection at once, so that `close` does not wait for a server that has gone mute."""
        try:
            yield
        except TROUBLE as error:
            hang_up(self._client)
            if isinstance(self._credential, Tokens) and token_ended(error):
                self._credential.forget(self._token)
            raise trouble(error) from None

    def _ready(self) -> None:
        """Missing folders are made; where that is not allowed, it will show when a mail is to go there."""
        folders = self.config.folders
        for folder in (folders.filed, folders.ignored, folders.held):
            if not self._client.folder_exists(folder):
                self._refused(lambda folder=folder: self._client.create_folder(folder))  # type: ignore[misc]

    def _look(self) -> int:
        """Select INBOX. Returns how many mails lie there."""
        try:
            answer = self._client.select_folder(self.config.folders.inbox)
            self._readonly = False
        except imaplib.IMAP4.readonly:  # we may read it and move nothing: every mail is taken all the same
            answer = self._client.select_folder(self.config.folders.inbox, readonly=True)
            self._readonly = True
        before, self.validity = self.validity, int(answer.get(b"UIDVALIDITY", 0))
        if before != self.validity:
            self._copied.clear()
        return int(answer[b"EXISTS"])

    def _rest(self, seconds: float, wake: socket.socket) -> bool:
        """Wait once, then hear whether the server is still there. Returns whether something happened."""
        idle = self.config.idle and self._client.has_capability("IDLE")
        if idle:
            self._client.idle()
        happened = _readable(self._client if idle else None, wake, seconds)
        with _soon(self._client, min(_ALIVE_SECONDS, self.config.timeout.total_seconds())):
            told = self._client.idle_done()[1] if idle else []
            _, news = self._client.noop()
        return happened or any(len(line) > 1 and line[1] == b"EXISTS" for line in (*told, *news))

    def _file(self, uids: list[int], folder: str) -> dict[int, str]:
        if not self._refused(lambda: self._move(uids, folder)):
            return {}
        left = self.present(uids)
        if len(left) < len(uids):  # some servers refuse all when one is gone
            return self._file(left, folder) if left else {}
        if len(uids) > 1:  # or when one of them is too much for the folder
            return {uid: place for one in uids for uid, place in self._file([one], folder).items()}
        if folder and not self._client.folder_exists(folder) and not self._refused(lambda: self._client.create_folder(folder)):
            return self._file(uids, folder)
        return {uid: COPIED if uid in self._copied else folder for uid in uids}

    def _refused(self, command: Callable[[], object]) -> bool:
        """Whether the server answers NO. One that asks us to come later is trouble, as a broken line is."""
        try:
            command()
        except imaplib.IMAP4.abort:
            raise
        except REFUSALS as error:
            if trouble(error).after or token_ended(error):
                raise
            return True
        return False

    def _move(self, uids: list[int], folder: str) -> None:
        if folder != COPIED and self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
            return
        if to_copy := [uid for uid in uids if folder != COPIED and uid not in self._copied]:
            self._client.copy(to_copy, folder)
            self._copied.update(to_copy)  # should deleting be refused, the next attempt makes no second copy
        self._client.delete_messages(uids)
        # without UIDPLUS, EXPUNGE knows no numbers: it takes all that is marked as deleted
        self._client.expunge(uids if self._client.has_capability("UIDPLUS") else None)
        self._copied.difference_update(uids)

    def _fetch(self, heads: Mapping[int, Mapping[bytes, Any]]) -> list[Mail]:
        small = [uid for uid, head in heads.items() if head[b"RFC822.SIZE"] <= self.config.largest_mail]
        large = [uid for uid in heads if uid not in small]
        raws = {**self._parts(small, "BODY.PEEK[]"), **self._parts(large, "BODY.PEEK[HEADER]")}
        withheld = self._parts(self._missing(heads.keys() - raws.keys()), "BODY.PEEK[HEADER]")
        raws |= withheld
        oldest_first = sorted(raws, key=lambda uid: (heads[uid][b"INTERNALDATE"], uid))
        return [Mail(uid, heads[uid][b"INTERNALDATE"], raws[uid], uid in large, uid in withheld, self.name) for uid in oldest_first]

    def _parts(self, uids: list[int], part: str) -> dict[int, bytes]:
        """A part of each mail, without those that are gone meanwhile or that the server answers without it."""
        key = part.replace(".PEEK", "").encode()
        answers = self._client.fetch(uids, [part]) if uids else {}
        return {uid: answers[uid][key] for uid in uids if answers.get(uid, {}).get(key) is not None}

    def _missing(self, missing: set[int]) -> list[int]:
        """A mail without its text was taken away meanwhile, or is asked for again. Returns those for which that was done often enough."""
        self._misses = Counter({uid: self._misses[uid] + 1 for uid in missing})
        if not self._told and any(times > 1 for times in self._misses.values()):
            log.warning("mailbox: the server gives %d mails without their text; they are asked for again", len(missing))
            self._told = True
        return [uid for uid, times in self._misses.items() if times > _PATIENCE]

    def _heads_of_first(self, count: int) -> dict[int, dict[bytes, Any]]:
        """The first `count` mails by sequence number are the oldest: no search, whose answer can grow past a line's limit."""
        self._client.use_uid = False
        try:
            return _whole(self._client.fetch(list(range(1, count + 1)), ["UID", *_HEAD])) if count else {}
        finally:
            self._client.use_uid = True

    def _heads_beyond(self, done: Collection[int], count: int) -> dict[int, dict[bytes, Any]]:
        """The first mails that are none of those `done`."""
        new: list[int] = []
        for start in range(1, count + 1, _WINDOW):
            found = self._client.search([f"{start}:{min(start + _WINDOW - 1, count)}"])
            new += sorted(uid for uid in found if uid not in done)
            if len(new) >= self.config.batch:
                break
        wanted = new[: self.config.batch]
        return _whole({uid: {b"UID": uid, **head} for uid, head in self._client.fetch(wanted, [*_HEAD]).items()}) if wanted else {}


_HEAD = ("RFC822.SIZE", "INTERNALDATE")


def _whole(answers: Mapping[int, Mapping[bytes, Any]]) -> dict[int, dict[bytes, Any]]:
    """By UID; what another client did meanwhile comes as answers of its own, with fewer fields."""
    keys = (b"UID", *(key.encode() for key in _HEAD))
    return {head[b"UID"]: dict(head) for head in answers.values() if all(head.get(key) is not None for key in keys)}


def probe(config: ImapConfig, credential: str | Tokens) -> str:
    """Log in and look, changing nothing. Returns one line; raises MailboxError."""
    try:
        client, _ = open_line(config, credential)
        count = client.select_folder(config.folders.inbox, readonly=True)[b"EXISTS"]
        folders = config.folders
        missing = [name for name in (folders.filed, folders.ignored, folders.held) if not client.folder_exists(name)]
        idle = "IDLE" if client.has_capability("IDLE") else "polling only"
        client.logout()
    except TokenError as error:
        raise MailboxError(str(error)) from None
    except TROUBLE as error:
        raise MailboxError(f"no mailbox at {config.host}:{config.port} ({type(error).__name__})") from None
    return f"{count} mails in {config.folders.inbox}, {idle}" + (f"; will be made: {', '.join(missing)}" if missing else "")


@contextmanager
def _soon(client: IMAPClient, seconds: float) -> Iterator[None]:
    """Answers must come within so many seconds."""
    line = client.socket()
    before = line.gettimeout()
    line.settimeout(seconds)
    try:
        yield
    finally:
        with suppress(OSError):
            line.settimeout(before)


def _readable(client: IMAPClient | None, wake: socket.socket, seconds: float) -> bool:
    """Wait on the socket itself: IMAPClient's idle_check breaks on a line that comes in two pieces, idle_done does not."""
    if client is None:
        return bool(select.select([wake], [], [], seconds)[0])
    line = client.socket()
    if _buffered(client) or (isinstance(line, ssl.SSLSocket) and line.pending()):
        return True
    return bool(select.select([line, wake], [], [], seconds)[0])


def _buffered(client: IMAPClient) -> bool:
    """Bytes that were read from the socket but not yet from the buffer; no system call, no blocking."""
    line = client.socket()
    before = line.gettimeout()
    line.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        line.settimeout(before)
