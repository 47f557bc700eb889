"""A Slack of one's own on 127.0.0.1: Web API and Socket Mode for an unmodified slack-bolt, and the people who use it."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web
from slack_sdk.socket_mode import SocketModeClient

from bot.demo.slack_faults import STATUS_ERRORS, Fault, Faults
from bot.demo.slack_methods import Context
from bot.demo.slack_people import People
from bot.demo.slack_shapes import Json
from bot.demo.slack_socket import Delivery, SocketHub
from bot.demo.slack_stream import Stream
from bot.demo.slack_wire import APP_TOKEN, BOT_TOKEN, Call, Wire
from bot.demo.slack_workspace import BOT_ID, BOT_USER, Channel, Clock, User, Workspace

__all__ = ["APP_TOKEN", "BOT_ID", "BOT_TOKEN", "BOT_USER", "Call", "Delivery", "LoopbackSlack"]

HOST = "127.0.0.1"
START_SECONDS = 10.0
LARGEST_BODY = 128 * 1024 * 1024
"""Bytes; files are uploaded here too."""
SUBSCRIPTIONS = frozenset({"message", "app_home_opened"})

T = TypeVar("T")


class LoopbackSlack(People):
    """The server, in its own thread between `start` and `stop`, and all that a test or the demo does with it.

    `port` 0 lets the system choose; `clock` gives seconds since the epoch; `subscriptions` are the event types the app hears of.
    """

    def __init__(self, *, port: int = 0, clock: Clock = time.time, subscriptions: Collection[str] = SUBSCRIPTIONS) -> None:
        self.port = port
        self.calls: list[Call] = []
        self._state = Workspace(clock)
        self._subscriptions = subscriptions
        self._faults = Faults()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen; OSError when the port is taken. May start again after `stop`: same port, same workspace, new connections."""
        listener = socket.create_server((HOST, self.port))
        self.port = listener.getsockname()[1]
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, args=[listener], name="loopback-slack", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError(f"the loopback Slack did not start within {START_SECONDS} s")
        return self

    def stop(self) -> None:
        """Close all connections and end the thread."""
        if self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(START_SECONDS)

    @property
    def api_url(self) -> str:
        """What to give to slack_sdk's WebClient as `base_url`."""
        return f"http://{HOST}:{self.port}/api/"

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return self.hub.connections

    def add_user(self, user_id: str, name: str, email: str) -> User:
        """Let a person into the workspace."""
        return self._state.add_user(user_id, name, email)

    def add_channel(self, channel_id: str, name: str, members: Iterable[str] = (), *, bot_is_member: bool = True) -> Channel:
        """Open a channel; the bot is a member too unless told otherwise."""
        return self._state.add_channel(channel_id, name, members, bot_is_member=bot_is_member)

    def add_group(self, group_id: str, members: Iterable[str]) -> None:
        """Make a user group, such as `@legal`."""
        self._state.add_group(group_id, members)

    def revoke(self) -> None:
        """From now on the right tokens are answered with `token_revoked`."""
        self._faults.revoked = True

    def fail_next(
        self,
        method: str,
        *,
        error: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        drop: bool = False,
        after_effect: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of `method` ("upload" and "response_url" too) fail.

        `status` 429 or 5xx fills in Slack's error; `drop` cuts the connection; `after_effect` does the work and loses only the answer.
        """
        code = error or STATUS_ERRORS.get(status, "internal_error")
        self._faults.add(method, Fault(code, status, headers or {}, drop, after_effect), times)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send the Socket Mode disconnect frame and close the connections; the app is expected to come back by itself."""
        self.hub.disconnect(reason)

    def hang_up(self) -> None:
        """Close the Socket Mode connections without a word; slack_sdk comes back after its ping interval."""
        self.hub.hang_up()

    def part(self, client: SocketModeClient) -> None:
        """Close slack_sdk's client for good, at once: by `client.close()` alone it sits up to 3 s in its last receive."""
        client.closed = True
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        # an empty message wakes the client's queue, which it looks at once a second
        client.enqueue_message("")
        self.hub.hang_up()
        # its receiver must have ended before close(), which else closes the same socket a second time and fails
        client.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
        client.close()

    def wait_connected(self, timeout: float = 5.0) -> None:
        """Return once a Socket Mode connection is open; TimeoutError after `timeout` seconds."""
        self.wait_for(lambda: self.hub.connections, timeout)

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel, replies in threads included, oldest first."""
        with self._state.changed:
            return deepcopy(self._state.channel(channel).messages)

    def message(self, channel: str, ts: str) -> Json:
        """One message; ApiError `message_not_found`."""
        with self._state.changed:
            return deepcopy(self._state.message(channel, ts))

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A message and the replies to it, oldest first."""
        with self._state.changed:
            return deepcopy(self._state.thread(channel, ts))

    @property
    def ephemerals(self) -> list[Json]:
        """What was shown to one person only: channel, user, text, blocks."""
        with self._state.changed:
            return deepcopy(self._state.ephemerals)

    def views_of(self, user: str) -> list[Json]:
        """The modal views a person has open, the visible one last."""
        with self._state.changed:
            return deepcopy(self._state.modals.get(user, []))

    def home_of(self, user: str) -> Json | None:
        """The home tab last published to a person."""
        with self._state.changed:
            return deepcopy(self._state.homes.get(user))

    def direct_channel(self, user: str) -> str:
        """The id of the conversation between the bot and a person."""
        with self._state.changed:
            return self._state.direct(user).id

    def file_content(self, file_id: str) -> bytes | None:
        """What was uploaded for a file."""
        return self._state.files[file_id].content

    def calls_of(self, method: str) -> list[Call]:
        """The app's calls of one method, oldest first."""
        with self._state.changed:
            return [call for call in self.calls if call.method == method]

    def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """The first truthy value of `predicate`, which is asked again at each change; TimeoutError after `timeout` seconds."""
        with self._state.changed:
            value = self._state.changed.wait_for(predicate, timeout)
            if not value:
                raise TimeoutError(f"not within {timeout} s; {self._situation()}")
            return value

    def _situation(self) -> str:
        """What happened so far, for an error message: counts and names of methods, never content."""
        held = {channel.id: len(channel.messages) for channel in self._state.channels.values()}
        latest = [f"{call.method}{f' ({call.error})' if call.error else ''}" for call in self.calls[-8:]]
        open_envelopes = sum(not delivery.acknowledged for delivery in self.hub.deliveries.values())
        return (
            f"{self.hub.connections} connections, {open_envelopes} envelopes not acknowledged, messages by channel {json.dumps(held)}, "
            f"{len(self._state.ephemerals)} ephemerals, last calls: {', '.join(latest) or 'none'}"
        )

    def _run(self, listener: socket.socket) -> None:
        asyncio.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        """Answer requests until `stop`; the socket is bound already, so `start` knows the port and any failure."""
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self.hub = SocketHub(self._state.changed, f"{HOST}:{self.port}")
        stream = Stream(self._state, self.hub, self._subscriptions)
        self.context = Context(self._state, stream, self.hub.new_url, f"http://{HOST}:{self.port}")
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        self._ready.set()
        await self._stopping.wait()
        await self.hub.close()
        await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes([*Wire(self.context, self._faults, self.calls).routes(), web.get("/link/", self.hub.link)])
        return application
