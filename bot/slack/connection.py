"""Connection: Bolt over Socket Mode, kept up; and what was said in the intake channel while it was down."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.slack.access import Access
from bot.slack.courier import NETWORK
from bot.slack.listeners import is_a_persons, register
from bot.slack.manners import Back

log = logging.getLogger("privacybot.slack")

_PAGE = 100


def web_client(api_url: str, token: str) -> WebClient:
    """A client that obeys 429 once by itself; longer waits are the outbox's.

    Nothing else is repeated here: after a broken connection a message may stand there already, so the outbox asks first.
    """
    client = WebClient(token, base_url=api_url, timeout=15)
    client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=1)]
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
            return self._is(up=False, why=str(error.response.get("error")))
        except NETWORK as error:
            return self._is(up=False, why=type(error).__name__)
        return self._is(up=True)

    def close(self) -> None:
        """Hang up; listeners under way are finished."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.close()  # type: ignore[no-untyped-call]

    def _is(self, *, up: bool, why: str = "") -> bool:
        if not up and not self._down:
            log.warning("no connection to Slack (%s); retrying until there is one, nothing is lost", why)
        if up and self._down:
            log.info("connected to Slack again")
        self._down = not up
        return up


def said_since(client: WebClient, channel: str, oldest: str) -> Iterator[Mapping[str, Any]]:
    """What people posted in a channel after `oldest` (a Slack time stamp), oldest first. Raises SlackApiError or a network error."""
    messages: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = client.conversations_history(channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor)
        messages += page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break
    for message in sorted(messages, key=lambda message: float(message["ts"])):
        if is_a_persons(message):
            yield {**message, "channel": channel}


def _say_error(error: Exception) -> None:
    log.error("a Slack listener failed: %s", type(error).__name__)
