"""When the last backup was made and the last purge was done, by the tables that note them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select, true
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.retention_tables import DONE, RunRow
from bot.reports.service_tables import BackupRow

# What, the column that is set when it has ended, and that it went well
NOTED: tuple[tuple[str, Any, Any], ...] = (
    ("backup", BackupRow.at, true()),
    ("purge", RunRow.ended_at, RunRow.state == DONE),
)


def last_done(engine: Engine) -> Iterator[tuple[str, datetime]]:
    """What was ever done, and when last (UTC). What no table is there for is left out, as before
    the migration that makes it."""
    known = set(inspect(engine).get_table_names())
    with Session(engine) as session:
        for what, at, well in NOTED:
            if at.class_.__tablename__ in known:
                found = session.scalar(select(func.max(at)).where(well))
                if found is not None:
                    yield what, found
