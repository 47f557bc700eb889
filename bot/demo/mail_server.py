"""The demo's mail server: IMAP, SMTP and a web page on loopback, in memory; every address has a mailbox."""

import smtplib
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Self

from imapclient import IMAPClient

PASSWORD = "demo"  # noqa: S105 (a server in memory, on this machine, for a minute)
_START_SECONDS = 20.0


class DemoError(RuntimeError):
    """The demo can't go on; the message says why."""


class DemoMailServer:
    """A subprocess with free ports; ended with the context. Raises DemoError when it does not come up."""

    def __init__(self) -> None:
        self.imap_port, self.smtp_port, self.http_port = _free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        ports = ["--imap-port", str(self.imap_port), "--smtp-port", str(self.smtp_port), "--http-port", str(self.http_port)]
        command = [sys.executable, "-m", "mail_devel", "--host", "127.0.0.1", "--multi-user", "--password", PASSWORD, *ports]
        # in a session of its own: Ctrl-C at the terminal is for the demo, which still reads its letters then
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        with ExitStack() as on_trouble:
            on_trouble.callback(self._end)
            for port in (self.imap_port, self.smtp_port, self.http_port):
                self._wait_for(port, self._process)
            on_trouble.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def deliver(self, raw: bytes, sender: str, recipient: str) -> None:
        """Send a mail as a stranger's server would."""
        with closing(smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10)) as server:  # its own says QUIT in any case
            server.sendmail(sender, [recipient], raw)
            server.quit()

    def inbox(self, address: str) -> list[bytes]:
        """What lies in somebody's INBOX, oldest first."""
        client = IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=10)
        try:
            client.login(address, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]
        finally:
            client.logout()

    def _wait_for(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise DemoError("the demo's mail server did not start")


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports
