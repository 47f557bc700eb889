"""Outboxes: what the tests of the outbox share, and of whatever several people or processes do at once."""

import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.outbox import Outbox
from bot.queueing import queue
from models import Carrier, Notice
from tests.builders import Bench, FakeCourier
from tests.filing import rows


def put(bench: Bench, *keys: str, lane: str = "", carrier: Carrier = Carrier.MAIL) -> None:
    """Plain notices, without a ticket."""

    def into(session: Session) -> None:
        for key in keys:
            queue(session, Notice.queue(key, carrier, "line", {"text": f"text of {key}"}, bench.clock(), lane=lane))

    bench.app.read(into)


def states(bench: Bench) -> dict[str, str]:
    return {notice.key: str(notice.state) for notice in rows(bench, Notice)}


def outbox(bench: Bench, worker: str, courier: FakeCourier, carrier: Carrier = Carrier.MAIL) -> Outbox:
    """One more outbox over the bench's database, as a second process would have."""
    sessions = bench.app._sessions
    return Outbox(sessions, {carrier: courier}, worker, lambda *_: None)


def run_together(steps: list[Callable[[], None]]) -> None:
    workers = [threading.Thread(target=step) for step in steps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
