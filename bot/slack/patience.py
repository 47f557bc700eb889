"""Patience: a client for listeners that waits when Slack asks for it (429, Retry-After) and tries again."""

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

_LONGEST_SECONDS = 30
_TRIES = 2


class _WhenAskedTo(RateLimitErrorRetryHandler):
    """Slack's own handler, but for a wish that nobody who pressed a button would wait for."""

    def _can_retry(self, *, state: RetryState, request: HttpRequest, response: HttpResponse | None = None,
                   error: Exception | None = None) -> bool:  # fmt: skip
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        return limited and response is not None and _wish(response) <= _LONGEST_SECONDS


def _wish(response: HttpResponse) -> int:
    """Seconds; without a number that can be read, Slack's handler would guess: then too long."""
    named = {name.lower(): values for name, values in response.headers.items()}
    text = str(next(iter(named.get("retry-after", ())), ""))
    return int(text) if text.isdecimal() and len(text) < 6 else _LONGEST_SECONDS + 1


def patient(client: WebClient) -> WebClient:
    """The same place and token. For cards and lines the outbox keeps the impatient one: it has other notices to send meanwhile."""
    waits = WebClient(client.token, base_url=client.base_url, timeout=client.timeout)
    waits.retry_handlers = [_WhenAskedTo(max_retry_count=_TRIES)]
    return waits
