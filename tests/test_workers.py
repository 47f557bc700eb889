"""Workers: one step after the other, no poke lost, trouble told once, and a stop that waits."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from bot.workers import Worker

WAIT = 10.0
"""Seconds after which a step that did not come counts as never coming."""


class Job:
    """A step that waits for its leave, so that the test knows when it is under way."""

    def __init__(self) -> None:
        self.begun: Queue[int] = Queue()
        self.leave: Queue[Exception | None] = Queue()
        self.done = 0

    def __call__(self) -> None:
        self.begun.put(1)
        if (error := self.leave.get(timeout=WAIT)) is not None:
            raise error
        self.done += 1

    def go_through(self, error: Exception | None = None) -> None:
        """See one step begin, and let it end."""
        self.begun.get(timeout=WAIT)
        self.leave.put(error)


@contextmanager
def at_work(job: Job) -> Iterator[Worker]:
    worker = Worker("deliveries", job)
    worker.start()
    try:
        yield worker
    finally:
        worker.halt()
        job.leave.put(None)
        worker.stop(WAIT)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records]


def test_the_first_step_needs_no_poke() -> None:
    job = Job()
    with at_work(job):
        job.go_through()


def test_a_poke_during_a_step_is_not_lost_and_many_are_one() -> None:
    job = Job()
    with at_work(job) as worker:
        job.begun.get(timeout=WAIT)
        for _ in range(5):
            worker.poke()
        job.leave.put(None)
        job.go_through()
        job.leave.put(None)  # a third step would take this leave at once
        worker.stop(WAIT)
    assert job.done == 2


def test_trouble_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    job = Job()
    with at_work(job) as worker:
        for error in (ValueError("private words"), ValueError("others"), KeyError("private words"), None, None):
            job.go_through(error)
            worker.poke()
        job.go_through()
        worker.stop(WAIT)
    assert told(caplog) == [
        "deliveries: ValueError; trying again until it works, nothing is lost",
        "deliveries: KeyError; trying again until it works, nothing is lost",
        "deliveries: works again",
    ]


def test_stop_waits_for_the_step_under_way_and_begins_no_other() -> None:
    job = Job()
    with at_work(job) as worker:
        job.begun.get(timeout=WAIT)
        worker.poke()
        stopping = threading.Thread(target=worker.stop, args=[WAIT])
        stopping.start()
        assert job.done == 0 and stopping.is_alive()
        job.leave.put(None)
        stopping.join(WAIT)
        assert not stopping.is_alive() and job.done == 1
        worker.poke()
    assert job.begun.empty()


def test_stop_gives_up_a_step_that_does_not_end() -> None:
    job = Job()
    with at_work(job) as worker:
        job.begun.get(timeout=WAIT)
        worker.stop(0.01)
        assert job.done == 0


def test_a_worker_that_was_never_started_can_be_stopped() -> None:
    Worker("idle", Job()).stop(WAIT)
