"""Opens the database that DATABASE_URL names, and brings its tables up to date."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import QueuePool

__all__ = ["Engine", "alembic_config", "migrate", "open_engine"]
MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(url: str, durable: bool = True) -> Engine:
    """An engine for `url`. SQLite gets write-ahead logging and waits 5 s for another writer.

    `durable`: a commit survives a power cut; without it the last ones may be lost, never torn.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, future=True)
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # SQLAlchemy 1.4 would open a SQLite file anew for each use, which costs milliseconds.
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        connect_args={"timeout": 5, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # https://www.sqlite.org/wal.html: readers do not block the writer. secure_delete
        # overwrites what is deleted: https://www.sqlite.org/pragma.html#pragma_secure_delete
        synchronous = "FULL" if durable else "NORMAL"
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def migrate(url: str, revision: str = "head") -> None:
    """Run Alembic's migrations up to `revision`."""
    from alembic import command

    command.upgrade(alembic_config(url), revision)


def alembic_config(url: str) -> Any:
    """Alembic's configuration for our migrations folder and `url`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
