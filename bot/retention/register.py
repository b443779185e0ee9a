"""The register of what went and of what was given out: lines are added, never changed or removed.
No line holds personal data: a reference at most, and how many rows there were."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.reports.database import Engine
from bot.reports.retention_tables import RegisterRow

LONGEST_REASON = 500  # characters
# Rules of lines about one person (people.py); the rules of the purge are in purge.py
LOOKED_UP, GIVEN_OUT, ERASED = "person_looked_up", "person_exported", "person_erased"


@dataclass(frozen=True)
class Line:
    """One line; `at` is in UTC. `reference` is empty for what is no report, `counts` how many rows
    of which table, `counted_from` the day that the period began, if there is one."""

    at: datetime
    by: str
    rule: str
    reference: str
    counted_from: date | None
    counts: dict[str, int]
    reason: str


def add(
    session: Session, rule: str, by: str, at: datetime, counts: dict[str, int],
    reference: str = "", counted_from: date | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Add a line, in the transaction of what it tells."""
    session.add(
        RegisterRow(
            at=at, by=by, rule=rule, reference=reference, counted_from=counted_from,
            counts={name: number for name, number in counts.items() if number}, reason=reason,
        )
    )  # fmt: skip


def note(engine: Engine, rule: str, by: str, counts: dict[str, int], reason: str = "") -> None:
    """Add a line of what changed nothing here, such as a file that was given out."""
    with Session(engine) as session:
        add(session, rule, by, datetime.now(UTC), counts, reason=reason)
        session.commit()


def count(engine: Engine) -> int:
    """How many lines there are."""
    with Session(engine) as session:
        return int(session.scalar(select(func.count(RegisterRow.id))) or 0)


def newest(engine: Engine, limit: int, offset: int = 0) -> list[Line]:
    """`limit` lines from `offset` on, the newest first."""
    query = select(RegisterRow).order_by(RegisterRow.id.desc()).limit(limit).offset(offset)
    with Session(engine) as session:
        return [_line(row) for row in session.scalars(query)]


def _line(row: Any) -> Line:
    return Line(
        row.at, row.by, row.rule, row.reference, row.counted_from, dict(row.counts), row.reason
    )
