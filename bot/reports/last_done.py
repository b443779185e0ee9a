"""When the last backup was made and the last purge ended, by the tables that they are noted in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.retention_tables import RunRow
from bot.reports.service_tables import BackupRow

# What, and the column that is set when it has been done
NOTED: tuple[tuple[str, Any], ...] = (("backup", BackupRow.at), ("purge", RunRow.ended_at))


def last_done(engine: Engine) -> Iterator[tuple[str, datetime]]:
    """What was ever done, and when last (UTC). What no table is there for is left out, as before
    the migration that makes it."""
    known = set(inspect(engine).get_table_names())
    with Session(engine) as session:
        for what, at in NOTED:
            if at.class_.__tablename__ in known:
                found = session.scalar(select(func.max(at)))
                if found is not None:
                    yield what, found
