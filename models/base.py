"""The ground the models stand on: engine and sessions, UTC datetimes, encrypted columns."""

import json
import weakref
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, URL, DateTime, Dialect, Engine, LargeBinary, MetaData, String, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from models.vault import Vault

_BUSY_SECONDS = 20
_CONNECT_SECONDS = 15
_ONLY_READS = "privacybot_only_reads"
_VAULTS: "weakref.WeakKeyDictionary[Dialect, Vault]" = weakref.WeakKeyDictionary()


class Base(DeclarativeBase):
    """The declarative base; every constraint has a name so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 (SQLAlchemy's own contract)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, aware UTC coming out, on SQLite too (which forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Sealed(TypeDecorator[Any]):
    """A column whose bytes are encrypted with the engine's vault; `purpose` (table.column) is bound into the cipher text."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else vault_of(dialect).encrypt(self.pack(value), self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else self.unpack(vault_of(dialect).decrypt(bytes(value), self.purpose))

    def pack(self, value: Any) -> bytes:
        return bytes(value)

    def unpack(self, plain: bytes) -> Any:
        return plain


class EncryptedBytes(_Sealed):
    """Encrypted binary content."""

    cache_ok = True


class EncryptedText(_Sealed):
    """Encrypted text."""

    cache_ok = True

    def pack(self, value: Any) -> bytes:
        return str(value).encode("utf-8", "surrogatepass")

    def unpack(self, plain: bytes) -> Any:
        return plain.decode("utf-8", "surrogatepass")


class EncryptedJson(_Sealed):
    """Encrypted JSON value."""

    cache_ok = True

    def pack(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=True, sort_keys=True).encode()

    def unpack(self, plain: bytes) -> Any:
        return json.loads(plain)


class Seal(TypeDecorator[str]):
    """Takes a text and keeps its keyed hash alone, by which it is seen later whether we wrote that very text."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(dialect).seal(value)


def vault_of(dialect: Dialect) -> Vault:
    """The vault that `open_engine` gave to this engine's dialect."""
    return _VAULTS[dialect]


def open_engine(url: str, vault: Vault) -> Engine:
    """An engine for SQLite (foreign keys, BEGIN IMMEDIATE) or PostgreSQL that reads and writes encrypted columns with `vault`.

    Nothing is opened before the first use. It waits 20 s for another program's lock (SQLite: `?timeout=SECONDS` in the URL says
    otherwise); its errors never hold a statement's parameters.
    """
    parsed = make_url(url)
    engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
    _VAULTS[engine.dialect] = vault
    return engine


def snapshot_of(engine: Engine) -> Engine:
    """The same database for a long look: all of it as it stood at one moment, while others go on writing."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_ONLY_READS: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: URL) -> Engine:
    seconds = float(str(url.query.get("timeout", _BUSY_SECONDS)))
    engine = create_engine(url, connect_args={"timeout": seconds, "check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgresql(url: URL) -> Engine:
    # without time limits, a server behind a silent firewall or a forgotten lock would hold the bot for ever
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    engine = create_engine(url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself: we say BEGIN IMMEDIATE
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    cursor.close()
    connection.commit()


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads and then writes can lose another thread's update; taking the write lock first can't.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_ONLY_READS) else "BEGIN IMMEDIATE")
