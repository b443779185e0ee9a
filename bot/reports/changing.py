"""One change of a report by staff: in the database and in its timeline, or in neither.

Whoever changes a report says which version they saw. When somebody else has changed it since,
nothing is done and `Stale` says what came in between, so that the page can show it and keep what
was typed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.model import Change
from bot.reports.tables import ChangeRow, ReportRow

Apply = Callable[[Session, Any], None]


class Stale(Exception):
    """Somebody else changed the report first; `since` is what they did, the oldest first."""

    def __init__(self, since: list[Change]) -> None:
        super().__init__(f"{len(since)} changes came first")
        self.since = since


class NoReport(LookupError):
    """There is no report with this reference."""


class Refused(ValueError):
    """The change is not allowed; `reason` is a key of the staff site's words (group `refused`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def change(
    engine: Engine, reference: str, seen: int | None, by: str, what: str, detail: str = "",
    apply: Apply | None = None,
) -> int:  # fmt: skip
    """Change the report `reference` and add one line to its timeline; returns its new version.

    `seen` is the version that `by` (a username) was shown, None for a change that may come at any
    time, such as a note. `what` is a key of the staff site's words (group `what`); `detail` is told
    beside it. `apply(session, row)` makes the change itself and may raise Refused.
    Raises Stale, NoReport, Refused.
    """
    with Session(engine) as session:
        change_in(session, reference, seen, by, what, detail, apply)
        version: int = session.scalar(
            select(ReportRow.version).where(ReportRow.reference == reference)
        )
        session.commit()
        return version


def change_in(
    session: Session, reference: str, seen: int | None, by: str, what: str, detail: str = "",
    apply: Apply | None = None,
) -> None:  # fmt: skip
    """The same inside a transaction of the caller's, for what changes several reports at once."""
    mine = ReportRow.reference == reference
    if seen is not None:
        mine = mine & (ReportRow.version == seen)
    # First of all: this locks the row, or the SQLite file, until the transaction ends.
    counted = session.execute(
        update(ReportRow)
        .where(mine)
        .values(version=ReportRow.version + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    row = session.scalar(
        select(ReportRow)
        .where(ReportRow.reference == reference)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NoReport(reference)
    if not counted:
        raise Stale(_since(session, row.id, seen or 0))
    if apply:
        apply(session, row)
    session.add(
        ChangeRow(
            report_id=row.id, at=datetime.now(UTC), what=what, by=by, detail=detail,
            version=row.version,
        )
    )  # fmt: skip
    session.flush()


def record(
    engine: Engine, reference: str, by: str, what: str, detail: str = "",
    apply: Apply | None = None,
) -> None:  # fmt: skip
    """Add a line to the timeline for what does not change the report itself, such as reading its
    transcript: whoever has the page open may still send what they are typing. Raises NoReport."""
    with Session(engine) as session:
        row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
        if row is None:
            raise NoReport(reference)
        if apply:
            apply(session, row)
        session.add(
            ChangeRow(report_id=row.id, at=datetime.now(UTC), what=what, by=by, detail=detail)
        )
        session.commit()


def _since(session: Session, report_id: int, seen: int) -> list[Change]:
    query = (
        select(ChangeRow)
        .where(ChangeRow.report_id == report_id, ChangeRow.version > seen)
        .order_by(ChangeRow.id)
    )
    return [Change(row.at, row.what, row.by, row.detail) for row in session.scalars(query)]
