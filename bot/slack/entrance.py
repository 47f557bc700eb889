"""Entrance: Slack's requests over HTTP instead of a web socket, each with Slack's signature; behind a web server that speaks TLS."""

import io
import socket
import threading
from collections.abc import Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.slack_config import SlackHttpConfig

_PATIENCE_SECONDS = 10.0  # for a request that never ends
_LARGEST = 2 * 1024 * 1024
"""Bytes of a body; it is read before its signature can be checked, and Slack's own are far smaller."""


class Entrance:
    """Serves one path between `open` and `close`. Bolt checks the signature, and that it is no older than five minutes."""

    def __init__(self, config: SlackHttpConfig, app: App) -> None:
        self._config, self._bolt = config, SlackRequestHandler(app, path=config.path)
        self._server: _Server | None = None

    @property
    def is_open(self) -> bool:
        """Whether requests are taken."""
        return self._server is not None

    @property
    def port(self) -> int:
        """Where it listens; 0 while it is closed."""
        return int(self._server.server_port) if self._server else 0

    def open(self) -> None:
        """Begin. Raises OSError when the port is taken."""
        server = (_Server6 if ":" in self._config.host else _Server)((self._config.host, self._config.port), _Handler)
        server.set_app(self._answer)
        threading.Thread(target=server.serve_forever, name="slack-http", daemon=True).start()
        self._server = server

    def close(self) -> None:
        """Take no more requests; those under way are answered."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or len(length) > 10:
            return _refuse(start, HTTPStatus.BAD_REQUEST)
        if int(length) > _LARGEST:
            return _refuse(start, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            return self._bolt(environ, start)
        except ValueError:  # a body that is no UTF-8, or none at all
            return _refuse(start, HTTPStatus.BAD_REQUEST)


def _refuse(start: StartResponse, status: HTTPStatus) -> Iterable[bytes]:
    start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
    return [f"{status.phrase}\n".encode()]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # the answers under way are given before the end
    block_on_close = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Without the look-up of the host's name, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may hang up before the answer; the library would print a traceback."""


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_SECONDS

    def get_stderr(self) -> io.StringIO:
        """Where the library would write tracebacks."""
        return io.StringIO()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Requests are not logged."""
