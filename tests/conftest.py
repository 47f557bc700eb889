"""Fixtures: databases and servers, real ones, started once and stopped at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.classifier import Classifier
from tests.builders import Bench, sqlite_url
from tests.live.dovecot import Dovecot
from tests.live.postgres import Postgres


@pytest.fixture(scope="session", autouse=True)
def one_model() -> Iterator[None]:
    """The model that came along is loaded once for all: nothing changes it, and each loading takes seconds and half a gigabyte."""
    load = Classifier.load
    kept: list[Classifier] = []

    def load_once(path: Path | None = None) -> Classifier:
        if path is not None:
            return load(path)
        kept.extend([load()] if not kept else [])
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Classifier, "load", load_once)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The app over SQLite."""
    bench = Bench(sqlite_url(tmp_path))
    yield bench
    bench.close()


@pytest.fixture
def any_bench(database: str) -> Iterator[Bench]:
    """The app over SQLite, then over PostgreSQL."""
    bench = Bench(database)
    yield bench
    bench.close()
