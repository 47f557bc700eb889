"""Tables: migrations and classes agree, an upgrade may be repeated and raced, and what can't be used is left alone and told in words."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from bot.journal import Verification
from bot.journal import verify as verify_journals
from models import Base, Ticket, Vault, open_engine
from models.schema import SchemaError, _config, upgrade, verify
from tests.builders import KEY, MONDAY, sqlite_url
from tests.live.postgres import Postgres

Opener = Callable[[str], Engine]
AT = "2026-11-23 09:00:00+00:00"
OTHER_PROGRAM = "tables of another program"


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens engines, and lets them go at the end."""
    engines: list[Engine] = []

    def open_(url: str, key: str = KEY) -> Engine:
        engines.append(open_engine(url, Vault(key)))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.dispose()


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every table with its rows."""
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        return {name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in names}


def execute(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


class TestUpgrade:
    def test_it_makes_what_the_classes_say(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        upgrade(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
            assert compare_metadata(context, Base.metadata) == []

    def test_what_an_older_version_filed_is_kept(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0001")
            connection.execute(text("INSERT INTO counters VALUES ('PRV-2026', 7)"))
            row = "('m:1', 'in', 'mail', '2026-11-23 09:00:00+00', 'accept', 'person', 'person')"
            columns = "external_id, direction, source, received_at, decision, rule, kind"
            connection.execute(text(f"INSERT INTO messages ({columns}) VALUES {row}"))
        upgrade(engine)
        assert [row[:2] for row in content(engine)["counters"]] == [("PRV-2026", 7)]
        with engine.connect() as connection:
            assert connection.execute(text("SELECT external_id, authentication FROM messages")).all() == [("m:1", None)]

    def test_journals_of_an_older_version_are_chained_as_they_are(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0004")
        execute(
            engine,
            "INSERT INTO counters VALUES ('PRV-2026', 3)",
            *(
                "INSERT INTO tickets (id, reference, source, status, regime, language, received_at, opened_at,"
                " unclear, warnings, card_version)"
                f" VALUES ({number}, 'PRV-2026-0000{number}', 'mail', 'open', 'eu_gdpr', 'en', '{AT}', '{AT}', false, '[]', 1)"
                for number in (1, 3)
            ),
            *(
                f"INSERT INTO events (ticket_id, at, kind, actor, detail) VALUES ({ticket}, '{AT}', '{kind}', 'bot', '{{\"of\"\\: 1.0}}')"
                for ticket, kind in ((1, "opened"), (3, "opened"), (1, "classified"), (1, "screened"))
            ),
        )
        upgrade(engine)
        with Session(engine) as session:
            found = verify_journals(session, Vault(KEY))
            assert found == Verification(tickets=2, lines=6, purged=1, breaks=())
            first = session.get_one(Ticket, 1)
            assert [(event.number, event.kind) for event in first.events][-2:] == [(3, "screened"), (4, "journal_chained")]
            first.record("viewed", "slack:U1", MONDAY)
            session.commit()
            assert verify_journals(session, Vault(KEY)).breaks == ()

    def test_a_suppression_of_an_older_version_learns_its_tickets_reference(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0004")
            columns = "id, reference, source, status, regime, language, received_at, opened_at, unclear, warnings, card_version"
            row = "(1, 'PRV-2026-00042', 'mail', 'open', 'eu_gdpr', 'en', '2026-11-23 09:00', '2026-11-23 09:00', :no, '[]', 1)"
            connection.execute(text(f"INSERT INTO tickets ({columns}) VALUES {row}"), {"no": False})
            for number, ticket in ((1, 1), (2, None)):
                values = {"number": number, "hash": str(number), "address": b"sealed", "ticket": ticket}
                connection.execute(
                    text("INSERT INTO suppressions VALUES (:number, :hash, :address, 'mail', '2026-11-23 09:00', :ticket)"), values
                )
        upgrade(engine)
        with engine.connect() as connection:
            found = connection.execute(text("SELECT id, reference, lifted_at FROM suppressions ORDER BY id")).all()
            assert found == [(1, "PRV-2026-00042", None), (2, None, None)]
            assert connection.execute(text("SELECT webhook_number, webhook_hash FROM tickets")).all() == [(0, None)]

    def test_a_second_time_changes_nothing(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        upgrade(engine)
        before = content(engine)
        upgrade(engine)
        assert content(engine) == before
        assert len(before["marks"]) == len(before["alembic_version"]) == 1

    def test_several_at_once_make_the_tables_once(self, database: str, opened: Opener) -> None:
        engines, start = [opened(database) for _ in range(4)], threading.Barrier(4)

        def at_once(engine: Engine) -> None:
            start.wait()
            upgrade(engine)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(at_once, engines))
        assert {verify(engine) for engine in engines} == {f"revision {content(engines[0])['alembic_version'][0][0]}"}

    def test_two_databases_can_be_made_at_once(self, tmp_path: Path, opened: Opener) -> None:
        engines = [opened(f"sqlite:///{tmp_path / name}.db") for name in "abcd"]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(upgrade, engines))
        assert len({len(content(engine)) for engine in engines}) == 1

    def test_readers_and_the_writer_do_not_wait_for_each_other(self, tmp_path: Path, opened: Opener) -> None:
        upgrade(opened(sqlite_url(tmp_path)))
        with sqlite3.connect(tmp_path / "test.db") as raw:
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)

    def test_a_percent_sign_in_the_path_is_a_percent_sign(self, tmp_path: Path, opened: Opener) -> None:
        folder = tmp_path / "100%s"
        folder.mkdir()
        upgrade(opened(sqlite_url(folder)))
        assert (folder / "test.db").exists()


class TestVerify:
    def test_it_does_not_make_a_file(self, tmp_path: Path, opened: Opener) -> None:
        assert verify(opened(sqlite_url(tmp_path))) == "there is none yet; it will be made at the first run"
        assert list(tmp_path.iterdir()) == []

    def test_it_makes_no_tables(self, database: str, opened: Opener, tmp_path: Path) -> None:
        (tmp_path / "test.db").touch()
        engine = opened(database)
        assert verify(engine) == "empty; tables will be made at the first run"
        assert content(engine) == {}

    def test_it_writes_no_key_check(self, database: str, opened: Opener) -> None:
        engine = opened(database)
        upgrade(engine)
        execute(engine, "DELETE FROM marks")
        assert verify(engine).startswith("revision ")
        assert content(engine)["marks"] == []

    def test_the_file_stays_as_it_was_byte_for_byte(self, tmp_path: Path, opened: Opener) -> None:
        file = tmp_path / "test.db"
        engine = opened(sqlite_url(tmp_path))
        upgrade(engine)
        engine.dispose()
        before = file.read_bytes()
        verify(engine)
        engine.dispose()
        assert [path.name for path in tmp_path.iterdir()] == ["test.db"]
        assert file.read_bytes() == before


@pytest.mark.parametrize("look", [verify, upgrade])
class TestWhatCanNotBeUsed:
    """The same answer from a check as from a start, and nothing is changed by either."""

    def test_a_database_of_another_program(self, look: Callable[[Engine], object], database: str, opened: Opener) -> None:
        engine = opened(database)
        execute(engine, "CREATE TABLE recipes (id INTEGER)", "INSERT INTO recipes VALUES (7)")
        before = content(engine)
        with pytest.raises(SchemaError, match=OTHER_PROGRAM):
            look(engine)
        assert content(engine) == before

    def test_a_database_of_another_program_that_uses_alembic_too(
        self, look: Callable[[Engine], object], database: str, opened: Opener
    ) -> None:
        engine = opened(database)
        version = ("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)", "INSERT INTO alembic_version VALUES ('ab12')")
        execute(engine, "CREATE TABLE recipes (id INTEGER)", *version)
        with pytest.raises(SchemaError, match=OTHER_PROGRAM):
            look(engine)

    def test_another_programs_file_keeps_its_journal_mode(self, look: Callable[[Engine], object], tmp_path: Path, opened: Opener) -> None:
        with sqlite3.connect(tmp_path / "test.db") as raw:
            raw.execute("CREATE TABLE recipes (id INTEGER)")
        raw.close()
        before = (tmp_path / "test.db").read_bytes()
        engine = opened(sqlite_url(tmp_path))
        with pytest.raises(SchemaError, match=OTHER_PROGRAM):
            look(engine)
        engine.dispose()
        assert (tmp_path / "test.db").read_bytes() == before

    def test_a_database_of_a_newer_version(self, look: Callable[[Engine], object], database: str, opened: Opener) -> None:
        engine = opened(database)
        upgrade(engine)
        execute(engine, "UPDATE alembic_version SET version_num = '9999'")
        before = content(engine)
        with pytest.raises(SchemaError, match=r"made by another version of privacybot \(revision 9999\); install that version"):
            look(engine)
        assert content(engine) == before

    def test_a_database_made_with_another_key(self, look: Callable[[Engine], object], database: str, opened: Opener) -> None:
        upgrade(opened(database))
        other = open_engine(database, Vault(Vault.new_key()))
        with pytest.raises(SchemaError, match=r"^PRIVACYBOT_KEY is not the key this database was made with$"):
            look(other)
        other.dispose()

    def test_a_key_check_that_somebody_overwrote(self, look: Callable[[Engine], object], database: str, opened: Opener) -> None:
        engine = opened(database)
        upgrade(engine)
        execute(engine, "UPDATE marks SET value = 'no hex'")
        with pytest.raises(SchemaError, match="PRIVACYBOT_KEY is not the key"):
            look(engine)

    def test_a_locked_file(self, look: Callable[[Engine], object], tmp_path: Path, opened: Opener) -> None:
        url = sqlite_url(tmp_path)
        upgrade(opened(url))
        with opened(url).begin(), pytest.raises(SchemaError, match=r"^the database is locked by another program$"):
            look(opened(url + "?timeout=0.05"))

    def test_a_locked_table(self, look: Callable[[Engine], object], postgres: Postgres, opened: Opener) -> None:
        url = postgres.new_database()
        engine = opened(url)
        upgrade(engine)
        with engine.begin() as holder:
            holder.execute(text("LOCK TABLE alembic_version"))
            waiter = opened(url)
            with waiter.connect() as connection:  # the pool keeps it, and with it the short patience
                connection.execute(text("SET lock_timeout = '50ms'"))
                connection.commit()
            with pytest.raises(SchemaError, match=r"^the database is locked by another program$"):
                look(waiter)

    def test_a_read_only_file(self, look: Callable[[Engine], object], tmp_path: Path, opened: Opener) -> None:
        engine = opened(sqlite_url(tmp_path))
        upgrade(engine)
        engine.dispose()
        read_only = opened(f"sqlite:///file:{tmp_path / 'test.db'}?mode=ro&uri=true")
        with pytest.raises(SchemaError, match=r"^the database is read-only$"):
            look(read_only)

    def test_a_read_only_server(self, look: Callable[[Engine], object], postgres: Postgres, opened: Opener) -> None:
        url = postgres.new_database()
        with pytest.raises(SchemaError, match=r"^the database is read-only$"):
            look(opened(url + "?options=-c%20default_transaction_read_only%3Don"))

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("sqlite:///{folder}/nowhere/test.db", "the database file can't be opened (does its folder exist, may this user write there?)"),
            ("sqlite:///{folder}", "the database file can't be opened (does its folder exist, may this user write there?)"),
            ("sqlite:///{folder}/letter.txt", "the file is not a database"),
            ("postgresql://bot@127.0.0.1:1/privacy", "the database server does not answer"),
            ("postgresql://bot@nowhere.invalid/privacy", "the database server's name is not known"),
            ("postgresql:///privacy?host=/nowhere", "the database server does not answer"),
        ],
    )
    def test_what_is_not_there(self, look: Callable[[Engine], object], url: str, words: str, tmp_path: Path, opened: Opener) -> None:
        (tmp_path / "letter.txt").write_text("Dear madam, " * 100)
        with pytest.raises(SchemaError) as refusal:
            look(opened(url.format(folder=tmp_path)))
        assert str(refusal.value) == words
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_a_name_the_server_does_not_know(self, look: Callable[[Engine], object], postgres: Postgres, opened: Opener) -> None:
        url = postgres.new_database()
        with pytest.raises(SchemaError, match=r"^the database does not exist$"):
            look(opened(url + "x"))
        with pytest.raises(SchemaError, match=r"^the database refused user or password$"):
            look(opened(url.replace("bot@", "stranger@")))
