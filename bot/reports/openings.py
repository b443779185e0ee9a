"""Personal data of a report stays hidden from a staff user until they say why they need it. Each
opening is a line in the timeline, and holds for one staff user, one report and half an hour.

An opening changes nothing in the report, so its version stays: nobody's half-written form becomes
stale because somebody looked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.reports.changing import NoReport
from bot.reports.database import Engine
from bot.reports.personal_tables import OpeningRow
from bot.reports.tables import ChangeRow, ReportRow

HOLDS = timedelta(minutes=30)


@dataclass(frozen=True)
class Opening:
    """One opening; `at` and `until` are in UTC, `reason` is a key of the staff site's words.
    `is_gone`: the report was purged since."""

    reference: str
    who: str
    reason: str
    words: str
    at: datetime
    until: datetime
    is_gone: bool


def open_personal(
    engine: Engine, reference: str, who: str, reason: str, words: str, detail: str
) -> None:
    """Record that `who` (a username) opens the personal data of a report from now on, and why;
    `detail` is the reason as the timeline tells it. Raises NoReport."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        report_id = session.scalar(select(ReportRow.id).where(ReportRow.reference == reference))
        if report_id is None:
            raise NoReport(reference)
        session.add(
            OpeningRow(
                report_id=report_id, who=who, reason=reason, words=words, at=now, until=now + HOLDS
            )
        )
        session.add(
            ChangeRow(report_id=report_id, at=now, what="opened_personal", by=who, detail=detail)
        )
        session.commit()


def open_until(
    engine: Engine, reference: str, who: str, at: datetime | None = None
) -> datetime | None:
    """Until when the personal data of this report is open to `who`, in UTC; None when it is not."""
    query = (
        select(func.max(OpeningRow.until))
        .join(ReportRow, ReportRow.id == OpeningRow.report_id)
        .where(ReportRow.reference == reference, OpeningRow.who == who)
    )
    with Session(engine) as session:
        until: datetime | None = session.scalar(query)
    return until if until and until > (at or datetime.now(UTC)) else None


def newest(engine: Engine, limit: int, offset: int) -> list[Opening]:
    """`limit` openings from `offset` on, the newest first."""
    query = (
        select(OpeningRow, func.coalesce(ReportRow.reference, OpeningRow.reference))
        .outerjoin(ReportRow, ReportRow.id == OpeningRow.report_id)
        .order_by(OpeningRow.id.desc())
        .limit(limit)
        .offset(offset)
    )
    with Session(engine) as session:
        return [_opening(row, reference) for row, reference in session.execute(query)]


def count(engine: Engine) -> int:
    """How many openings there were."""
    with Session(engine) as session:
        return int(session.scalar(select(func.count(OpeningRow.id))) or 0)


def _opening(row: Any, reference: str) -> Opening:
    is_gone = row.report_id is None
    return Opening(reference, row.who, row.reason, row.words, row.at, row.until, is_gone)
