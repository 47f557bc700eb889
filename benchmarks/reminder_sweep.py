"""How long the sweep for due reminders takes among 1,000,000 requests of which 20,000 are open, on SQLite and PostgreSQL.

Also timed, over the same rows: what the calendar file asks, the question whether anything is to be recounted, and batches of a recount.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, text, update
from sqlalchemy.orm import Session

from bot.calendar_feed import due_dates
from bot.clocks import current_version
from bot.recount import recount
from bot.reminders import queue_due
from models import Event, Outcome, Request, Status, Ticket
from tests.builders import MONDAY, Bench, sqlite_url
from tests.live.postgres import Postgres

NOW = datetime(2026, 12, 9, 8, tzinfo=UTC)
DUE_ON, DUE_AT = date(2026, 12, 23), datetime(2026, 12, 23, 23, tzinfo=UTC)
"""When an access request of MONDAY is due in Berlin."""

OPEN_EVERY = 50
"""Every fiftieth request is open: scattered over the whole table, so that no page holds more than a few."""
DUE_EVERY = 5_000
TARGET = 0.050
WARM_RUNS = 50
RECOUNTED_BATCHES = 20
CHUNK = 5_000


class RestartablePostgres(Postgres):
    """A server that can be started anew, to lose what it keeps in memory."""

    def restart(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "fast", "-l", f"{self.folder}/log", "restart")


@dataclass(frozen=True)
class Ground:
    """One database under test: how to reach it, and how to make it forget what it has in memory."""

    name: str
    url: str
    folder: Path
    forget: Callable[[], None]


@dataclass(frozen=True)
class Asked:
    """A statement as the bot sends it to the driver."""

    statement: str
    parameters: Any

    def run(self, connection: Connection) -> int:
        """How many rows it gives."""
        return len(connection.exec_driver_sql(self.statement, self.parameters).fetchall())


def main() -> None:
    """Measure on both kinds of database and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tickets", type=int, default=1_000_000)
    tickets = arguments.parse_args().tickets
    print(f"{tickets:,} requests, {tickets // OPEN_EVERY:,} open, {tickets // DUE_EVERY:,} due now")
    print(f"{os.cpu_count()} CPUs, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="privacybot-benchmark-") as folder:
        measure(Ground("SQLite", sqlite_url(Path(folder)), Path(folder), lambda: None), tickets)
    with RestartablePostgres() as server:
        measure(Ground("PostgreSQL", server.new_database(), server.folder / "data" / "base", server.restart), tickets)


def measure(ground: Ground, tickets: int) -> None:
    """Fill one database and print what its queries cost."""
    bench = Bench(ground.url)
    engine = bench.app.engine
    print(f"\n{ground.name}: filled in {seconds(lambda: fill(engine, tickets)):.0f} s")
    asked = sweep_of(bench)
    print_plan(engine, asked)
    print_sweep(ground, engine, asked)
    print_others(bench, engine)
    print_recount(bench, engine)
    bench.close()


def fill(engine: Engine, tickets: int) -> None:
    """Tickets with one request each, in bulk; the open ones have a journal."""
    with engine.begin() as connection:
        for first in range(1, tickets + 1, CHUNK):
            numbers = range(first, min(first + CHUNK, tickets + 1))
            connection.execute(insert(Ticket), [ticket(number) for number in numbers])
            connection.execute(insert(Request), [request(number) for number in numbers])
            connection.execute(insert(Event), list(journal(numbers)))
    if engine.dialect.name == "postgresql":  # its autovacuum does so within a minute; SQLite has nothing like it
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def ticket(number: int) -> dict[str, Any]:
    """A row of `tickets`."""
    is_open = number % OPEN_EVERY == 0
    received_at = MONDAY if is_open else MONDAY - timedelta(minutes=number)
    return {
        "id": number, "reference": f"PRV-2026-{number:07d}", "source": "mail", "status": Status.OPEN if is_open else Status.CLOSED,
        "regime": "eu_gdpr", "language": "en", "received_at": received_at, "opened_at": received_at, "unclear": False, "warnings": [],
        "closed_at": None if is_open else received_at + timedelta(days=9), "due_at": DUE_AT if is_open else None, "card_version": 1,
    }  # fmt: skip


def request(number: int) -> dict[str, Any]:
    """A row of `requests`."""
    is_open = number % OPEN_EVERY == 0
    remind_at = NOW - timedelta(minutes=5) if number % DUE_EVERY == 0 else NOW + timedelta(seconds=number)
    return {
        "id": number, "ticket_id": number, "intent": "access", "confidence": 0.9, "outcome": None if is_open else Outcome.FULFILLED,
        "closed_at": None if is_open else MONDAY, "due_on": DUE_ON, "due_at": DUE_AT, "safest_at": DUE_AT,
        "remind_at": remind_at if is_open else None, "extension_notice_by": DUE_ON, "rule_version": current_version(),
        "statute": "GDPR Art 12(3), 15", "due_reason": "received Mon 2026-11-23 (Europe/Berlin); 1 month until Wed 2026-12-23",
    }  # fmt: skip


def journal(numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Rows of `events`."""
    for number in numbers:
        if number % OPEN_EVERY == 0:
            line = {"number": 1, "hash": "", "seal": ""}
            yield {"ticket_id": number, "at": MONDAY, "kind": "opened", "actor": "bot", "detail": {"source": "mail"}, **line}


def sweep_of(bench: Bench) -> Asked:
    """The very statement with which the bot looks for due reminders, overheard and undone."""
    heard: list[Asked] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "FROM requests" in statement and "requests.remind_at <=" in statement:
            heard.append(Asked(statement, parameters))

    event.listen(bench.app.engine, "before_cursor_execute", listen)
    with Session(bench.app.engine) as session:
        queue_due(session, bench.app.office, NOW)
        session.rollback()
    event.remove(bench.app.engine, "before_cursor_execute", listen)
    return heard[0]


def print_plan(engine: Engine, asked: Asked) -> None:
    """How the database goes about it, and whether by the partial index."""
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF) "
    with engine.connect() as connection:
        plan = [str(row[-1]) for row in connection.exec_driver_sql(explain + asked.statement, asked.parameters)]
    used = "used" if any("ix_requests_remind" in line for line in plan) else "NOT USED"
    print(f"  partial index ix_requests_remind: {used}", *(f"    {line}" for line in plan), sep="\n")


def print_sweep(ground: Ground, engine: Engine, asked: Asked) -> None:
    """The sweep with nothing in memory, with everything in memory, and as it would be without the index."""
    engine.dispose()
    drop_from_memory(ground)
    with engine.connect() as connection:
        cold = seconds(lambda: print(f"  rows found: {asked.run(connection)}"))
    with engine.connect() as connection:
        warm = [seconds(lambda: asked.run(connection)) for _ in range(WARM_RUNS)]
    with engine.connect() as connection:
        connection.execute(text("DROP INDEX ix_requests_remind"))
        without = [seconds(lambda: asked.run(connection)) for _ in range(3)]
        connection.rollback()
    middle = statistics.median(warm)
    print(f"  cold {against_target(cold)}")
    print(f"  warm {against_target(middle)}; worst of {WARM_RUNS} {ms(max(warm))}")
    print(f"  without the index {ms(statistics.median(without))}: {statistics.median(without) / middle:,.0f} times the warm run")


def print_others(bench: Bench, engine: Engine) -> None:
    """What else asks about all open requests."""
    office = bench.app.office
    with Session(engine) as session:
        calendar = [seconds(lambda: due_dates(session, office, NOW)) for _ in range(3)]
        nothing = [seconds(lambda: recount(session, office, NOW)) for _ in range(3)]
    print(f"  dates for the calendar file: {ms(min(calendar))}")
    print(f"  anything to recount? (no): {ms(min(nothing))}")


def print_recount(bench: Bench, engine: Engine) -> None:
    """Some batches of a recount in which every date changes: how long each holds SQLite's write lock."""
    with engine.begin() as connection:
        connection.execute(update(Request).where(Request.outcome.is_(None)).values(rule_version="old", due_on=DUE_ON - timedelta(days=1)))
    last, moments = 0, [time.perf_counter()]
    for _ in range(RECOUNTED_BATCHES):
        with Session(engine) as session, session.begin():
            last = recount(session, bench.app.office, NOW, last)
        moments.append(time.perf_counter())
    took = [end - start for start, end in pairwise(moments)]
    print(
        f"  a batch of a recount in which all dates change: {ms(statistics.median(took))}, longest of {RECOUNTED_BATCHES} {ms(max(took))}"
    )


def drop_from_memory(ground: Ground) -> None:
    """Make server and operating system forget the files, so that the next query reads the disk."""
    ground.forget()
    os.sync()
    for file in ground.folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def against_target(duration: float) -> str:
    """A duration, and how it stands to what was promised."""
    return f"{ms(duration)}: {duration / TARGET:.2f} of the {ms(TARGET)} allowed"


def ms(duration: float) -> str:
    """Seconds as milliseconds."""
    return f"{duration * 1000:.2f} ms" if duration < 0.01 else f"{duration * 1000:.0f} ms"


if __name__ == "__main__":
    main()
