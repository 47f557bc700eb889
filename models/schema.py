"""Schema: brings a database to this version by alembic's migrations, and says clearly when it can't."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.base import vault_of
from models.mark import Mark
from models.vault import VaultError

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x505256  # any fixed number: workers that start together upgrade one after the other
_KEY_CHECK = "key-check"


class SchemaError(RuntimeError):
    """The database can't be used; the message says why and holds no secret."""


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables, and check that the key is the one the database was made with.

    Raises SchemaError: unreachable, read-only, locked, made by a newer version, made by another program, or another key.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
            _refuse_foreign(connection)
            command.upgrade(_config(connection), "head")
            _check_key(connection, engine)
    except DBAPIError as error:
        raise SchemaError(explain(error)) from None
    except CommandError:
        raise SchemaError("the database was made by a newer version of privacybot; install that version") from None


def verify(engine: Engine) -> str:
    """Look without changing anything. Returns one line; raises SchemaError like `upgrade`."""
    try:
        with engine.connect() as connection:
            _refuse_foreign(connection)
            current, newest = _revision(connection), _newest()
            if current is None:
                return "empty; tables will be created at the first run"
            if current != newest:
                return f"revision {current}; will be upgraded to {newest} at the next run"
            _check_key(connection, engine)
            return f"revision {current}"
    except DBAPIError as error:
        raise SchemaError(explain(error)) from None


def explain(error: DBAPIError) -> str:
    """One line on why the database did not do it; the driver's text can hold parameters, so only known causes are told in words."""
    message = str(error.orig).lower()
    known = {
        "readonly": "the database is read-only",
        "read-only": "the database is read-only",
        "locked": "the database is locked by another program",
        "unable to open": "the database file can't be opened (does its folder exist, may this user write there?)",
        "not a database": "the file is not a database",
        "authentication failed": "the database refused user or password",
        "connection refused": "the database server does not answer",
        "does not exist": "the database does not exist",
    }
    return next((words for mark, words in known.items() if mark in message), f"the database failed ({type(error.orig).__name__})")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _newest() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_foreign(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if tables and "alembic_version" not in tables:
        raise SchemaError("the database holds tables of another program; give privacybot one of its own")
    current = _revision(connection)
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaError(f"the database was made by another version of privacybot (revision {current}); install that version")


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
    except VaultError:
        raise SchemaError("PRIVACYBOT_KEY is not the key this database was made with") from None
