"""PostgreSQL and Redis for a benchmark: BENCH_POSTGRESQL and BENCH_REDIS name others than this
machine's. The database is made for the run, and dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from bot.reports.database import open_engine
from tests.system.running import free_ports_in_a_row

POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/13"


@contextmanager
def scratch(server: str) -> Iterator[str]:
    """The address of an empty database on this PostgreSQL server, dropped afterwards."""
    name = f"bench_{os.getpid()}"
    engine = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@contextmanager
def database(kind: str) -> Iterator[str | None]:
    """The address of an empty "sqlite" or "postgresql" database that goes away afterwards; None
    where BENCH_POSTGRESQL names no server."""
    server = os.environ.get("BENCH_POSTGRESQL", "")
    if kind == "sqlite":
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'reports.db'}"
    elif not server:
        yield None
    else:
        with scratch(server) as url:
            yield url


@contextmanager
def shared(workers: int = 1) -> Iterator[dict[str, str]]:
    """Settings for both, with so many workers of web, Rasa and the action server."""
    number = str(workers)
    with scratch(os.environ.get("BENCH_POSTGRESQL") or POSTGRESQL) as url:
        yield {
            "DATABASE_URL": url, "TRACKER_DATABASE_URL": url,
            "REDIS_URL": os.environ.get("BENCH_REDIS") or REDIS,
            "WEB_WORKERS": number, "RASA_WORKERS": number, "ACTION_WORKERS": number,
            "RASA_PORT": str(free_ports_in_a_row(workers)),
        }  # fmt: skip
