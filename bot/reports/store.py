"""Saves and reads reports: the only place that talks to their tables."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.observability.reports import not_saved, saved
from bot.reports import clock, codes
from bot.reports.model import (
    Change,
    Frequency,
    Identity,
    Level,
    NewReport,
    Priority,
    Provenance,
    Receipt,
    SavedReport,
    Sharing,
    Status,
)
from bot.reports.priority import suggested
from bot.reports.tables import ChangeRow, PhotoRow, ReportRow

logger = logging.getLogger(__name__)


class NotSaved(Exception):
    """The report is not in the database. The text holds nothing of what the resident said."""


def save(engine: Engine, report: NewReport, secret: str) -> Receipt:
    """Save `report` with its photos once and return its receipt; saving the same key again returns
    the first and changes nothing.

    Raises NotSaved when the database refuses or cannot be reached.
    """
    code = codes.follow_up_code(secret, report.key)
    try:
        with Session(engine) as session:
            if earlier := _reference_of(session, report.key):
                return Receipt(earlier, code, already_saved=True)
            row = _row(report, codes.new_reference(), codes.digest(code), secret)
            session.add(row)
            try:
                session.flush()
                _take_photos(session, row.id, report.photo_holder or report.conversation_id)
                session.commit()
            except IntegrityError:  # another worker saved the same form a moment ago
                session.rollback()
                if earlier := _reference_of(session, report.key):
                    return Receipt(earlier, code, already_saved=True)
                raise
            saved(logger, report.channel, str(row.reference))
            return Receipt(str(row.reference), code, already_saved=False)
    except SQLAlchemyError as error:
        not_saved(report.channel)
        raise NotSaved(type(error).__name__) from None


def get(engine: Engine, reference: str) -> SavedReport | None:
    """The report with `reference`, or None."""
    with Session(engine) as session:
        row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
        return saved_report(row) if row else None


def newest(engine: Engine, limit: int = 50, offset: int = 0) -> list[SavedReport]:
    """`limit` reports from `offset` on, the newest first."""
    order = select(ReportRow).order_by(ReportRow.id.desc()).limit(limit).offset(offset)
    with Session(engine) as session:
        return [saved_report(row) for row in session.scalars(order)]


def count(engine: Engine) -> int:
    """How many reports there are."""
    with Session(engine) as session:
        return int(session.scalar(select(func.count(ReportRow.id))) or 0)


def timeline(engine: Engine, reference: str) -> list[Change]:
    """What has happened to a report, the oldest first."""
    query = (
        select(ChangeRow)
        .join(ReportRow, ReportRow.id == ChangeRow.report_id)
        .where(ReportRow.reference == reference)
        .order_by(ChangeRow.id)
    )
    with Session(engine) as session:
        return [Change(row.at, row.what, row.by, row.detail) for row in session.scalars(query)]


def each(engine: Engine) -> Iterator[SavedReport]:
    """Every report, the oldest first, read a hundred at a time."""
    with Session(engine) as session:
        for row in session.scalars(select(ReportRow).order_by(ReportRow.id)).yield_per(100):
            yield saved_report(row)


def reachable(engine: Engine) -> bool:
    """True when the reports' table answers."""
    try:
        with Session(engine) as session:
            session.execute(select(ReportRow.id).limit(1))
        return True
    except SQLAlchemyError:
        return False


def _reference_of(session: Session, key: str) -> str | None:
    found = session.scalar(select(ReportRow.reference).where(ReportRow.key == key))
    return str(found) if found else None


def _take_photos(session: Session, report_id: Any, holder: str) -> None:
    """Make the photos that `holder` added the report's own."""
    theirs = update(PhotoRow).where(PhotoRow.holder == holder, PhotoRow.report_id.is_(None))
    session.execute(theirs.values(report_id=report_id, holder=f"report:{report_id}"))


def _row(report: NewReport, reference: str, code_digest: str, secret: str) -> ReportRow:
    now = datetime.now(UTC)
    priority = suggested(report)
    reasons = set(priority.reasons)
    said = asdict(report)
    del said["photo_holder"]
    return ReportRow(
        **said,
        person=codes.person(secret, report.contact),
        priority=priority.level.value,
        priority_reasons=list(priority.reasons),
        level=priority.level.value,
        hate="hate" in reasons,
        vulnerable="vulnerable" in reasons,
        repeat="repeat" in reasons,
        due_at=clock.due_at(now, priority.level),
        reference=reference,
        code_digest=code_digest,
        status=Status.NEW.value,
        created_at=now,
        changes=[
            ChangeRow(
                at=now, what="received", by=report.taken_by or "resident", detail=report.channel
            )
        ],
    )


def saved_report(row: Any) -> SavedReport:
    """What a row of the table says."""
    return SavedReport(
        reference=row.reference,
        status=Status(row.status),
        created_at=row.created_at,
        channel=row.channel,
        conversation_id=row.conversation_id,
        kind=row.kind,
        description=row.description,
        place=row.place,
        time=row.time,
        frequency=Frequency(row.frequency),
        identity=Identity(row.identity),
        name=row.name,
        contact=row.contact,
        first=row.first,
        last=row.last,
        clock=row.clock,
        sharing=Sharing(row.sharing),
        details=dict(row.details),
        priority=Priority(Level(row.priority), tuple(row.priority_reasons)),
        provenance={key: Provenance(**value) for key, value in row.provenance.items()},
        level=Level(row.level),
        version=row.version,
        assignee=row.assignee,
        taken_by=row.taken_by,
        ward=row.ward,
        hate=row.hate,
        vulnerable=row.vulnerable,
        repeat=row.repeat,
        due_at=row.due_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
        merged_into=row.merged_into,
    )
