"""Schema: brings a database to this version by alembic's migrations, and says clearly when it can't."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.base import vault_of
from models.mark import Mark

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x505256  # any fixed number: workers that start together upgrade one after the other
_ALEMBIC = threading.Lock()  # alembic keeps the migration under way in a global variable
_KEY_CHECK = "key-check"
_NO_FILE = "the database file can't be opened (does its folder exist, may this user write there?)"
_READ_ONLY = "the database is read-only"
_LOCKED = "the database is locked by another program"
_CAUSES = {
    "readonly": _READ_ONLY,
    "read-only": _READ_ONLY,
    "locked": _LOCKED,
    "lock timeout": _LOCKED,
    "unable to open": _NO_FILE,
    "not a database": "the file is not a database",
    "malformed": "the database file is damaged; restore a copy",
    "disk is full": "the disk is full",
    "authentication failed": "the database refused user or password",
    "no password supplied": "the database refused user or password",
    'role "': "the database refused user or password",
    "connection refused": "the database server does not answer",
    "no such file or directory": "the database server does not answer",
    "timeout expired": "the database server does not answer",
    "resolve host": "the database server's name is not known",
    "does not exist": "the database does not exist",
    "permission denied": "the database user may not do that",
}
"""What drivers say (psycopg, sqlite3), and what we say instead; the first that fits."""


class SchemaError(RuntimeError):
    """The database can't be used; the message says why and holds no secret."""


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables, and check that the key is the one the database was made with.

    Raises SchemaError: unreachable, read-only, locked, made by another version or program, or another key; then nothing was changed.
    """
    with told():
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
            _refuse_foreign(connection)
            _refuse_read_only(connection)
            with _ALEMBIC:
                command.upgrade(_config(connection), "head")
            _check_key(connection, engine)
        _use_write_ahead_log(engine)


def verify(engine: Engine) -> str:
    """Look without changing anything. Returns one line; raises SchemaError like `upgrade`."""
    if _is_missing_file(engine):
        return "there is none yet; it will be made at the first run"
    with told(), engine.connect() as connection:
        _refuse_foreign(connection)
        _refuse_read_only(connection)
        current, newest = _revision(connection), _newest()
        if current is None:
            return "empty; tables will be made at the first run"
        if current != newest:
            return f"revision {current}; will be upgraded to {newest} at the next run"
        _check_key(connection, engine)
        return f"revision {current}"


@contextmanager
def told() -> Iterator[None]:
    """Turn a failure of the database into a SchemaError that says why in words."""
    try:
        yield
    except DBAPIError as error:
        raise SchemaError(explain(error)) from None


def explain(error: DBAPIError) -> str:
    """One line on why the database did not do it; the driver's text can hold parameters, so only known causes are told in words."""
    message = str(error.orig).lower()
    return next((words for mark, words in _CAUSES.items() if mark in message), f"the database failed ({type(error.orig).__name__})")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _newest() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_missing_file(engine: Engine) -> bool:
    """True for a SQLite file that can be made; to connect would make it. Raises SchemaError where it can't be made."""
    if engine.dialect.name != "sqlite" or engine.url.query.get("uri") or (file := Path(engine.url.database or "")).exists():
        return False
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise SchemaError(_NO_FILE)
    return True


def _refuse_foreign(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if tables and Mark.__tablename__ not in tables:
        raise SchemaError("the database holds tables of another program; give privacybot one of its own")
    current = _revision(connection)
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaError(f"the database was made by another version of privacybot (revision {current}); install that version")


def _refuse_read_only(connection: Connection) -> None:
    """By a write that changes nothing and is never committed: SQLite's BEGIN IMMEDIATE succeeds on a file that can't be written."""
    if connection.dialect.name == "sqlite":
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version = {int(version)}")
    elif connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
        raise SchemaError(_READ_ONLY)


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers and the writer don't wait for each other. The file remembers it, so it is said once, and never to another program's file."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection, suppress(sqlite3.OperationalError):  # locked: by a worker that is about to say the same
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA journal_mode=WAL")  # not within a transaction


def _check_key(connection: Connection, engine: Engine) -> None:
    vault = vault_of(engine.dialect)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        sealed = session.scalar(select(Mark.value).where(Mark.name == _KEY_CHECK))
        if sealed is None:
            session.add(Mark(name=_KEY_CHECK, value=vault.encrypt(b"privacybot", _KEY_CHECK).hex()))
            session.commit()
            return
    try:
        vault.decrypt(bytes.fromhex(sealed), _KEY_CHECK)
    except ValueError:  # VaultError is one, and so is a mark that somebody overwrote
        raise SchemaError("PRIVACYBOT_KEY is not the key this database was made with") from None
