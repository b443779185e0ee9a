"""When backups were made, for the status page and the alarm about a missing one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.service_tables import BackupRow


@dataclass(frozen=True)
class Last:
    """When the last one was made, in UTC, and who ran it."""

    at: datetime
    by: str


def note(engine: Engine, by: str) -> None:
    """Write down that `by` has made one just now."""
    with Session(engine) as session:
        session.add(BackupRow(at=datetime.now(UTC), by=by))
        session.commit()


def last(engine: Engine) -> Last | None:
    """The last one; None when none was made."""
    with Session(engine) as session:
        row = session.scalars(select(BackupRow).order_by(BackupRow.id.desc()).limit(1)).first()
        return Last(row.at, row.by) if row else None
