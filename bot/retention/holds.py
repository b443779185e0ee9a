"""Legal holds: a report under hold, its photos, its conversation and the reports merged with it are
neither purged nor erased. A claim, a complaint or an investigation may need them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports import changing
from bot.reports.database import Engine
from bot.reports.retention_tables import HoldRow
from bot.reports.tables import ReportRow

LONGEST_REASON = 500  # characters


@dataclass(frozen=True)
class Hold:
    """One hold; times are in UTC, `lifted_at` is None while it lasts."""

    reference: str
    reason: str
    by: str
    at: datetime
    lifted_by: str
    lifted_at: datetime | None
    lifted_why: str


def put(engine: Engine, reference: str, by: str, reason: str) -> None:
    """Put a report under hold. The reason stands in the hold, not in the timeline, which takes
    nothing back. Raises Refused when it is under hold already, and NoReport."""
    _checked(reason)

    def apply(session: Session, row: Any) -> None:
        if _active(session, row.id) is not None:
            raise changing.Refused("already_held")
        session.add(HoldRow(report_id=row.id, reason=reason.strip(), by=by, at=datetime.now(UTC)))

    changing.change(engine, reference, None, by, "held", "", apply)


def lift(engine: Engine, reference: str, by: str, why: str) -> None:
    """Lift the hold. Raises Refused when there is none, and NoReport."""
    _checked(why)

    def apply(session: Session, row: Any) -> None:
        hold = _active(session, row.id)
        if hold is None:
            raise changing.Refused("not_held")
        hold.lifted_by, hold.lifted_at = by, datetime.now(UTC)
        hold.lifted_why = why.strip()

    changing.change(engine, reference, None, by, "hold_lifted", "", apply)


def of_report(engine: Engine, reference: str) -> list[Hold]:
    """The holds that a report has or had, the newest first."""
    return _read(engine, ReportRow.reference == reference)


def active(engine: Engine) -> list[Hold]:
    """Every hold that lasts, the newest first."""
    return _read(engine, HoldRow.lifted_at.is_(None))


def _read(engine: Engine, *which: Any) -> list[Hold]:
    query = (
        select(HoldRow, ReportRow.reference)
        .join(ReportRow, ReportRow.id == HoldRow.report_id)
        .where(*which)
        .order_by(HoldRow.id.desc())
    )
    with Session(engine) as session:
        return [
            Hold(
                reference, row.reason, row.by, row.at, row.lifted_by, row.lifted_at, row.lifted_why
            )
            for row, reference in session.execute(query)
        ]


def _active(session: Session, report_id: int) -> Any:
    query = select(HoldRow).where(HoldRow.report_id == report_id, HoldRow.lifted_at.is_(None))
    return session.scalar(query)


def _checked(reason: str) -> None:
    if not reason.strip():
        raise changing.Refused("hold_reason")
    if len(reason) > LONGEST_REASON:
        raise changing.Refused("too_long")
