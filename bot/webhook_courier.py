"""Webhook courier: posts events, signed, to one receiver; a repeat has the same body and the same delivery id."""

import hashlib
import hmac
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from bot.outbox import Parcel, TryAgain, Undeliverable
from bot.webhook_config import ReceiverConfig

_LATER = frozenset((408, 425, 429))
_ABOUT_THE_ADDRESS = frozenset((401, 403, 404, 405, 410))
"""What a receiver says of our URL or secret, not of the one event; redirects say so, too."""
_FEWEST_TRIES = 5
_LONGEST_WISH = timedelta(days=1)


class WebhookCourier:
    """Takes the events of one receiver there: TLS verified, no redirect followed, the answer's body never read."""

    def __init__(self, receiver: ReceiverConfig, secret: str, clock: Callable[[], datetime]) -> None:
        """`secret` signs; `clock` tells the time, aware, for the signature's time stamp."""
        self._receiver, self._secret, self._clock = receiver, secret.encode(), clock
        self._line: requests.Session | None = None

    def send(self, parcel: Parcel) -> str:
        """Post one event. Returns `http 204`. Raises TryAgain; Undeliverable once it was refused for `refused_for`."""
        try:
            answer = self._post(parcel)
        except (requests.RequestException, OSError, ValueError) as error:  # urllib3 lets a few of its own through
            self.rest()
            raise TryAgain(_failure(error), down=True) from None
        status = answer.status_code
        if 200 <= status < 300:
            return f"http {status}"
        if status >= 500 or status in _LATER:
            raise TryAgain(f"http {status}", _wish(answer, self._clock()), down=True)
        if parcel.attempts >= _FEWEST_TRIES and self._clock() - parcel.created_at >= self._receiver.refused_for:
            raise Undeliverable(f"http {status}")
        raise TryAgain(f"http {status}", _wish(answer, self._clock()), down=status < 400 or status in _ABOUT_THE_ADDRESS)

    def find(self, parcel: Parcel) -> str | None:
        """Always None: a receiver can't be asked; it knows a repeat by its Privacybot-Delivery."""
        return None

    def rest(self) -> None:
        """Hang up; the next event connects again."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _post(self, parcel: Parcel) -> requests.Response:
        body, stamp = str(parcel.payload["body"]).encode(), str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "privacybot",
            "Privacybot-Delivery": parcel.key,
            "Privacybot-Timestamp": stamp,
            "Privacybot-Signature": f"v1={signature(self._secret, stamp, body)}",
        }
        self._line = self._line or requests.Session()
        seconds, trusted = self._receiver.timeout.total_seconds(), self._receiver.ca_file
        with self._line.post(
            self._receiver.url, data=body, headers=headers, auth=_unasked, timeout=seconds, allow_redirects=False, stream=True,
            verify=str(trusted) if trusted else True,
        ) as answer:  # fmt: skip
            return answer


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA-256 of `timestamp.body`, in hex (RFC 2104): the time is signed, too, so that a recorded request can't be played again."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def reach(receiver: ReceiverConfig) -> str:
    """Connect as a delivery would, and say nothing. Returns where to. Raises OSError; TLS's errors are of that kind."""
    parts = urlsplit(receiver.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    with socket.create_connection((host, port), receiver.timeout.total_seconds()) as line:
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=str(receiver.ca_file) if receiver.ca_file else None)
            context.wrap_socket(line, server_hostname=host).close()
    return f"{host}:{port}"


def _unasked(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password of a .netrc file goes along, as the library would have it."""
    return request


def _wish(answer: requests.Response, now: datetime) -> timedelta | None:
    """Retry-After (RFC 9110 10.2.3), in seconds or as a date; None where it says none. Never more than a day."""
    wish = answer.headers.get("Retry-After", "").strip()
    if wish.isascii() and wish.isdigit():
        return min(timedelta(seconds=int(wish[:9])), _LONGEST_WISH)
    try:
        until = parsedate_to_datetime(wish) if wish else None
    except ValueError:
        return None
    if until is None:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), _LONGEST_WISH)


def _failure(error: Exception) -> str:
    """A code for the log: a library's words hold the URL, and with it perhaps a secret."""
    if isinstance(error, requests.exceptions.SSLError):
        return "TLS refused"
    return "no answer in time" if isinstance(error, requests.Timeout) else type(error).__name__
