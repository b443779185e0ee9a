"""Whether a report is under legal hold: then nothing of it is deleted for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports.changing import Refused
from bot.reports.retention_tables import HoldRow


def is_held(session: Session, report_id: int) -> bool:
    """Whether the report with this number is under hold."""
    query = select(HoldRow.id).where(HoldRow.report_id == report_id, HoldRow.lifted_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def refuse_when_held(session: Session, report_id: int) -> None:
    """Raise Refused when it is."""
    if is_held(session, report_id):
        raise Refused("held")
