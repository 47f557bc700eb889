"""Connection: Bolt over Socket Mode, kept up; and what was said in the intake channel while it was down."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.posting import OVERLAP_SECONDS, mark_name
from bot.slack.access import Access
from bot.slack.channel_history import changed_since, said_since
from bot.slack.courier import NETWORK, code
from bot.slack.listeners import register
from bot.slack.manners import Back
from bot.workers import attempt

log = logging.getLogger("privacybot.slack")

_THREADS_EVERY_SECONDS = 3600.0  # events tell of them at once; this finds what happened while none came


def web_client(api_url: str, token: str) -> WebClient:
    """A client that repeats nothing by itself.

    After a broken connection a message may stand there already, so the outbox asks first; and where Slack wants to be left alone (429),
    the outbox waits without holding up the letters.
    """
    client = WebClient(token, base_url=api_url, timeout=15)
    client.retry_handlers = []
    return client


class SlackConnection:
    """The open line to Slack. `keep` is called every minute: it connects where there is none."""

    def __init__(self, client: WebClient, app_token: str, back: Back, access: Access, intake_channel: str | None) -> None:
        # Bolt would log what it got; errors are told here, by name only.
        for name in ("slack_bolt", "slack_sdk"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._client, self._app_token = client, app_token
        self._app = App(client=client, token_verification_enabled=False, logger=logging.getLogger("slack_bolt"))
        self._app.error(_say_error)
        register(self._app, back, access, intake_channel)
        self._handler: SocketModeHandler | None = None
        self._down = False

    def keep(self) -> bool:
        """Connect if there is no connection. True when there is one; trouble is logged once until it is over."""
        if self._handler is not None and self._handler.client is not None and self._handler.client.is_connected():
            return self._is(up=True)
        self.close()
        try:
            self._client.auth_test()
            self._handler = SocketModeHandler(self._app, self._app_token, trace_enabled=False)
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            return self._is(up=False, why=code(error))
        except NETWORK as error:
            return self._is(up=False, why=type(error).__name__)
        # the library reports a web socket that does not open to its log only
        return self._is(up=bool(self._handler.client.is_connected()), why="the web socket does not open")

    def close(self) -> None:
        """Hang up; listeners under way are finished."""
        handler, self._handler = self._handler, None
        if handler is not None:
            with suppress(*NETWORK):  # its own threads may have closed the line first
                handler.close()  # type: ignore[no-untyped-call]

    def _is(self, *, up: bool, why: str = "") -> bool:
        if not up and not self._down:
            log.warning("no connection to Slack (%s); retrying until there is one, nothing is lost", why)
        if up and self._down:
            log.info("connected to Slack again")
        self._down = not up
        return up


class Filing(Protocol):
    """What reading the intake channel needs of the app."""

    def take_in_slack(self, event: Mapping[str, Any]) -> object:
        """File one message; one that is known already is filed once all the same."""

    def open_threads(self, channel: str) -> Sequence[str]:
        """The time stamps of the posts in whose threads something may still be added."""

    def mark(self, name: str, value: str | None = None) -> str:
        """Read or set a small value that outlives the process."""


class IntakeChannel:
    """Events are a hint, the channel's history is the truth: what was said while nobody listened is filed too."""

    def __init__(self, client: WebClient, channel: str, filing: Filing, seconds: Callable[[], float]) -> None:
        """`seconds`: since the epoch, as Slack counts; reading begins there at the very first start."""
        self._client, self._channel, self._filing, self._seconds = client, channel, filing, seconds
        self._trouble = ""
        self._threads_read: float | None = None

    def catch_up(self) -> None:
        """File what was said since the mark; at the start and then each hour, also what happened to older posts and their threads."""
        is_time = self._threads_read is None or self._seconds() - self._threads_read >= _THREADS_EVERY_SECONDS
        if self._read_posts() and is_time:
            self._read_threads()

    def _read_posts(self) -> bool:
        """Whether Slack let us. A message that fails keeps back no other; the mark stays before it, its error is raised."""
        name = mark_name(self._channel)
        since = float(self._filing.mark(name) or self._filing.mark(name, f"{self._seconds():.6f}"))
        said = self._asked(lambda: list(said_since(self._client, self._channel, f"{since - OVERLAP_SECONDS:.6f}")))
        if said is None:
            return False
        errors = self._file(said)
        failed = next((number for number, error in enumerate(errors) if error is not None), len(said))
        newest = max([since, *(float(event["ts"]) for event in said[:failed])])
        if newest > since:
            self._filing.mark(name, f"{newest:.6f}")
        if failed < len(said):
            raise cast(Exception, errors[failed])
        return True

    def _read_threads(self) -> None:
        """Replies, edits and deletions since the last time; the mark moves on when all are filed, else the first error is raised."""
        name, started = f"slack-threads:{self._channel}", self._seconds()
        since = float(self._filing.mark(name) or started) - OVERLAP_SECONDS
        threads = frozenset(self._filing.open_threads(self._channel))
        events = self._asked(lambda: changed_since(self._client, self._channel, threads, since))
        if events is None:
            return
        failures = [error for error in self._file(events) if error is not None]
        if failures:
            raise failures[0]
        self._filing.mark(name, f"{started:.6f}")
        self._threads_read = started

    def _file(self, events: Sequence[Mapping[str, Any]]) -> list[Exception | None]:
        return [attempt(partial(self._filing.take_in_slack, event)) for event in events]

    def _asked(self, read: Callable[[], list[Mapping[str, Any]]]) -> list[Mapping[str, Any]] | None:
        """None when Slack does not say: told once, and again only when something else is wrong."""
        reason = ""
        try:
            return read()
        except SlackApiError as error:
            reason = code(error)
        except NETWORK as error:
            reason = type(error).__name__
        finally:
            if reason and reason != self._trouble:
                log.warning("the intake channel can't be read (%s); retrying until it can, nothing is lost", reason)
            self._trouble = reason
        return None


def _say_error(error: Exception) -> None:
    log.error("a Slack listener failed: %s", type(error).__name__)
