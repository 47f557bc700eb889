"""Socket line: Slack's own Socket Mode client, fed one frame at a time, so that a burst of events neither chokes nor delays it."""

import socket
from time import time
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

_CHUNK = 65_536
_SHORT, _LONG, _LONGER = 2, 4, 10
"""Bytes of a frame's head, by how its length is written (RFC 6455 section 5.2)."""
_MASK = 4
_NEWLINE = 0x0A  # can begin no frame; one may stand between Slack's answer to the handshake and the first


class SocketLine(BaseSocketModeHandler):
    """Brings Slack's envelopes to Bolt; `threads` of them at once."""

    client: SocketModeClient

    def __init__(self, app: App, app_token: str, threads: int) -> None:
        self.app, self.app_token = app, app_token
        self.client = _Client(app_token=app_token, logger=app.logger, web_client=app.client, ping_interval=10, concurrency=threads)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one envelope."""
        start = time()
        send_response(client, req, run_bolt_app(self.app, req), start)


class _Client(SocketModeClient):
    """Reads one frame after the other.

    The library (slack_sdk 3) reads on by recursion while there is anything to read: some hundred frames at once end in a RecursionError,
    after which it takes the middle of a frame for its head, and what has come is lost.
    """

    def _run_current_session(self) -> None:
        session = self.current_session
        if session is not None and (raw := session.sock) is not None and not isinstance(raw, OneByOne):
            session.sock = OneByOne(raw)  # type: ignore[assignment]
        super()._run_current_session()  # type: ignore[no-untyped-call]


class OneByOne:
    """A socket whose `recv` gives one whole WebSocket frame; what has come of the next one is kept, also over a timeout."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw, self._come = raw, bytearray()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def recv(self, _: int) -> bytes:
        """The next frame; nothing at the end of the line. Raises OSError, TimeoutError among them."""
        while (length := self._length()) == 0 or len(self._come) < length:
            chunk = self._raw.recv(_CHUNK)
            if not chunk:
                return b""
            self._come += chunk
        frame = bytes(self._come[:length])
        del self._come[:length]
        return frame

    def _length(self) -> int:
        """Of the frame that begins what has come, its head included; 0 while that can't be said."""
        come = self._come
        if come[:1] == bytes((_NEWLINE,)):
            return 1
        if len(come) < _SHORT:
            return 0
        short, mask = come[1] & 0x7F, _MASK if come[1] & 0x80 else 0
        head = {126: _LONG, 127: _LONGER}.get(short, _SHORT)
        if len(come) < head:
            return 0
        return head + mask + (int.from_bytes(come[_SHORT:head], "big") if head > _SHORT else short)
