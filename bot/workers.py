"""Workers: a thread that does one step again and again, sooner when poked; and the watch over the mailbox."""

import logging
import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from bot.mail_config import MAIN
from bot.mailbox import Mailbox, MailboxError
from bot.throttling import LONGEST_SECONDS
from models.schema import SchemaError

log = logging.getLogger("privacybot")

_LONGEST_PAUSE_SECONDS = 300.0


def attempt(step: Callable[[], object]) -> Exception | None:
    """Do something whose failure must not end its thread. Returns what went wrong, if anything."""
    try:
        step()
    except Exception as error:  # a job's boundary: whatever went wrong, the next round tries again
        return error
    return None


class Worker:
    """Runs `step` in its own thread whenever it is poked, one after the other; one that fails is logged, by its error's name and once."""

    def __init__(self, name: str, step: Callable[[], object]) -> None:
        self._name, self._step = name, step
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first step at once."""
        self._wake.set()
        self._thread.start()

    def poke(self) -> None:
        """Do a step as soon as the present one is done."""
        self._wake.set()

    def halt(self) -> None:
        """Begin no further step; does not wait."""
        self._stopping.set()
        self._wake.set()

    def stop(self, seconds: float) -> None:
        """Finish the step under way, within so many seconds."""
        self.halt()
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stopping.is_set():
                return
            error = attempt(self._step)
            if error is None:
                self._say_up()
            else:
                self._say_down(type(error).__name__)

    def _say_down(self, reason: str) -> None:
        """Once, and again only when something else goes wrong."""
        if self._trouble != reason:
            log.error("%s: %s; trying again until it works, nothing is lost", self._name, reason)
        self._trouble = reason

    def _say_up(self) -> None:
        if self._trouble:
            log.info("%s: works again", self._name)
        self._trouble = ""


class MailboxWatch:
    """Keeps one connection, empties INBOX batch by batch, waits, and starts over after any trouble with a jittered pause."""

    def __init__(self, connect: Callable[[], Mailbox], take: Callable[[Mailbox], int], poll: timedelta,
                 name: str = MAIN, pause: Callable[[float], object] | None = None) -> None:  # fmt: skip
        """`take` files one batch and returns how many mails of it were new; `pause` waits for so many seconds, or until the end."""
        self._connect, self._take, self.poll = connect, take, poll
        self._says = "mailbox" if name == MAIN else f"mailbox {name}"
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._stopping = threading.Event()
        self._wait = pause or self._stopping.wait
        self._thread = threading.Thread(target=self._run, name=self._says, daemon=True)
        self._failures, self._said = 0, ""
        self.trouble = ""
        """What keeps us from the mailbox now: a code or a class name; empty while all is well."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def poke(self) -> None:
        """Look into the mailbox now."""
        with suppress(OSError):
            self._writer.send(b"!")

    def halt(self) -> None:
        """Begin no further batch; does not wait."""
        self._stopping.set()
        self.poke()

    def stop(self, seconds: float) -> None:
        """Finish the batch under way, within so many seconds."""
        self.halt()
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if (error := attempt(lambda: self._watch(self._connect()))) is not None:
                self._say_down(error)
                self._pause(error)
        self._reader.close()
        self._writer.close()

    def _watch(self, mailbox: Mailbox) -> None:
        try:
            worn = False  # a new access token in time: no reason to speak of trouble
            while not self._stopping.is_set() and not worn:
                while not self._stopping.is_set() and self._take(mailbox):
                    pass
                mailbox.wait(self.poll.total_seconds(), self._reader)
                worn = mailbox.is_worn
                self._drain()
                self._say_up()  # not before the wait: a server that always fails there would be asked without any pause
        finally:
            mailbox.close()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while self._reader.recv(64):
                pass

    def _pause(self, error: Exception) -> None:
        """Longer each time, and never shorter than the server wishes."""
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
        wished = min(LONGEST_SECONDS, error.after * (1.5 - jitter / 2)) if isinstance(error, MailboxError) else 0.0
        self._wait(max(wished, min(_LONGEST_PAUSE_SECONDS, 2.0 ** min(self._failures, 9)) * jitter))

    def _say_down(self, error: Exception) -> None:
        """Once, however the trouble changes its name; again only when it is one that a person must see to."""
        needs_a_person = isinstance(error, MailboxError) and error.login
        reason = str(error) if isinstance(error, (MailboxError, SchemaError)) else type(error).__name__
        self.trouble = reason
        if self._failures == 0 or (needs_a_person and reason != self._said):
            log.warning("%s: %s; retrying until it works, nothing is lost", self._says, reason)
            self._said = reason
        self._failures += 1

    def _say_up(self) -> None:
        if self._failures:
            log.info("%s: works again", self._says)
        self._failures, self._said, self.trouble = 0, "", ""
