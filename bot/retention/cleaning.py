"""After rows were deleted: what the files of a database still hold of them."""

from bot.reports import search_index
from bot.reports.database import Engine
from bot.retention.conversations import Conversations


def clean(engine: Engine, conversations: Conversations) -> None:
    """Write what was deleted out of the files, as far as the database lets us.

    On SQLite deleted rows are overwritten (secure_delete), the search index is written anew, and
    the write-ahead log is emptied. On PostgreSQL VACUUM frees the rows; their bytes are overwritten
    when their place is used again: encrypt the disk.
    """
    search_index.forget_in_steps(engine)
    for each in (engine, conversations.engine):
        if each is None:
            continue
        if each.dialect.name == "sqlite":
            with each.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with each.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")
