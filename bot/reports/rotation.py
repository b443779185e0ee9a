"""Encrypts everything with the newest key, so that older keys can be dropped.

It looks for encrypted texts in every column of the database and not in a list of them: what a list
forgot would be lost with its key. Each text is changed only where it still stands as it was read,
so the service may go on meanwhile. The work may be stopped at any moment and begun again: what has
the newest key is left alone.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.reports import data_keys
from bot.reports.keyring import MARK, Keyring, Unreadable, is_sealed

AT_ONCE = 200  # rows in one transaction: on SQLite other writers wait for it


def rotate(engine: Engine) -> Iterator[tuple[str, int]]:
    """Encrypt what is in the database with the newest key; says of each table how many rows were
    changed. Raises Unreadable when an older key is missing, or a text is damaged."""
    for name in sa.inspect(engine).get_table_names():
        if name == data_keys.TABLE.name:
            continue
        key, columns = _columns(engine, name)
        if key is not None and columns and (changed := _rotate(engine, key, columns)):
            yield name, changed


def _columns(engine: Engine, name: str) -> tuple[Any, list[Any]]:
    """What tells the rows of a table apart, and its columns that may hold an encrypted text: also
    what SQLite still calls JSON, which PostgreSQL would not let it be."""
    inspector = sa.inspect(engine)
    key = inspector.get_pk_constraint(name)["constrained_columns"]
    is_sqlite = engine.dialect.name == "sqlite"
    texts = (sa.String, sa.JSON) if is_sqlite else (sa.String,)
    columns = [
        column["name"] for column in inspector.get_columns(name)
        if isinstance(column["type"], texts) and column["name"] not in key
    ]  # fmt: skip
    if len(key) != 1:
        return None, []
    table = sa.table(name, sa.column(key[0]), *(sa.column(one, sa.Text) for one in columns))
    return table.c[key[0]], [table.c[one] for one in columns]


def _rotate(engine: Engine, key: Any, columns: list[Any]) -> int:
    newest = f"{MARK}{_keyring(engine).newest}:"
    old = (column.startswith(MARK) & ~column.startswith(newest) for column in columns)
    query = sa.select(key, *columns).where(sa.or_(*old)).order_by(key).limit(AT_ONCE)
    changed, batch = 0, query
    while True:
        with engine.begin() as connection:
            rows = connection.execute(batch).mappings().all()
            changed += sum(_renew(connection, key, columns, row) for row in rows)
        if not rows:
            return changed
        batch = query.where(key > rows[-1][key.name])


def _renew(connection: Connection, key: Any, columns: list[Any], row: Any) -> int:
    """1 when the row was changed, 0 when nothing in it is encrypted, or somebody else has changed
    it since it was read."""
    keyring = _keyring(connection)
    sealed = [column for column in columns if is_sealed(row[column.name])]
    if not sealed:
        return 0
    try:
        new = {column.name: keyring.seal(keyring.open(row[column.name])) for column in sealed}
    except Unreadable as error:
        raise Unreadable(f"{key.table.name} {row[key.name]}: {error}") from None
    stands = (column == row[column.name] for column in sealed)
    mine = key.table.update().where(key == row[key.name], *stands)
    return int(connection.execute(mine.values(new)).rowcount)


def _keyring(bind: Any) -> Keyring:
    keyring: Keyring = bind.dialect.data_keys
    return keyring
