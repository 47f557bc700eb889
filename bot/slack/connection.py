"""Connection: Bolt over Socket Mode or HTTP, kept up; and what was said in the intake channel while it was down."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.posting import OVERLAP_SECONDS, mark_name
from bot.slack.access import Access
from bot.slack.channel_history import changed_since, said_since
from bot.slack.courier import NETWORK, code
from bot.slack.entrance import Entrance
from bot.slack.errands import ERRANDS, POSTS
from bot.slack.listeners import register
from bot.slack.manners import DID_NOT_WORK, Back, whisper
from bot.slack.patience import patient
from bot.slack.socket_line import SocketLine
from bot.slack_config import SlackHttpConfig
from bot.workers import attempt

log = logging.getLogger("privacybot.slack")

_THREADS = 32  # each waits for one acknowledgement
_LAST_WORDS_SECONDS = 4.0
_PASSES = frozenset(("ratelimited", "rate_limited"))
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
    """The open line to Slack. `keep` is called every minute: it connects where there is none, and asks whether our token still counts."""

    def __init__(self, client: WebClient, app_token: str, back: Back, access: Access, intake_channel: str | None,
                 http: SlackHttpConfig | None = None, signing_secret: str = "") -> None:  # fmt: skip
        """`http`: be reached by requests signed with `signing_secret`, instead of by a web socket."""
        # Bolt would log what it got; errors are told here, by name only.
        for name in ("slack_bolt", "slack_sdk"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._client, self._app_token = client, app_token
        who_we_are = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)
        self._app = App(
            client=patient(client), signing_secret=signing_secret, logger=logging.getLogger("slack_bolt"),
            listener_executor=ThreadPoolExecutor(_THREADS, "listener"),
            authorize=lambda: who_we_are,  # asking Slack (auth.test) would keep the first acknowledgement waiting
            ignoring_self_events_enabled=False,  # that our own card was deleted is such an event
        )  # fmt: skip
        self._app.error(_say_error)
        register(self._app, back, access, intake_channel)
        self._handler: SocketLine | None = None
        self._entrance = Entrance(http, self._app) if http else None
        self.trouble = ""
        """What keeps us from Slack now: its error code or an error's name; empty while all is well."""

    def keep(self) -> bool:
        """Connect if there is no connection. True when there is one; trouble is logged once until it is over."""
        try:
            self._client.auth_test()  # a line may stand while the token is refused already
            return self._is_listened_to() or self._listen()
        except SlackApiError as error:
            passes = code(error) in _PASSES and self._is_listened_to()
            return self._is(up=passes, why=code(error))
        except NETWORK as error:
            return self._is(up=False, why=type(error).__name__)

    def _is_listened_to(self) -> bool:
        handler = self._handler
        connected = handler is not None and handler.client is not None and handler.client.is_connected()
        return self._is(up=True) if connected or (self._entrance is not None and self._entrance.is_open) else False

    def _listen(self) -> bool:
        self._hang_up()
        if self._entrance is not None:
            self._entrance.open()
            return self._is(up=True)
        self._handler = SocketLine(self._app, self._app_token, _THREADS)
        self._handler.connect()  # type: ignore[no-untyped-call]
        # the library reports a web socket that does not open to its log only
        return self._is(up=bool(self._handler.client.is_connected()), why="the web socket does not open")

    def close(self) -> None:
        """Hang up; what people have pressed is finished."""
        self._hang_up()
        for errands in (ERRANDS, POSTS):
            errands.finish(_LAST_WORDS_SECONDS / 2)

    def _hang_up(self) -> None:
        handler, self._handler = self._handler, None
        if handler is not None:
            with suppress(*NETWORK):  # its own threads may have closed the line first
                handler.close()  # type: ignore[no-untyped-call]
        if self._entrance is not None:
            self._entrance.close()

    def _is(self, *, up: bool, why: str = "") -> bool:
        """Say it once, and again only when something else is wrong."""
        if not up and not self.trouble:
            log.warning("no connection to Slack (%s); retrying until there is one, nothing is lost", why)
        if up and self.trouble:
            log.info("connected to Slack again")
        self.trouble = "" if up else why
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


def _say_error(error: Exception, body: Mapping[str, Any], client: WebClient) -> None:
    """What went wrong before or beside an errand; whoever pressed is told that it did."""
    log.error("a Slack listener failed: %s", type(error).__name__)
    user = (body.get("user") or {}).get("id") or body.get("user_id")
    if user:
        ERRANDS.run(lambda: whisper(client, user, user, DID_NOT_WORK))
