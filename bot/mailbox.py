"""Mailbox: IMAP. INBOX is the queue: fetch the oldest, file what is recorded; IDLE only wakes us, a full look is the truth."""

import imaplib
import logging
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from bot.mail_config import ImapConfig

log = logging.getLogger("privacybot")

# IMAPClient's own errors are imaplib's; OSError is the socket's and TLS's; the others come of answers that make no sense.
_TROUBLE = (imaplib.IMAP4.error, IMAPClientError, OSError, LookupError, ValueError, TypeError, AssertionError)
_IDLE_RENEW_SECONDS = 5 * 60  # half of what servers and firewalls allow at the least


class MailboxError(RuntimeError):
    """The mailbox can't be used now; the message is a code or a class name, never the server's words. `login`: it refused us."""

    def __init__(self, reason: str, *, login: bool = False) -> None:
        super().__init__(reason)
        self.login = login


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it lies in the mailbox. `raw` holds its headers only when it is `too_large`."""

    uid: int
    received_at: datetime
    raw: bytes = field(repr=False)
    too_large: bool = False


class Mailbox:
    """One logged-in connection; not thread-safe, so each thread makes its own."""

    def __init__(self, config: ImapConfig, password: str) -> None:
        """Connect and log in. Raises MailboxError."""
        self._config = config
        self._without_text: set[int] = set()
        self._told = False
        try:
            self._client = _open(config, password)
        except _TROUBLE as error:
            raise MailboxError(type(error).__name__) from None
        with self._on_the_line():
            self._ready()

    def fetch(self) -> list[Mail]:
        """The oldest mails of INBOX, one batch at the most; marks none of them as read. Raises MailboxError."""
        with self._on_the_line():
            count = self._client.select_folder(self._config.folders.inbox)[b"EXISTS"]
            return self._fetch_first(min(count, self._config.batch)) if count else []

    def file(self, uids: list[int], folder: str) -> None:
        """Move mails out of INBOX; nothing happens to those that somebody else moved already. Raises MailboxError."""
        if not uids:
            return
        with self._on_the_line():
            try:
                self._move(uids, folder)
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, IMAPClientError):
                left = self._client.search(["UID", ",".join(map(str, uids))])
                if len(left) == len(uids):
                    raise
                self.file(left, folder)  # some servers refuse all when one is gone

    def wait(self, seconds: float, wake: socket.socket) -> None:
        """Return when something may have arrived, when `wake` becomes readable, or after so many seconds. Raises MailboxError."""
        with self._on_the_line():
            if self._config.idle and self._client.has_capability("IDLE"):
                self._client.idle()
                _readable(self._client, wake, min(seconds, _IDLE_RENEW_SECONDS))
                self._client.idle_done()
            else:
                select.select([wake], [], [], seconds)
                self._client.noop()

    def close(self) -> None:
        """Log out, or hang up where that fails."""
        with suppress(*_TROUBLE):
            self._client.logout()

    @contextmanager
    def _on_the_line(self) -> Iterator[None]:
        """Trouble ends the connection at once, so that `close` does not wait for a server that has gone mute."""
        try:
            yield
        except _TROUBLE as error:
            _hang_up(self._client)
            raise MailboxError(type(error).__name__) from None

    def _move(self, uids: list[int], folder: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
            return
        self._client.copy(uids, folder)
        self._client.delete_messages(uids)
        # without UIDPLUS, EXPUNGE knows no numbers: it takes all that is marked as deleted
        self._client.expunge(uids if self._client.has_capability("UIDPLUS") else None)

    def _ready(self) -> None:
        folders = self._config.folders
        for folder in (folders.filed, folders.ignored, folders.held):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)

    def _fetch_first(self, count: int) -> list[Mail]:
        heads = self._by_sequence(count)
        small = [uid for uid, head in heads.items() if head[b"RFC822.SIZE"] <= self._config.largest_mail]
        large = [uid for uid in heads if uid not in small]
        raws = {**self._parts(small, "BODY.PEEK[]"), **self._parts(large, "BODY.PEEK[HEADER]")}
        self._look_out_for(heads.keys() - raws.keys())
        return [Mail(uid, heads[uid][b"INTERNALDATE"], raws[uid], too_large=uid in large) for uid in sorted(raws)]

    def _parts(self, uids: list[int], part: str) -> dict[int, bytes]:
        """A part of each mail, without those that are gone meanwhile or that the server answers without it."""
        key = part.replace(".PEEK", "").encode()
        answers = self._client.fetch(uids, [part]) if uids else {}
        return {uid: answers[uid][key] for uid in uids if answers.get(uid, {}).get(key) is not None}

    def _look_out_for(self, missing: set[int]) -> None:
        """A mail without its text was taken away meanwhile; one that is so twice is told of, once per connection, and asked for again."""
        if missing & self._without_text and not self._told:
            log.warning("mailbox: the server gives %d mails without their text; they are asked for again", len(missing))
            self._told = True
        self._without_text = missing

    def _by_sequence(self, count: int) -> dict[int, dict[bytes, Any]]:
        """The first `count` mails by sequence number are the oldest: no search, whose answer can grow past a line's limit."""
        self._client.use_uid = False
        try:
            found = self._client.fetch(list(range(1, count + 1)), ["UID", "RFC822.SIZE", "INTERNALDATE"])
        finally:
            self._client.use_uid = True
        # what another client did meanwhile comes as answers of its own, with fewer fields
        whole = (head for head in found.values() if all(head.get(key) is not None for key in (b"UID", b"RFC822.SIZE", b"INTERNALDATE")))
        return {head[b"UID"]: head for head in whole}


