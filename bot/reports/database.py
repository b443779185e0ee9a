"""Opens the database that DATABASE_URL names, and brings its tables up to date."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import column, create_engine, event, inspect, select, table, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import QueuePool

from bot.reports.keyring import Keyring
from bot.settings import Settings

__all__ = [
    "Engine",
    "alembic_config",
    "for_reading",
    "is_known",
    "migrate",
    "one_at_a_time",
    "open_engine",
    "revision",
    "tables_of_release",
]
_IN_THIS_PROCESS = threading.Lock()  # Alembic keeps what it works on in globals
VERSION = "reports_version"  # the table of Alembic
TABLES = 72605  # our advisory lock on making and changing tables: any number of our own
MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(url: str, durable: bool = True, keys: Sequence[str] = ()) -> Engine:
    """An engine for `url`. SQLite gets write-ahead logging and waits 5 s for another writer.

    `durable`: on SQLite a commit survives a power cut of the machine; without it those of the last
    moment may be lost, never torn. A server always waits for its disk: it may crash alone, and a
    resident who has seen the next question would answer the one before.
    `keys` encrypt and read personal data (settings_keys.py); without any, those of the settings.
    """
    keyring = Keyring(keys or Settings.from_env().data_keys)
    engine = _engine(url, durable)
    engine.dialect.data_keys = keyring  # where column types find it: encrypted.py
    return engine


def _engine(url: str, durable: bool) -> Engine:
    if not url.startswith("sqlite"):
        # hide_parameters: the text of an error does not hold the row
        return create_engine(url, pool_pre_ping=True, future=True, hide_parameters=True)
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # SQLAlchemy 1.4 would open a SQLite file anew for each use, which costs milliseconds.
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
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


def for_reading(engine: Engine) -> Engine:
    """The same, for reads of one statement: on a server without a transaction around each, which
    is two of its four trips there and back."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def one_at_a_time(url: str) -> Iterator[None]:
    """Make or change tables while no other process or machine does. Processes that start together
    would do it at the same moment; SQLite's one file is on one machine, and locks itself."""
    if not url.startswith("postgresql"):
        with _IN_THIS_PROCESS:
            yield
        return
    engine = create_engine(url, future=True)
    with engine.connect() as connection:  # the lock ends with the connection, however it ends
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": TABLES})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": TABLES})
    engine.dispose()


def migrate(url: str, revision: str = "head") -> None:
    """Run Alembic's migrations up to `revision`; whoever comes second waits and finds it done."""
    from alembic import command

    with one_at_a_time(url):
        command.upgrade(alembic_config(url), revision)


def revision(engine: Engine) -> str:
    """The number of the newest migration that the database has had."""
    with engine.connect() as connection:
        newest = select(column("version_num")).select_from(table(VERSION))
        return str(connection.execute(newest).scalar())


def is_known(number: str) -> bool:
    """Whether this release has the migration `number`; a newer release's it has not."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return number in {found.revision for found in script.walk_revisions()}


def tables_of_release() -> set[str]:
    """The names of the tables that this release's migrations make, found by making them."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tables.db'}"
        migrate(url)
        engine = open_engine(url)
        try:
            return set(inspect(engine).get_table_names())
        finally:
            engine.dispose()


def alembic_config(url: str) -> Any:
    """Alembic's configuration for our migrations folder and `url`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
