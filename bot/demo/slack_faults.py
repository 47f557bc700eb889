"""Faults to order: the next call of a method fails, with or without its effect."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.demo.slack_shapes import Json

STATUS_ERRORS = {429: "ratelimited", 500: "internal_error", 502: "internal_error", 503: "service_unavailable"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure: an error code, an HTTP status with headers, or a connection dropped without an answer."""

    error: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    after_effect: bool = False
    """Whether the method does its work first, so that only the answer is lost."""

    def answer(self) -> Json:
        """The body of the HTTP answer."""
        return {"ok": False, "error": self.error}


class Faults:
    """Failures waiting for their method to be called, and whether the tokens still count."""

    def __init__(self) -> None:
        self.revoked = False
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next `times` calls of `method` fail."""
        self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The failure ordered for this call, if any."""
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else None
