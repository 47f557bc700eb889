"""Errands: what follows an acknowledgement, in threads of their own, so that neither the database nor Slack can delay one."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from bot.workers import attempt

log = logging.getLogger("privacybot.slack")

_THREADS = 10  # below the database's 15 connections, so that mail and reminders get theirs too


class Errands:
    """Runs steps in the background, in the order they came. A step that fails is logged by its error's name and stops no other."""

    def __init__(self, name: str, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._under_way: set[Future[None]] = set()

    def run(self, step: Callable[[], object]) -> "Future[None]":
        """Do it as soon as a thread is free; the future is done with it, and never raises."""
        errand = self._pool.submit(_safely, step)
        self._under_way.add(errand)
        errand.add_done_callback(self._under_way.discard)
        return errand

    def finish(self, seconds: float) -> None:
        """Wait until all that began is done, so many seconds at most."""
        wait(set(self._under_way), seconds)


def _safely(step: Callable[[], object]) -> None:
    if (error := attempt(step)) is not None:
        log.error("a Slack listener failed: %s", type(error).__name__)


ERRANDS = Errands("errand")
"""Of buttons, forms and commands."""

POSTS = Errands("post", 1)
"""Of messages: one after the other, as they were said; however many they are, they don't keep a button waiting."""
