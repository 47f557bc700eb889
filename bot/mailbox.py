"""Mailbox: IMAP. INBOX is the queue: fetch the oldest, file what is recorded; IDLE only wakes us, a full look is the truth."""

import imaplib
import select
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from bot.config import ImapConfig

# IMAPClient's own errors are imaplib's; the rest is the socket's and TLS's.
_TROUBLE = (imaplib.IMAP4.error, IMAPClientError, OSError, ssl.SSLError)
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
        try:
            self._client = _connect(config)
            _login(self._client, config, password)
            self._ready()
        except _TROUBLE as error:
            raise MailboxError(type(error).__name__) from None

    def fetch(self) -> list[Mail]:
        """The oldest mails of INBOX, one batch at the most; marks none of them as read. Raises MailboxError."""
        try:
            count = self._client.select_folder(self._config.folders.inbox)[b"EXISTS"]
            return self._fetch_first(min(count, self._config.batch)) if count else []
        except _TROUBLE as error:
            raise MailboxError(type(error).__name__) from None

    def file(self, uids: list[int], folder: str) -> None:
        """Move mails out of INBOX; nothing happens to those that somebody else moved already. Raises MailboxError."""
        if not uids:
            return
        try:
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
            else:
                self._client.copy(uids, folder)
                self._client.delete_messages(uids)
                self._client.expunge(uids)
        except _TROUBLE as error:
            raise MailboxError(type(error).__name__) from None

    def wait(self, seconds: float, wake: socket.socket) -> None:
        """Return when something may have arrived, when `wake` becomes readable, or after so many seconds. Raises MailboxError."""
        try:
            if self._config.idle and self._client.has_capability("IDLE"):
                self._client.idle()
                _readable(self._client, wake, min(seconds, _IDLE_RENEW_SECONDS))
                self._client.idle_done()
            else:
                select.select([wake], [], [], seconds)
                self._client.noop()
        except _TROUBLE as error:
            raise MailboxError(type(error).__name__) from None

    def close(self) -> None:
        """Log out, or hang up where that fails."""
        with suppress(*_TROUBLE):
            self._client.logout()

    def _ready(self) -> None:
        folders = self._config.folders
        for folder in (folders.filed, folders.ignored, folders.held):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)

    def _fetch_first(self, count: int) -> list[Mail]:
        heads = self._by_sequence(count)
        sizes = {uid: head[b"RFC822.SIZE"] for uid, head in heads.items()}
        small = [uid for uid in heads if sizes[uid] <= self._config.largest_mail]
        large = [uid for uid in heads if sizes[uid] > self._config.largest_mail]
        bodies = self._client.fetch(small, ["BODY.PEEK[]"]) if small else {}
        headers = self._client.fetch(large, ["BODY.PEEK[HEADER]"]) if large else {}
        mails = [Mail(uid, heads[uid][b"INTERNALDATE"], bodies[uid][b"BODY[]"]) for uid in small if b"BODY[]" in bodies.get(uid, {})]
        mails += [
            Mail(uid, heads[uid][b"INTERNALDATE"], headers[uid][b"BODY[HEADER]"], too_large=True)
            for uid in large
            if b"BODY[HEADER]" in headers.get(uid, {})
        ]
        return sorted(mails, key=lambda mail: mail.uid)

    def _by_sequence(self, count: int) -> dict[int, dict[bytes, Any]]:
        """The first `count` mails by sequence number are the oldest: no search, whose answer can grow past a line's limit."""
        self._client.use_uid = False
        try:
            found = self._client.fetch(list(range(1, count + 1)), ["UID", "RFC822.SIZE", "INTERNALDATE"])
        finally:
            self._client.use_uid = True
        whole = (head for head in found.values() if {b"UID", b"RFC822.SIZE", b"INTERNALDATE"} <= head.keys())
        return {head[b"UID"]: head for head in whole}


def probe(config: ImapConfig, password: str) -> str:
    """Log in and look, changing nothing. Returns one line; raises MailboxError."""
    try:
        client = _connect(config)
        _login(client, config, password)
        count = client.select_folder(config.folders.inbox, readonly=True)[b"EXISTS"]
        folders = config.folders
        missing = [name for name in (folders.filed, folders.ignored, folders.held) if not client.folder_exists(name)]
        idle = "IDLE" if client.has_capability("IDLE") else "polling only"
        client.logout()
    except _TROUBLE as error:
        raise MailboxError(f"no mailbox at {config.host}:{config.port} ({type(error).__name__})") from None
    return f"{count} mails in {config.folders.inbox}, {idle}" + (f"; will be made: {', '.join(missing)}" if missing else "")


def _connect(config: ImapConfig) -> IMAPClient:
    seconds = config.timeout.total_seconds()
    context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    client = IMAPClient(
        config.host, config.port, ssl=config.security == "tls", ssl_context=context if config.security == "tls" else None,
        timeout=SocketTimeout(connect=min(seconds, 15), read=seconds),
    )  # fmt: skip
    client.normalise_times = False  # INTERNALDATE stays aware
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if config.security == "starttls":
        client.starttls(ssl_context=context)
    return client


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
