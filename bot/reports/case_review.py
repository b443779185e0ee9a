"""The ASB Case Review: how often the same person has had to tell us in the last months."""

from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports.database import Engine
from bot.reports.store import NotSaved
from bot.reports.tables import IncidentRow, ReportRow


def times_told(engine: Engine, reference: str, months: int) -> int:
    """Reports and incidents of the last `months` by whoever made the report `reference`.

    Whoever gave the same phone number or email is the same person; an anonymous report stands
    alone with its incidents. 0 when there is no such report. Raises NotSaved when the database
    does not answer.
    """
    since = datetime.now(UTC) - relativedelta(months=months)
    try:
        with Session(engine) as session:
            row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
            if row is None:
                return 0
            mine = ReportRow.person == row.person if row.person else ReportRow.id == row.id
            recent = select(ReportRow.id).where(mine, ReportRow.created_at >= since)
            reports = session.scalar(select(func.count()).select_from(recent.subquery()))
            incidents = session.scalar(
                select(func.count(IncidentRow.id)).where(
                    IncidentRow.report_id.in_(select(ReportRow.id).where(mine)),
                    IncidentRow.at >= since,
                )
            )
            return int(reports or 0) + int(incidents or 0)
    except SQLAlchemyError as error:
        raise NotSaved(type(error).__name__) from None
