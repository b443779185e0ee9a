"""What a reporter can do with reference and follow-up code: look, add an incident, write."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.extraction.times import read_as_of_now
from bot.reports import codes
from bot.reports.database import Engine
from bot.reports.model import DETAIL_LIMIT, Incident, Message, PublicReport, Status
from bot.reports.store import NotSaved
from bot.reports.tables import ChangeRow, IncidentRow, MessageRow, ReportRow

RESIDENT, TEAM = "resident", "team"  # who wrote a message, as the reporter sees it


class NotFound(Exception):
    """No report has this reference with this code; which of the two is wrong is not told."""


def look_up(engine: Engine, reference: str, code: str) -> PublicReport:
    """What the reporter may see. Raises NotFound; NotSaved when the database does not answer."""
    try:
        with Session(engine) as session:
            return _public(session, _row(session, reference, code))
    except SQLAlchemyError as error:
        raise NotSaved(type(error).__name__) from None


def since_sent(engine: Engine, reference: str) -> PublicReport | None:
    """The same for staff, who need no code and see who wrote; None when there is no such
    report."""
    with Session(engine) as session:
        row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
        return _public(session, row, with_names=True) if row else None


def add_incident(engine: Engine, pair: tuple[str, str], key: str, words: str) -> PublicReport:
    """Add one more time that it happened, with the days that `words` mean as of now; the same
    `key` twice adds one.

    `pair` is reference and code. Raises NotFound, NotSaved, and ValueError when `words` is too
    long. A closed report is not reopened by it: staff see the incident and decide.
    """

    when = read_as_of_now(words)

    def row(report: Any, now: datetime) -> list[Any]:
        incident = IncidentRow(
            report_id=report.id, key=key, at=now, words=words,
            first=when.first, last=when.last, clock=when.time,
        )  # fmt: skip
        change = ChangeRow(
            report_id=report.id, at=now, what="happened_again", by="resident", detail="",
            version=report.version,
        )  # fmt: skip
        return [incident, change]

    return _add(engine, pair, words, row)


def add_message(engine: Engine, pair: tuple[str, str], key: str, words: str) -> PublicReport:
    """Add what the reporter writes to staff; the same `key` twice adds one. Raises as above."""

    def row(report: Any, now: datetime) -> list[Any]:
        message = MessageRow(report_id=report.id, key=key, at=now, by="resident", words=words)
        change = ChangeRow(
            report_id=report.id, at=now, what="resident_wrote", by="resident", detail="",
            version=report.version,
        )  # fmt: skip
        return [message, change]

    return _add(engine, pair, words, row)


def _add(
    engine: Engine,
    pair: tuple[str, str],
    words: str,
    rows: Callable[[Any, datetime], list[Any]],
) -> PublicReport:
    if not words.strip() or len(words) > DETAIL_LIMIT:
        raise ValueError(f"a message has 1 to {DETAIL_LIMIT} characters")
    try:
        with Session(engine) as session:
            report = _row(session, *pair)
            _count(session, report)
            session.add_all(rows(report, datetime.now(UTC)))
            try:
                session.commit()
            except IntegrityError:  # told twice: the first one stands
                session.rollback()
            return _public(session, _row(session, *pair))
    except SQLAlchemyError as error:
        raise NotSaved(type(error).__name__) from None


def _count(session: Session, report: Any) -> None:
    """Count it as a change of the report: nobody closes it over words that they have not read."""
    session.execute(
        update(ReportRow)
        .where(ReportRow.id == report.id)
        .values(version=ReportRow.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(report)


def _row(session: Session, reference: str, code: str) -> Any:
    plain = codes.tidy_reference(reference)
    row = session.scalar(select(ReportRow).where(ReportRow.reference == plain))
    kept = str(row.code_digest) if row else ""
    if not hmac.compare_digest(kept, codes.digest(code)):
        raise NotFound
    return row


def _public(session: Session, row: Any, with_names: bool = False) -> PublicReport:
    return PublicReport(
        reference=row.reference,
        status=Status(row.status),
        created_at=row.created_at,
        incidents=tuple(Incident(i.at, i.words, i.first, i.last, i.clock) for i in row.incidents),
        messages=tuple(
            Message(m.at, m.by if with_names or m.by == RESIDENT else TEAM, m.words)
            for m in row.messages
        ),
        merged_status=_followed(session, row),
    )


def _followed(session: Session, row: Any) -> Status | None:
    """How the report stands that `row` was put together with, which may have been put together
    with another one since."""
    status, passed = None, {row.reference}
    into = row.merged_into
    while into and into not in passed:
        passed.add(into)
        other = session.scalar(select(ReportRow).where(ReportRow.reference == into))
        if other is None:  # deleted since
            break
        status, into = Status(other.status), other.merged_into
    return status
