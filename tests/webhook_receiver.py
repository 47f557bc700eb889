"""A webhook's receiver on loopback: keeps what it is sent, answers as it is told, over TLS if wished, as slowly as wished."""

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.live.token_server import certificate_in

SECRET = "a-secret-of-the-tests-0123456789"


@dataclass(frozen=True)
class Delivery:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """`answer`: status and headers of the next answers; `gate`: while it is closed, requests are taken and not answered."""

    def __init__(self, tls_in: Path | None = None) -> None:
        self.taken: list[Delivery] = []
        self.answer: tuple[int, dict[str, str]] = (204, {})
        self.gate = threading.Event()
        self.gate.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.certificate = tls_in / "ca.pem" if tls_in else None
        if tls_in:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate_in(tls_in))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls_in else 'http'}://127.0.0.1:{self.port}/hook?from=privacybot"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [delivery.event for delivery in self.taken]

    def types(self) -> list[str]:
        """What kinds of events came, in order."""
        return [event["type"] for event in self.events]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append(Delivery(self.path, dict(self.headers), body))
            receiver.gate.wait(60)
            status, headers = receiver.answer
            try:
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
            except OSError:  # whoever asked has hung up
                self.close_connection = True

        def do_GET(self) -> None:
            receiver.taken.append(Delivery(self.path, dict(self.headers), b'{"type": "GET"}'))
            self.send_error(405)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Quiet."""

    return Handler
