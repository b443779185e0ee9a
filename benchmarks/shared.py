"""PostgreSQL and Redis for a benchmark: BENCH_POSTGRESQL and BENCH_REDIS name others than this
machine's. The database is made for the run, and dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url

from bot.reports.database import open_engine
from tests.system.running import free_ports_in_a_row

POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/13"


@contextmanager
def shared(workers: int = 1) -> Iterator[dict[str, str]]:
    """Settings for both, with so many workers of web, Rasa and the action server."""
    server = os.environ.get("BENCH_POSTGRESQL") or POSTGRESQL
    name = f"bench_shared_{os.getpid()}"
    engine = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            url = make_url(server).set(database=name).render_as_string(hide_password=False)
            number = str(workers)
            yield {
                "DATABASE_URL": url, "TRACKER_DATABASE_URL": url,
                "REDIS_URL": os.environ.get("BENCH_REDIS") or REDIS,
                "WEB_WORKERS": number, "RASA_WORKERS": number, "ACTION_WORKERS": number,
                "RASA_PORT": str(free_ports_in_a_row(workers)),
            }  # fmt: skip
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()
