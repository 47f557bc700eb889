"""A bot that is killed right before a step of the test's choice, and one that lives until everything is at rest.

Started with a config file as `python -m tests.live.mortal`: reads one line of JSON per life and answers with how it ended. Each life is a
process of its own, forked from one that has loaded the model already, so that it costs half a second instead of four.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.app import now
from bot.config_file import read_config, read_secrets
from bot.launch import launch
from intents.classifier import Classifier
from tests.live.dovecot import wait_until

_WRITES = ("INSERT", "UPDATE", "DELETE")
_SMTP_VERBS = ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "QUIT")
_THREADS = ("mailbox", "delivery")


class Fate:
    """Sees the steps of the threads that take mail in and send it out: each command on a wire, each transaction that writes.

    A step is named by thread, deed and number: `mailbox SELECT 1`, `delivery commit 2`.
    """

    def __init__(self, killed_at: str) -> None:
        self.steps: list[str] = []
        self._killed_at, self._counts, self._here = killed_at, Counter[str](), threading.local()

    def watch(self) -> None:
        """From now on, for the rest of this process."""
        sys.addaudithook(self._wire)
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "rollback", lambda _: self._forget())
        event.listen(Engine, "commit", self._commits)
        event.listen(Session, "after_commit", self._committed)

    @property
    def mailbox_is_waiting(self) -> bool:
        """It has taken everything and waits for more."""
        return next((step for step in reversed(self.steps) if step.startswith("mailbox ")), "").startswith("mailbox IDLE")

    @property
    def _wrote(self) -> bool:
        return getattr(self._here, "wrote", False)

    def _forget(self) -> None:
        self._here.wrote = False

    def _wire(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "imaplib.send":
            words = bytes(arguments[1]).decode("ascii", "replace").upper().split()
            self._step(" ".join(words[1:3]) if words[1:2] == ["UID"] else words[min(1, len(words) - 1)])
        elif name == "smtplib.send":
            word = bytes(arguments[1]).split()[0].decode("ascii", "replace").upper()
            self._step(word if word in _SMTP_VERBS else "letter")

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(_WRITES) and not self._wrote:
            self._step("write")
            self._here.wrote = True

    def _commits(self, _connection: Any) -> None:
        if self._wrote:
            self._step("commit")

    def _committed(self, _session: Session) -> None:
        if self._wrote:
            self._forget()
            self._step("committed")

    def _step(self, deed: str) -> None:
        if (thread := threading.current_thread().name) not in _THREADS:
            return
        self._counts[f"{thread} {deed}"] += 1
        step = f"{thread} {deed} {self._counts[f'{thread} {deed}']}"
        self.steps.append(step)
        if step == self._killed_at:
            os.kill(os.getpid(), signal.SIGKILL)


def live(config_file: Path, killed_at: str, minutes: int) -> list[str]:
    """One life on a clock that is `minutes` ahead. Returns its steps, unless it is killed."""
    config = read_config(config_file)
    secrets = read_secrets(config, os.environ)
    fate = Fate(killed_at)
    fate.watch()
    app, service = launch(config, secrets, clock=lambda: now() + timedelta(minutes=minutes))
    service.start()
    wait_until(lambda: not killed_at and fate.mailbox_is_waiting and app.figures()["outbox_waiting"] == 0, 120)
    service.stop()
    app.close()
    return fate.steps


def _one_life(config_file: Path, line: str) -> int:
    """In a process of its own. Returns how it ended: 0, or the signal's number as a negative one."""
    pid = os.fork()
    if not pid:
        steps = live(config_file, **json.loads(line))
        (config_file.parent / "steps.json").write_text(json.dumps(steps), "utf-8")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    """Until the standard input ends."""
    model = Classifier.load()
    Classifier.load = lambda _path=None: model  # type: ignore[method-assign,assignment]
    for line in sys.stdin:
        print(_one_life(Path(sys.argv[1]), line), flush=True)


if __name__ == "__main__":
    main()
