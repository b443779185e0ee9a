"""Alembic's entry point: runs the migrations on the database that the caller names."""

from alembic import context

from bot.reports.database import open_engine
from bot.reports.tables import Base

url = context.config.get_main_option("sqlalchemy.url")
assert url, "run migrations through `assistant migrate`, which names the database"
with open_engine(url).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        version_table="reports_version",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
