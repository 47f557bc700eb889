"""An IMAP server that follows a script: for what no good server does, such as going mute or answering in halves."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

Script = Callable[["Talk"], None]
"""Answers one command; the talk knows its tag and words."""
GREETING = "* OK ready"


class HungUp(ConnectionError):
    """The script ended the connection."""


class Talk:
    """One client on the line, and the command that it gave last."""

    def __init__(self, line: socket.socket, heard: list[str]) -> None:
        self._line, self._reader, self._heard = line, line.makefile("rb"), heard
        self.tag, self.words = "", [""]

    @property
    def reader(self) -> BinaryIO:
        return self._reader

    @property
    def verb(self) -> str:
        """FETCH for UID FETCH too."""
        return self.words[1 if self.words[0].upper() == "UID" else 0].upper()

    def next_command(self) -> bool:
        """Read one; False at the end."""
        words = self._reader.readline().decode("utf-8", "replace").split()
        if len(words) < 2:
            return False
        self.tag, self.words = words[0], words[1:]
        self._heard.append(" ".join(self.words))
        return True

    def say(self, *lines: str) -> None:
        """Untagged lines, or any other text."""
        self.say_raw("".join(f"{line}\r\n" for line in lines))

    def say_raw(self, text: str) -> None:
        self._line.sendall(text.encode())

    def done(self, words: str = "OK done") -> None:
        """The tagged answer."""
        self.say(f"{self.tag} {words}")

    def mute(self) -> None:
        """Say nothing more; end when the client has gone."""
        while self._reader.read(1):
            pass
        raise HungUp

    def hang_up(self) -> None:
        raise HungUp

    def close(self) -> None:
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._reader.close()
        self._line.close()


def answer_idle(talk: Talk) -> None:
    talk.say("+ idling")
    talk.reader.readline()
    talk.done()


def answer_select(talk: Talk) -> None:
    talk.say("* 0 EXISTS", "* OK [UIDVALIDITY 1]")
    talk.done("OK [READ-WRITE] selected")


def answer_list(talk: Talk) -> None:
    talk.say(f'* LIST () "/" {talk.words[-1]}')
    talk.done()


def answer_logout(talk: Talk) -> None:
    talk.say("* BYE")
    talk.done()
    talk.hang_up()


class ScriptedImap:
    """Listens on loopback. `scripts`: what to do at a command (`greet`: at the start) instead of answering well."""

    def __init__(self, capabilities: str = "IDLE MOVE UIDPLUS", **scripts: Script) -> None:
        self.heard: list[str] = []
        self._capabilities = capabilities
        self._scripts: dict[str, Script] = {
            "greet": lambda talk: talk.say(GREETING), "CAPABILITY": self._answer_capability, "SELECT": answer_select,
            "EXAMINE": answer_select, "LIST": answer_list, "IDLE": answer_idle, "LOGOUT": answer_logout,
        } | scripts  # fmt: skip
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    @property
    def verbs(self) -> list[str]:
        """The first word of each command, oldest first."""
        return [line.split()[0].upper() for line in self.heard]

    def _answer_capability(self, talk: Talk) -> None:
        talk.say(f"* CAPABILITY IMAP4rev1 {self._capabilities}")
        talk.done()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[Talk(line, self.heard)], daemon=True).start()

    def _serve(self, talk: Talk) -> None:
        with suppress(OSError):
            self._scripts["greet"](talk)
            while talk.next_command():
                self._scripts.get(talk.verb, Talk.done)(talk)
        talk.close()
