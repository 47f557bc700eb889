"""How long the weekly digest takes over 100,000 tickets of four years, of which 2,000 are open, on SQLite and PostgreSQL.

Its figures are timed against the way they would be counted by loading the tickets; also timed: a desk where every ticket is open, and what
it costs to draw and lay out. A journal of eight lines goes with each ticket.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.orm import Session, selectinload

from bot.digest_config import LANGUAGES
from bot.digest_figures import gather
from bot.drawing import draw
from bot.edition import edition
from bot.weeks import Week
from intents.catalog import INTENTS
from models import Event, Outcome, Request, Status, Ticket
from tests.builders import Bench, sqlite_url
from tests.live.postgres import Postgres

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
WEEK = Week(2026, 48)
OPEN_EVERY = 50
EVENTS = 8
CHUNK = 5_000
TARGET = 3.0
"""Seconds that the figures may take: SQLite's other writers wait meanwhile."""


def main() -> None:
    """Measure on both kinds of database and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tickets", type=int, default=100_000)
    tickets = arguments.parse_args().tickets
    print(f"{tickets:,} tickets, {tickets // OPEN_EVERY:,} open; {os.cpu_count()} CPUs, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="privacybot-benchmark-") as folder:
        measure("SQLite", sqlite_url(Path(folder)), tickets)
    with Postgres() as server:
        measure("PostgreSQL", server.new_database(), tickets)


def measure(name: str, url: str, tickets: int) -> None:
    """Fill one database and print what a digest costs."""
    bench = Bench(url)
    print(f"\n{name}: filled in {seconds(lambda: fill(bench.app.engine, tickets)):.0f} s")
    with Session(bench.app.engine) as session:
        took = min(seconds(lambda: gather(session, bench.app.office, WEEK, NOW)) for _ in range(3))
        print(f"  figures: {took:.2f} s, {took / TARGET:.2f} of the {TARGET:.0f} s allowed")
        loaded = seconds(lambda: load_all(session))
        print(f"  by loading the tickets of thirteen weeks and the open ones: {loaded:.2f} s, {loaded / took:.0f} times as long")
        digest = gather(session, bench.app.office, WEEK, NOW)
    rules = bench.app.config.digest.model_copy(update={"languages": LANGUAGES})
    took = seconds(lambda: edition(digest, "Example GmbH", rules, draw, for_slack=True).letter(LANGUAGES))
    print(f"  pictures and page in {len(LANGUAGES)} languages, by a process of its own: {took:.1f} s")
    with bench.app.engine.begin() as connection:
        connection.execute(update(Ticket).values(status=Status.OPEN, closed_at=None))
        connection.execute(update(Request).values(outcome=None, closed_at=None))
    with Session(bench.app.engine) as session:
        print(f"  figures where every ticket is open: {seconds(lambda: gather(session, bench.app.office, WEEK, NOW)):.2f} s")
    bench.close()


def fill(engine: Engine, tickets: int) -> None:
    """Tickets with a request each and a journal, in bulk."""
    for table, rows in ((Ticket, ticket_rows(tickets)), (Request, request_rows(tickets)), (Event, event_rows(tickets))):
        with engine.begin() as connection:
            while chunk := list(islice(rows, CHUNK)):
                connection.execute(insert(table), chunk)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def received(number: int, tickets: int) -> datetime:
    """Evenly over four years, the newest last."""
    return NOW - timedelta(days=4 * 365) * (tickets - number + 1) / tickets


def ticket_rows(tickets: int) -> Iterator[dict[str, Any]]:
    """Rows of `tickets`."""
    for number in range(1, tickets + 1):
        at, is_open = received(number, tickets), number % OPEN_EVERY == 0
        yield {
            "id": number, "reference": f"PRV-2026-{number:07d}", "source": "mail", "status": Status.OPEN if is_open else Status.CLOSED,
            "regime": "eu_gdpr", "language": LANGUAGES[number % 7], "received_at": at, "opened_at": at, "unclear": False, "warnings": [],
            "closed_at": None if is_open else at + timedelta(days=9), "handler": "U1", "card_version": 1,
        }  # fmt: skip


def request_rows(tickets: int) -> Iterator[dict[str, Any]]:
    """Rows of `requests`."""
    for number in range(1, tickets + 1):
        at, is_open = received(number, tickets), number % OPEN_EVERY == 0
        yield {
            "id": number, "ticket_id": number, "intent": INTENTS[number % len(INTENTS)], "confidence": 0.9, "statute": "", "due_reason": "",
            "outcome": None if is_open else Outcome.FULFILLED, "closed_at": None if is_open else at + timedelta(days=9),
            "due_on": (at + timedelta(days=30)).date(), "rule_version": "",
        }  # fmt: skip


def event_rows(tickets: int) -> Iterator[dict[str, Any]]:
    """Rows of `events`: one in eight says how the mail was read."""
    for number in range(1, tickets + 1):
        at = received(number, tickets)
        for line in range(EVENTS):
            kind, detail = ("classified", {"unclear": number % 16 == 0}) if line == 1 else ("reminded", {"step": "7d"})
            yield {"ticket_id": number, "at": at, "kind": kind, "actor": "bot", "detail": detail}


def load_all(session: Session) -> int:
    """What it would cost to look at the tickets themselves."""
    recent = (Ticket.status != Status.CLOSED) | (Ticket.received_at >= NOW - timedelta(weeks=13))
    found = session.scalars(select(Ticket).where(recent).options(selectinload(Ticket.requests), selectinload(Ticket.events))).all()
    return sum(len(ticket.events) for ticket in found)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
