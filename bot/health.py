"""Health: /healthz and /metrics on loopback; counts and ages only."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.config import HealthConfig

Figures = Callable[[], Mapping[str, float]]


class HealthServer:
    """Serves until closed. `figures` returns name -> number; `healthy` is one of them (1 or 0)."""

    def __init__(self, config: HealthConfig, figures: Figures) -> None:
        """Raises OSError when the port is taken."""
        self._server = ThreadingHTTPServer((config.host, config.port), _handler(figures))
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def _handler(figures: Figures) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            values = figures()
            if self.path == "/healthz":
                healthy = bool(values.get("healthy"))
                self._answer(200 if healthy else 503, b"ok\n" if healthy else b"not polling\n", "text/plain")
            elif self.path == "/metrics":
                self._answer(200, _metrics(values), CONTENT_TYPE_LATEST)
            else:
                self._answer(404, b"not found\n", "text/plain")

        def _answer(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Requests are not logged."""

    return Handler


def _metrics(values: Mapping[str, float]) -> bytes:
    registry = CollectorRegistry()
    for name, value in values.items():
        Gauge(f"privacybot_{name}", name.replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)
