"""Who has taken reports out, when, which and why: lines are added, never changed or removed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.list_tables import ExportRow

LONGEST_REASON = 500  # characters


@dataclass(frozen=True)
class Export:
    """One file that was made; `at` is in UTC, `what` the filter in words, `reports` how many there
    were as it began, `reason` empty unless names and contacts were in it (`personal`)."""

    at: datetime
    by: str
    what: str
    layout: str
    reports: int
    personal: bool
    reason: str


def record(
    engine: Engine, by: str, what: str, layout: str, reports: int, personal: bool, reason: str
) -> None:
    """Write down that the staff user `by` takes reports out. To be called before they do: a file
    that is not written down is not made. Raises ValueError for personal data without a reason."""
    if personal and not reason.strip():
        raise ValueError("names and contacts are taken out with a reason only")
    with Session(engine) as session:
        session.add(
            ExportRow(
                at=datetime.now(UTC), by=by, what=what, layout=layout, reports=reports,
                personal=personal, reason=reason.strip() if personal else "",
            )
        )  # fmt: skip
        session.commit()


def count(engine: Engine) -> int:
    """How many files have been made."""
    with Session(engine) as session:
        return int(session.scalar(select(func.count(ExportRow.id))) or 0)


def newest(engine: Engine, limit: int, offset: int = 0) -> list[Export]:
    """`limit` of them from `offset` on, the newest first."""
    query = select(ExportRow).order_by(ExportRow.id.desc()).limit(limit).offset(offset)
    with Session(engine) as session:
        return [
            Export(row.at, row.by, row.what, row.layout, row.reports, row.personal, row.reason)
            for row in session.scalars(query)
        ]
