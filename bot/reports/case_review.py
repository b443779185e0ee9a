"""The ASB Case Review: how often the same person has had to tell us in the last months."""

from datetime import UTC, datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports.database import Engine
from bot.reports.store import NotSaved
from bot.reports.tables import IncidentRow, ReportRow
from bot.settings import Settings


class Told(NamedTuple):
    """What to say to somebody who had to report again: the message's name and what fills it."""

    message: str
    times: str
    months: str


def words_for(engine: Engine, reference: str, settings: Settings) -> Told | None:
    """What to say of the ASB Case Review to whoever made the report `reference`; None when it is
    their first of the last months. Raises NotSaved when the database does not answer."""
    months = settings.case_review_months
    times = times_told(engine, reference, months)
    if times < 2:
        return None
    enough = times >= settings.case_review_reports
    name = "utter_report_third_time" if enough else "utter_report_second_time"
    return Told(name, str(times), str(months))


def times_told(engine: Engine, reference: str, months: int) -> int:
    """Reports and incidents of the last `months` by whoever made the report `reference`.

    Whoever gave the same phone number or email is the same person; an anonymous report stands
    alone with its incidents. 0 when there is no such report. Raises NotSaved when the database
    does not answer.
    """
    since = datetime.now(UTC) - relativedelta(months=months)
    try:
        with Session(engine) as session:
            mine_is = select(ReportRow.id, ReportRow.person)
            row = session.execute(mine_is.where(ReportRow.reference == reference)).first()
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
