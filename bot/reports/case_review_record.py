"""What staff record of an ASB Case Review: when the resident was told of it, that they asked for
it, whether the threshold is met, what was decided. One record for all reports of one person; each
change is kept beside the ones before it."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports import changing
from bot.reports.database import Engine
from bot.reports.model import Change
from bot.reports.personal_tables import CaseReviewRow
from bot.reports.tables import ChangeRow, IncidentRow, ReportRow


@dataclass(frozen=True)
class Review:
    """What is recorded; empty and None where nothing is. `contact` is who the person turns to."""

    told_on: date | None = None
    told_by: str = ""
    asked_on: date | None = None
    met: bool | None = None
    counted: str = ""
    decided_on: date | None = None
    decision: str = ""
    contact: str = ""


@dataclass(frozen=True)
class RecordedReview:
    """A review as it was recorded by a username at a time, in UTC. `number` counts from 1."""

    review: Review
    number: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Telling:
    """One time that the person told us: a report, or one more incident under it. `at` is in UTC;
    `recent` when it counts."""

    at: datetime
    reference: str
    kind: str
    status: str
    is_incident: bool
    recent: bool


def tellings(engine: Engine, reference: str, months: int) -> list[Telling]:
    """Every report and incident by whoever made the report `reference`, the oldest first; those of
    the last `months` are recent."""
    since = datetime.now(UTC) - relativedelta(months=months)
    with Session(engine) as session:
        found = []
        for row in _theirs(session, reference):
            found.append(
                Telling(row.created_at, row.reference, row.kind, row.status, False,
                        row.created_at >= since)
            )  # fmt: skip
            found += [
                Telling(one.at, row.reference, row.kind, row.status, True, one.at >= since)
                for one in session.scalars(
                    select(IncidentRow).where(IncidentRow.report_id == row.id)
                )
            ]
    return sorted(found, key=lambda one: one.at)


def done(engine: Engine, reference: str) -> list[tuple[str, Change]]:
    """The timelines of all reports of this person with their references, the oldest line first."""
    with Session(engine) as session:
        theirs = {row.id: row.reference for row in _theirs(session, reference)}
        query = select(ChangeRow).where(ChangeRow.report_id.in_(theirs)).order_by(ChangeRow.at)
        return [
            (theirs[row.report_id], Change(row.at, row.what, row.by, row.detail))
            for row in session.scalars(query)
        ]


def history(engine: Engine, reference: str) -> list[RecordedReview]:
    """What was recorded for this person, the newest first; the first of it is what counts."""
    with Session(engine) as session:
        row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
        return _history(session, _subject(row)) if row else []


def record(
    engine: Engine, reference: str, seen: int, by: str, review: Review, detail: str = ""
) -> None:
    """Record a review as it is now. `seen` is the number of the record that `by` was shown, 0 for
    none. Raises Refused when somebody recorded another since, or nothing changed; NoReport."""

    def apply(session: Session, row: Any) -> None:
        subject = _subject(row)
        known = session.scalar(
            select(func.max(CaseReviewRow.number)).where(CaseReviewRow.subject == subject)
        )
        if (known or 0) != seen:
            raise changing.Refused("review_changed")
        session.add(
            CaseReviewRow(
                report_id=row.id, subject=subject, number=seen + 1, by=by, at=datetime.now(UTC),
                **asdict(review),
            )
        )  # fmt: skip

    try:
        changing.change(engine, reference, None, by, "case_review", detail, apply)
    except IntegrityError:  # at the same moment, from another report of this person
        raise changing.Refused("review_changed") from None


def _theirs(session: Session, reference: str) -> list[Any]:
    row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
    if row is None:
        return []
    mine = ReportRow.person == row.person if row.person else ReportRow.id == row.id
    return list(session.scalars(select(ReportRow).where(mine).order_by(ReportRow.id)))


def _subject(row: Any) -> str:
    return str(row.person) or f"report {row.id}"


def _history(session: Session, subject: str) -> list[RecordedReview]:
    query = (
        select(CaseReviewRow)
        .where(CaseReviewRow.subject == subject)
        .order_by(CaseReviewRow.number.desc())
    )
    return [
        RecordedReview(
            Review(
                row.told_on, row.told_by, row.asked_on, row.met, row.counted,
                row.decided_on, row.decision, row.contact,
            ),
            row.number, row.by, row.at,
        )
        for row in session.scalars(query)
    ]  # fmt: skip
