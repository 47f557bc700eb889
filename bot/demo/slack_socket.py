"""Socket Mode, Slack's side: hello, envelopes, acknowledgements and disconnects (docs.slack.dev/apis/events-api/using-socket-mode)."""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.demo.slack_rules import ApiError
from bot.demo.slack_shapes import Json
from bot.demo.slack_workspace import APP_ID

HANG_UP_SECONDS = 0.2
"""How long an app may take to leave after a disconnect frame before the connection is closed."""
CLOSE_SECONDS = 2.0
"""How long to wait for the other side's close frame."""


class NotAcknowledged(TimeoutError):
    """The app did not acknowledge in time; Slack allows 3 seconds."""


class RejectedAck(ValueError):
    """The app's acknowledgement held a payload that Slack refuses: the person sees an error."""


class Delivery:
    """One envelope on its way to the app, by which one can wait for the acknowledgement."""

    def __init__(self, kind: str, payload: Json, *, retry_attempt: int = 0, retry_reason: str = "") -> None:
        self.envelope_id = str(uuid4())
        self.type = kind
        self.payload = deepcopy(payload)
        self.retry_attempt = retry_attempt
        self.retry_reason = retry_reason
        self.problems: tuple[str, ...] = ()
        self.on_ack: Callable[[Json], None] = _nothing
        self._ack: Json = {}
        self._acknowledged = threading.Event()

    def __repr__(self) -> str:
        return f"Delivery(type={self.type!r}, retry_attempt={self.retry_attempt}, acknowledged={self.acknowledged})"

    @property
    def ts(self) -> str:
        """The time stamp of the message this is about, or an empty string."""
        return str(self.payload.get("event", {}).get("ts", ""))

    @property
    def acknowledged(self) -> bool:
        """Whether the app has answered."""
        return self._acknowledged.is_set()

    def wait_ack(self, timeout: float = 3.0) -> Json:
        """The payload of the acknowledgement ({} when it has none), after `timeout` seconds at most.

        Raises NotAcknowledged, and RejectedAck for a payload Slack would not take.
        """
        if not self._acknowledged.wait(timeout):
            raise NotAcknowledged(f"{self.type} was not acknowledged within {timeout} s")
        if self.problems:
            raise RejectedAck("; ".join(self.problems))
        return self._ack

    def settle(self, ack: Json) -> None:
        """Take the app's answer: its effects first, then whoever waits goes on."""
        try:
            self.on_ack(ack)
        except ApiError as error:
            self.problems = (error.code, *error.problems)
        self._ack = ack
        self._acknowledged.set()

    def frame(self) -> str:
        """The envelope as it goes over the wire."""
        envelope: Json = {
            "envelope_id": self.envelope_id,
            "type": self.type,
            "payload": self.payload,
            "accepts_response_payload": self.type in ("slash_commands", "interactive"),
        }
        if self.type == "events_api":
            envelope |= {"retry_attempt": self.retry_attempt, "retry_reason": self.retry_reason}
        return json.dumps(envelope)


def _nothing(ack: Json) -> None:
    """Most acknowledgements have no effect."""


class SocketHub:
    """All connections of the app; frames wait while there is none. Made inside the running event loop."""

    def __init__(self, changed: threading.Condition, host: str) -> None:
        self.deliveries: dict[str, Delivery] = {}
        self.stray_acks: list[Json] = []
        self._changed = changed
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._tickets: set[str] = set()
        self._connections: list[web.WebSocketResponse] = []
        self._left: dict[web.WebSocketResponse, asyncio.Event] = {}
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self._connected = asyncio.Event()
        self._tasks = {self._loop.create_task(self._pump())}

    @property
    def connections(self) -> int:
        """How many connections can take envelopes now."""
        return len(self._connections)

    def new_url(self) -> str:
        """Where the app may connect once (apps.connections.open)."""
        ticket = str(uuid4())
        self._tickets.add(ticket)
        return f"ws://{self._host}/link/?ticket={ticket}&app_id={APP_ID}"

    def deliver(self, delivery: Delivery) -> Delivery:
        """Send an envelope over the newest connection, now or as soon as there is one; from any thread."""
        with self._changed:
            self.deliveries[delivery.envelope_id] = delivery
        self._loop.call_soon_threadsafe(self._frames.put_nowait, delivery.frame())
        return delivery

    def disconnect(self, reason: str) -> None:
        """Tell the app to reconnect, and close its connections once it has left or after HANG_UP_SECONDS; from any other thread."""
        asyncio.run_coroutine_threadsafe(self._dismiss(reason), self._loop).result(CLOSE_SECONDS)

    def hang_up(self) -> None:
        """Close every connection without a disconnect frame before it; from any other thread."""
        asyncio.run_coroutine_threadsafe(self._close_all(1000), self._loop).result(2 * CLOSE_SECONDS)

    async def close(self) -> None:
        """Close every connection and stop."""
        await self._close_all(1001)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="ticket unknown or used")
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse(timeout=CLOSE_SECONDS)
        await connection.prepare(request)
        await connection.send_str(json.dumps(self._hello()))
        self._attach(connection)
        try:
            async for message in connection:
                if message.type == WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._retire(connection)
            self._left.pop(connection).set()
        return connection

    def _hello(self) -> Json:
        debug = {"host": "applink-loopback", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": self.connections + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": debug,
        }

    def _attach(self, connection: web.WebSocketResponse) -> None:
        with self._changed:
            self._left[connection] = asyncio.Event()
            self._connections.append(connection)
            self._connected.set()
            self._changed.notify_all()

    def _retire(self, connection: web.WebSocketResponse) -> None:
        """Send nothing more over a connection, though the app may still acknowledge over it."""
        with self._changed:
            if connection in self._connections:
                self._connections.remove(connection)
            if not self._connections:
                self._connected.clear()
            self._changed.notify_all()

    async def _pump(self) -> None:
        while True:
            frame = await self._frames.get()
            while not await self._sent(frame):
                await asyncio.sleep(0)

    async def _sent(self, frame: str) -> bool:
        await self._connected.wait()
        connection = self._connections[-1]
        try:
            await connection.send_str(frame)
        except ConnectionError:
            self._retire(connection)
            return False
        return True

    def _receive(self, data: str) -> None:
        with suppress(ValueError):
            answer: Any = json.loads(data)
            with self._changed:
                self._settle(answer)
                self._changed.notify_all()

    def _settle(self, answer: Any) -> None:
        delivery = self.deliveries.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if delivery is None or delivery.acknowledged:
            self.stray_acks.append(answer)
        else:
            delivery.settle(answer.get("payload") or {})

    async def _close_all(self, code: int) -> None:
        for connection in list(self._left):
            self._retire(connection)
            await connection.close(code=code)

    async def _dismiss(self, reason: str) -> None:
        frame = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-loopback"}})
        for connection in list(self._connections):
            self._retire(connection)
            with suppress(ConnectionError):
                await connection.send_str(frame)
            task = self._loop.create_task(self._hang_up(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hang_up(self, connection: web.WebSocketResponse) -> None:
        """The app opens its new connection before it leaves the old one; closing at once would cut off its last acknowledgements."""
        if connection in self._left:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left[connection].wait(), HANG_UP_SECONDS)
        await connection.close()
