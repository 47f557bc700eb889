"""Health: /healthz and /metrics on loopback; counts and ages only."""

import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf, isfinite
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from bot.config import HealthConfig

_PATIENCE_SECONDS = 10.0  # for a request that never ends
_AGES = ("seconds_since_poll", "seconds_since_arrival")
Figures = Callable[[], Mapping[str, float]]


class HealthServer:
    """Serves until closed. `figures` returns name -> number; `healthy` is one of them (1 or 0)."""

    def __init__(self, config: HealthConfig, figures: Figures) -> None:
        """Raises OSError when the port is taken."""
        self._server = _server_class(config.host)((config.host, config.port), _handler(figures))
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may hang up before the answer; the library would print a traceback."""


class _Server6(_Server):
    address_family = socket.AF_INET6


def _server_class(host: str) -> type[_Server]:
    return _Server6 if ":" in host else _Server


def _handler(figures: Figures) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE_SECONDS

        def do_GET(self) -> None:
            if self.path not in ("/healthz", "/metrics"):
                self._answer(404, b"not found\n", "text/plain")
                return
            try:
                values = figures()
            except SQLAlchemyError:
                self._answer(503, b"no database\n", "text/plain")
                return
            if self.path == "/metrics":
                self._answer(200, _metrics(values), CONTENT_TYPE_LATEST)
            elif values.get("healthy"):
                self._answer(200, b"ok\n" + _ages(values), "text/plain")
            else:
                self._answer(503, b"not polling\n" + _ages(values), "text/plain")

        def _answer(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Requests are not logged."""

    return Handler


def _ages(values: Mapping[str, float]) -> bytes:
    """`seconds since poll: 12`, a line each; without those that never were."""
    known = {name.replace("_", " "): values[name] for name in _AGES if isfinite(values.get(name, inf))}
    return "".join(f"{name}: {value:.0f}\n" for name, value in known.items()).encode()


def _metrics(values: Mapping[str, float]) -> bytes:
    registry = CollectorRegistry()
    for name, value in values.items():
        Gauge(f"privacybot_{name}", name.replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)
