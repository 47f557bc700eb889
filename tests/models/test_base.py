"""Columns: instants keep their meaning, what identifies people is unreadable in the file, threads lose no update."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine, LargeBinary, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from bot.clerk import next_reference
from bot.mailbox import Mail
from models import Base, Carrier, Counter, Event, Message, Notice, Ticket, Vault, VaultError, open_engine
from models.schema import upgrade
from tests.builders import KEY, MONDAY, Bench, mail, sqlite_url

T = TypeVar("T")
TOKYO = timezone(timedelta(hours=9))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An upgraded database, of each kind in turn."""
    engine = open_engine(database, Vault(KEY))
    upgrade(engine)
    yield engine
    engine.dispose()


def ticket(reference: str = "PRV-2026-00001", *, received_at: datetime = MONDAY) -> Ticket:
    return Ticket.open(reference, source="mail", regime="eu_gdpr", language="de", received_at=received_at, now=MONDAY)


class TestInstants:
    def test_any_zone_goes_in_and_utc_comes_out(self, engine: Engine) -> None:
        with Session(engine) as session:
            session.add(ticket(received_at=datetime(2026, 11, 24, 1, 30, 0, 5, tzinfo=TOKYO)))
            session.commit()
        with Session(engine) as session:
            found = session.scalars(select(Ticket)).one()
            assert found.received_at == datetime(2026, 11, 23, 16, 30, 0, 5, tzinfo=UTC)
            assert found.received_at.tzinfo is UTC
            assert found.closed_at is None

    def test_a_time_without_a_zone_is_refused(self, engine: Engine) -> None:
        with Session(engine) as session:
            session.add(ticket(received_at=datetime(2026, 11, 23, 9)))  # noqa: DTZ001
            with pytest.raises(StatementError, match="without a time zone"):
                session.flush()

    def test_instants_of_different_zones_compare_as_instants(self, engine: Engine) -> None:
        with Session(engine) as session:
            session.add(ticket(received_at=MONDAY))
            session.flush()
            later = (MONDAY + timedelta(minutes=1)).astimezone(TOKYO)
            assert session.scalars(select(Ticket).where(Ticket.received_at < later)).one()


class TestEncryptedColumns:
    def test_they_are_plain_to_the_program(self, engine: Engine) -> None:
        with Session(engine) as session:
            row = ticket()
            row.requester, row.subject = "jo@home.example", "Broken \udcff and 日本"
            session.add_all((row, Notice.queue("k", Carrier.MAIL, "letter", {"to": "jo@home.example", "text": "ü\u2028"}, MONDAY)))
            session.commit()
        with Session(engine) as session:
            found = session.scalars(select(Ticket)).one()
            assert (found.requester, found.requester_name, found.subject) == ("jo@home.example", None, "Broken \udcff and 日本")
            assert session.scalars(select(Notice)).one().payload == {"to": "jo@home.example", "text": "ü\u2028"}

    def test_another_key_can_not_read_them(self, engine: Engine) -> None:
        with Session(engine) as session:
            row = ticket()
            row.subject = "My data"
            session.add(row)
            session.commit()
        other = open_engine(str(engine.url), Vault(Vault.new_key()))
        with Session(other) as session, pytest.raises(VaultError, match=r"^tickets\.subject: ") as refusal:
            session.scalars(select(Ticket)).one()
        assert "My data" not in str(refusal.value)
        other.dispose()

    def test_nothing_a_person_wrote_can_be_read_in_the_file(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path))
        attachment = 'Content-Disposition: inline; filename="passport-doe.txt"\n'
        raw = mail("Please send me a copy of all data about Jolanda Doe.", subject="Zebra crossing", headers=attachment)
        filed = bench.app.file_mail(Mail(1, MONDAY, raw))
        bench.app.deliver()
        assert str(filed.reference).encode() in stored(tmp_path)  # the search does find what is there
        for secret in ("jo@home.example", "home.example", "jo doe", "jolanda", "zebra", "copy of all", "passport-doe", "m1@"):
            for encoded in (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()):
                assert encoded not in stored(tmp_path).lower(), secret
        bench.close()

    def test_every_column_that_can_hold_a_persons_words_is_encrypted(self) -> None:
        sealed = {
            str(column) for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, LargeBinary)
            or "Encrypted" in type(column.type).__name__
        }  # fmt: skip
        assert sealed == {
            "tickets.requester", "tickets.requester_name", "tickets.subject", "requests.evidence", "notices.payload",
            "messages.correspondent", "messages.correspondent_name", "messages.message_id", "messages.subject", "messages.text",
            "messages.body", "attachments.name", "attachments.content", "suppressions.address", "refresh_tokens.token",
            "suppressions.lifted_why",
        }  # fmt: skip

    def test_an_error_of_the_database_holds_no_parameters(self, engine: Engine) -> None:
        message = {"external_id": "x", "direction": "in", "source": "mail", "received_at": MONDAY, "slack_ts": "jo@home.example"}
        with Session(engine) as session:
            session.add_all((Message(**message), Message(**message)))
            with pytest.raises(IntegrityError) as refusal:
                session.flush()
        assert "jo@home.example" not in str(refusal.value)


class TestTransactions:
    def test_four_threads_draw_two_hundred_different_references(self, engine: Engine) -> None:
        sessions = sessionmaker(engine)

        def draw(_: int) -> list[str]:
            return [in_transaction(sessions, lambda session: next_reference(session, 2026)) for _ in range(50)]

        with ThreadPoolExecutor(4) as threads:
            drawn = [reference for references in threads.map(draw, range(4)) for reference in references]
        assert sorted(drawn) == [f"PRV-2026-{number:05d}" for number in range(1, 201)]

    def test_what_is_read_and_then_written_is_not_lost(self, tmp_path: Path) -> None:
        """With SQLAlchemy's defaults, SQLite lets two threads read the same value and both write their sum."""
        engine = open_engine(sqlite_url(tmp_path), Vault(KEY))
        upgrade(engine)
        sessions = sessionmaker(engine)
        in_transaction(sessions, lambda session: session.add(Counter(name="n", value=0)))

        def add(_: int) -> None:
            def one_more(session: Session) -> None:
                session.get_one(Counter, "n").value += 1

            for _ in range(25):
                in_transaction(sessions, one_more)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(add, range(4)))
        assert in_transaction(sessions, lambda session: session.get_one(Counter, "n").value) == 100

    def test_a_row_can_not_point_to_nothing(self, engine: Engine) -> None:
        with Session(engine) as session:
            session.add(Event(ticket_id=4711, at=MONDAY, kind="opened", actor="bot", detail={}, number=1, hash="", seal=""))
            with pytest.raises(IntegrityError):
                session.flush()

    def test_the_wait_for_another_programs_lock_ends(self, tmp_path: Path) -> None:
        url = sqlite_url(tmp_path)
        holder, waiter = open_engine(url, Vault(KEY)), open_engine(url + "?timeout=0.05", Vault(KEY))
        with holder.begin(), waiter.connect() as connection, pytest.raises(OperationalError, match="locked"):
            connection.execute(text("SELECT 1"))


def in_transaction(sessions: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    with sessions.begin() as session:
        return work(session)


def stored(folder: Path) -> bytes:
    """All bytes of the database: the file, and what waits in its write-ahead log."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("test.db*")))
