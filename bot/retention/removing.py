"""Removes one report and everything that belongs to it, inside a transaction of the caller's.

Every table that names a report is in one of the lists below; a test fails when a new one is not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.channels.tables import ConversationRow, NoticeWishRow
from bot.reports import clock
from bot.reports.casework_tables import (
    FollowerRow,
    InterventionRow,
    MergeRow,
    NoteRow,
    ReferralRow,
)
from bot.reports.held import is_held
from bot.reports.personal_tables import CaseReviewRow, OpeningRow, RedactionRow, WarningRow
from bot.reports.retention_tables import HoldRow
from bot.reports.safety import PLACE
from bot.reports.service_tables import NoticeRow
from bot.reports.tables import ChangeRow, IncidentRow, MessageRow, PhotoRow, ReportRow
from bot.retention import due, leftovers, register
from bot.retention.past import past

GO_WITH_IT: tuple[Any, ...] = (
    ChangeRow, IncidentRow, MessageRow, NoteRow, InterventionRow, ReferralRow, FollowerRow,
    MergeRow, RedactionRow, NoticeRow, HoldRow,
)  # fmt: skip
SEEN_TO: tuple[Any, ...] = (PhotoRow, OpeningRow, WarningRow, CaseReviewRow)


@dataclass(frozen=True)
class Doing:
    """Why reports go, who does it (a username, "worker" or a command's user) and when, in UTC."""

    rule: str
    by: str
    now: datetime
    reason: str = ""


def remove(session: Session, row: Any, doing: Doing, going: Collection[int] = ()) -> None:
    """Remove the report `row`, which the caller has locked, leave what the figures need, and add a
    line to the register. `going` are the numbers of the reports that go in the same piece of work:
    nothing moves to them. Files and the conversation are left for leftovers.sweep."""
    counted_from = due.counted_from(session, row)
    incidents = list(session.scalars(select(IncidentRow).where(IncidentRow.report_id == row.id)))
    session.add_all(list(past(row, incidents)))
    counts = {"photos": _photos(session, row, doing.now)}
    counts["safety_warnings"] = _warnings(session, row, going)
    counts["case_reviews"] = _case_reviews(session, row, going)
    _openings(session, row)
    wishes = delete(NoticeWishRow).where(NoticeWishRow.reference == row.reference)
    counts["channel_notice_wishes"] = session.execute(wishes).rowcount
    for table in GO_WITH_IT:
        gone = session.execute(
            delete(table).where(table.report_id == row.id), execution_options=UNTRACKED
        )
        counts[table.__tablename__] = gone.rowcount
    counts["conversations"] = _conversation(session, row, doing.now)
    session.execute(delete(ReportRow).where(ReportRow.id == row.id), execution_options=UNTRACKED)
    register.add(
        session, doing.rule, doing.by, doing.now, {"reports": 1, **counts},
        row.reference, counted_from, doing.reason,
    )  # fmt: skip
    session.flush()


UNTRACKED = {"synchronize_session": False}


def _photos(session: Session, row: Any, now: datetime) -> int:
    names = list(session.scalars(select(PhotoRow.name).where(PhotoRow.report_id == row.id)))
    for name in names:
        leftovers.leave(session, leftovers.PHOTO, name, now)
    session.execute(
        delete(PhotoRow).where(PhotoRow.report_id == row.id), execution_options=UNTRACKED
    )
    return len(names)


def _warnings(session: Session, row: Any, going: Collection[int]) -> int:
    """One about a place that still applies stays without a report. One about the person moves to
    another report of theirs, and goes with the last."""
    gone = 0
    other = _other_of_person(session, row, going)
    for warning in session.scalars(select(WarningRow).where(WarningRow.report_id == row.id)).all():
        ended = warning.ended_at is not None or (
            warning.until is not None and warning.until < clock.today()
        )
        if warning.about == PLACE and not ended:
            warning.report_id = None
        elif warning.about != PLACE and other is not None:
            warning.report_id = other
        else:
            session.delete(warning)
            gone += 1
    session.flush()
    return gone


def _case_reviews(session: Session, row: Any, going: Collection[int]) -> int:
    """The record is of the person: it moves to another report of theirs, and goes with the last."""
    mine = CaseReviewRow.report_id == row.id
    other = _other_of_person(session, row, going)
    if other is not None:
        moved = update(CaseReviewRow).where(mine, CaseReviewRow.subject == row.person)
        session.execute(moved.values(report_id=other), execution_options=UNTRACKED)
    return int(
        session.execute(delete(CaseReviewRow).where(mine), execution_options=UNTRACKED).rowcount
    )


def _other_of_person(session: Session, row: Any, going: Collection[int]) -> int | None:
    if not row.person:
        return None
    query = select(func.max(ReportRow.id)).where(
        ReportRow.person == row.person, ReportRow.id.not_in([row.id, *going])
    )
    found = session.scalar(query)
    return int(found) if found is not None else None


def _openings(session: Session, row: Any) -> None:
    """Who looked, when and why (a choice) is kept for its own period; the words go."""
    mine = update(OpeningRow).where(OpeningRow.report_id == row.id)
    session.execute(
        mine.values(report_id=None, reference=row.reference, words=""),
        execution_options=UNTRACKED,
    )


def _conversation(session: Session, row: Any, now: datetime) -> int:
    """The conversation goes with its last report. That of a messaging channel goes on for years and
    has a period of its own."""
    id = row.conversation_id
    if not id or session.get(ConversationRow, id) is not None:
        return 0
    others = select(ReportRow.id).where(ReportRow.conversation_id == id, ReportRow.id != row.id)
    if session.scalar(others.limit(1)) is not None:
        return 0
    leftovers.leave(session, leftovers.CONVERSATION, id, now)
    return 1


def lock(session: Session, id: int, *conditions: Any) -> Any:
    """The report with this number, locked until the transaction ends; None when it is gone or no
    longer fulfils the conditions. Staff and residents change its version first of all, too."""
    mine = update(ReportRow).where(ReportRow.id == id, *conditions)
    mine = mine.values(version=ReportRow.version + 1)
    if not session.execute(mine, execution_options=UNTRACKED).rowcount:
        return None
    if is_held(session, id):
        return None
    query = select(ReportRow).where(ReportRow.id == id)
    return session.scalar(query, execution_options={"populate_existing": True})
