"""Which keys the data in the database needs, and the key of the search index.

Each key that encrypts has a row from the moment that a process starts with it until every text has
a newer one (rotation.py). So a key that is dropped too early is missed at the start, not when
somebody opens a report. A row holds the search index's key, encrypted with its own: that key stays
the same when data keys change, and nobody reads it without one.
"""

import logging
import secrets
from typing import Any

from sqlalchemy import Column, String, Text, delete, inspect, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.reports.keyring import Keyring, Unreadable, missing
from bot.reports.tables import Base

logger = logging.getLogger(__name__)


class DataKeyRow(Base):
    """A key that something in the database may need, by its name."""

    __tablename__ = "data_keys"

    name = Column(String(16), primary_key=True)
    search_key = Column(Text, nullable=False)


TABLE = DataKeyRow.__table__


def begin(connection: Connection) -> None:
    """Make the search index's key, for a migration."""
    keyring = _keyring(connection)
    kept = keyring.seal(secrets.token_hex(32))
    connection.execute(TABLE.insert().values(name=keyring.newest, search_key=kept))


def check(engine: Engine) -> None:
    """Make sure that every key that the data needs is here, and note the newest. To be called at
    the start of whatever writes. Raises Unreadable; passes a database without tables, and one that
    does not answer."""
    try:
        if not inspect(engine).has_table(TABLE.name):
            return
        with engine.begin() as connection:
            _check(connection)
    except IntegrityError:  # another process noted it at the same moment
        return
    except DBAPIError as error:
        logger.warning(
            "the database does not answer, so keys were not checked: %s", type(error).__name__
        )


def _check(connection: Connection) -> None:
    keyring = _keyring(connection)
    kept = dict(connection.execute(select(TABLE.c.name, TABLE.c.search_key)).all())
    if unknown := [name for name in sorted(kept) if name not in keyring]:
        raise Unreadable(missing(unknown))
    if kept and keyring.newest not in kept:
        sealed = keyring.seal(keyring.open(next(iter(kept.values()))))
        connection.execute(TABLE.insert().values(name=keyring.newest, search_key=sealed))


def needed(engine: Engine) -> list[str]:
    """The names of the keys that something in the database may need."""
    if not inspect(engine).has_table(TABLE.name):
        return []
    with engine.connect() as connection:
        return sorted(connection.execute(select(TABLE.c.name)).scalars())


def search_key(connection: Connection) -> bytes:
    """The key of the search index, 32 bytes. Raises Unreadable."""
    keyring = _keyring(connection)
    if keyring.search_key is None:
        kept = dict(connection.execute(select(TABLE.c.name, TABLE.c.search_key)).all())
        known = [sealed for name, sealed in kept.items() if name in keyring]
        if not known:
            raise Unreadable(missing(sorted(kept) or ["none"]))
        keyring.search_key = bytes.fromhex(keyring.open(known[0]))
    return keyring.search_key


def forget_old(engine: Engine) -> list[str]:
    """Note that only the newest key is needed from now on, once everything in every database has
    it; returns the names of the others."""
    with engine.begin() as connection:
        others = TABLE.c.name != _keyring(connection).newest
        old = sorted(connection.execute(select(TABLE.c.name).where(others)).scalars())
        connection.execute(delete(TABLE).where(others))
        return old


def _keyring(connection: Any) -> Keyring:
    keyring: Keyring = connection.dialect.data_keys
    return keyring
