"""Databases for tests: each test has one of its own, copied from one that was migrated once.

SQLite unless TEST_DATABASE names a PostgreSQL server, as postgresql://postgres@127.0.0.1:5432/,
where each database is made by its own name and dropped again, and Redis is used besides. `make
test` runs every test that keeps something on both.
"""

import atexit
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.reports.database import migrate
from tests.services import need_redis

SERVER = os.environ.get("TEST_DATABASE", "")
of_sqlite = pytest.mark.skipif(bool(SERVER), reason="about SQLite's own file")


def is_for_both(item: pytest.Item) -> bool:
    """Whether a test keeps something in a database that is chosen here."""
    if item.get_closest_marker("own_servers"):
        return False
    kept = {"engine", "database_url", "assistant", "system"} & set(item.fixturenames)
    return bool(kept or item.get_closest_marker("system") or item.get_closest_marker("database"))


def new_url(folder: Path) -> str:
    """The address of a database that is not there yet."""
    if not SERVER:
        return f"sqlite:///{folder / 'reports.db'}"
    return make_url(SERVER).set(database=f"test_{uuid.uuid4().hex}").render_as_string(False)


def make(url: str) -> None:
    """Make the database at `url`, with its tables up to date."""
    if SERVER:
        _run(f'CREATE DATABASE "{make_url(url).database}" TEMPLATE "{_postgres_template()}"')
    else:
        shutil.copyfile(_sqlite_template(), make_url(url).database)


def make_empty(url: str) -> None:
    """Make the database at `url` without any table."""
    if SERVER:
        _run(f'CREATE DATABASE "{make_url(url).database}"')


def shared() -> dict[str, str]:
    """Settings that go with PostgreSQL: Redis, and a secret of the test's own, by which what is in
    it is kept apart from that of other tests."""
    if not SERVER:
        return {}
    return {"REDIS_URL": need_redis(), "SECRET_KEY": uuid.uuid4().hex}


@contextmanager
def of_processes(folder: Path) -> Iterator[dict[str, str]]:
    """Settings of two databases, still empty, for real processes: reports and conversations."""
    names = {"DATABASE_URL": "reports", "TRACKER_DATABASE_URL": "conversations"}
    if not SERVER:
        yield {name: f"sqlite:///{folder / kept}.db" for name, kept in names.items()}
        return
    urls = {name: new_url(folder) for name in names}
    for url in urls.values():
        make_empty(url)
    try:
        yield {**urls, **shared()}
    finally:
        for url in urls.values():
            drop(url)


def drop(url: str) -> None:
    """Remove the database at `url`; SQLite's goes with its folder."""
    if SERVER:
        _run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


@lru_cache(maxsize=1)
def _sqlite_template() -> Path:
    path = Path(mkdtemp(prefix="assistant-tests-")) / "migrated.db"
    migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:  # all of it into the one file that is copied
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@lru_cache(maxsize=1)
def _postgres_template() -> str:
    name = f"test_template_{os.getpid()}"
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(f'CREATE DATABASE "{name}"')
    atexit.register(_run, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    migrate(make_url(SERVER).set(database=name).render_as_string(False))
    return name


def _run(statement: str) -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


if __name__ == "__main__":  # is there a server at TEST_DATABASE?
    try:
        _run("SELECT 1")
    except Exception as error:
        sys.exit(f"no PostgreSQL at TEST_DATABASE: {type(error).__name__}")