def probe(config: ImapConfig, password: str) -> str:
    """Log in and look, changing nothing. Returns one line; raises MailboxError."""
    try:
        client = _open(config, password)
        count = client.select_folder(config.folders.inbox, readonly=True)[b"EXISTS"]
        folders = config.folders
        missing = [name for name in (folders.filed, folders.ignored, folders.held) if not client.folder_exists(name)]
        idle = "IDLE" if client.has_capability("IDLE") else "polling only"
        client.logout()
    except _TROUBLE as error:
        raise MailboxError(f"no mailbox at {config.host}:{config.port} ({type(error).__name__})") from None
    return f"{count} mails in {config.folders.inbox}, {idle}" + (f"; will be made: {', '.join(missing)}" if missing else "")


def _open(config: ImapConfig, password: str) -> IMAPClient:
    """Connected, on a line as safe as the config wants it, and logged in."""
    seconds = config.timeout.total_seconds()
    context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    client = IMAPClient(
        config.host, config.port, ssl=config.security == "tls", ssl_context=context if config.security == "tls" else None,
        timeout=SocketTimeout(connect=min(seconds, 15), read=seconds),
    )  # fmt: skip
    client.normalise_times = False  # INTERNALDATE stays aware
    try:
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if config.security == "starttls":
            client.starttls(ssl_context=context)
        _login(client, config, password)
    except (*_TROUBLE, MailboxError):
        _hang_up(client)
        raise
    return client


def _hang_up(client: IMAPClient) -> None:
    with suppress(*_TROUBLE):
        client.shutdown()


def _login(client: IMAPClient, config: ImapConfig, password: str) -> None:
    try:
        client.login(config.user, password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, IMAPClientError):
        raise MailboxError("the server refused user or password", login=True) from None


def _readable(client: IMAPClient, wake: socket.socket, seconds: float) -> bool:
    """Wait on the socket itself: IMAPClient's idle_check breaks on a line that comes in two pieces, idle_done does not."""
    line, buffered = client.socket(), _buffered(client)
    if buffered or (isinstance(line, ssl.SSLSocket) and line.pending()):
        return True
    readable, _, _ = select.select([line, wake], [], [], seconds)
    return bool(readable)


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
