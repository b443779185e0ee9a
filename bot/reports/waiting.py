"""Which reports wait for an answer, by when it is due: the calendar's lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.finding import COLUMNS, Filter, Found, Tab, found
from bot.reports.finding import conditions as conditions_of
from bot.reports.tables import ReportRow


def due(
    engine: Engine, since: datetime | None, until: datetime | None, assignee: str, most: int
) -> tuple[list[Found], int]:
    """At most `most` reports whose answer is due from `since` to before `until` (None: whenever),
    the first due first, and how many there are of them. `assignee` is a username; empty: all."""
    asked = _waiting(assignee)
    if since:
        asked.append(ReportRow.due_at >= since)
    if until:
        asked.append(ReportRow.due_at < until)
    query = select(*COLUMNS).where(*asked).order_by(ReportRow.due_at, ReportRow.id)
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(ReportRow).where(*asked))
        return [found(list(row)) for row in session.execute(query.limit(most))], int(number or 0)


def _waiting(assignee: str) -> list[Any]:
    tab = Tab.MINE if assignee else Tab.OPEN
    return [*conditions_of(Filter(tab=tab, me=assignee)), ReportRow.answered_at.is_(None)]
