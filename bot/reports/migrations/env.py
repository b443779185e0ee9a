"""Alembic's entry point: runs the migrations on the database that the caller names."""

from alembic import context

import bot.channels.tables
import bot.reports.list_tables  # noqa: F401 (its tables are for Alembic to see)
from bot.reports import (
    casework_tables,  # noqa: F401 so that Alembic knows them
    data_keys,  # noqa: F401 so that Alembic knows it
    personal_tables,  # noqa: F401 so that Base knows its tables
    publishing_tables,  # noqa: F401 so that Alembic knows them
    retention_tables,  # noqa: F401 so that Alembic knows them
    search_index,
    service_tables,  # noqa: F401 so that Alembic knows them
)
from bot.reports.database import VERSION, open_engine
from bot.reports.migrations import plain_search_index
from bot.reports.tables import Base

url = context.config.get_main_option("sqlalchemy.url")
assert url, "run migrations through `assistant migrate`, which names the database"
engine = open_engine(url)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        version_table=VERSION,
    )
    with context.begin_transaction():
        context.run_migrations()
        plain_search_index.mend(connection)
        search_index.mend(connection)
    connection.commit()
engine.dispose()  # PostgreSQL copies no database that somebody still holds
