"""The notices that are due: made once for each report, kind and person; sent, tried again or left.

A notice is in the database before it is sent. Whoever sends it takes it first by moving `next_at`,
in one statement that only one worker can win. A worker that dies while it sends leaves the notice
to be sent again later, with the same Message-ID.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports.model import OPEN
from bot.reports.service_tables import NoticeChoiceRow, NoticeRow
from bot.reports.tables import ReportRow, UtcDateTime
from bot.staff.notice_choices import NEW, OVERDUE
from bot.staff.rights import Right, Role, may
from bot.staff.tables import StaffUserRow

WAITING, SENT, GIVEN_UP, DROPPED = "waiting", "sent", "given_up", "dropped"
LOOK_BACK = timedelta(days=7)  # older reports are not told of, when nothing was sent for a while
GIVE_UP = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
TAKEN = timedelta(minutes=10)  # for a batch; longer than its sending can take
BATCH = 10
OPEN_VALUES = sorted(status.value for status in OPEN)
MAY_HAVE = sorted(role.value for role in Role if may(role, Right.WORK))


@dataclass(frozen=True)
class Notice:
    """One notice to send: all that is told in it, and who to."""

    id: int
    kind: str
    email: str
    reference: str
    report_kind: str
    level: str
    due_at: datetime


@dataclass(frozen=True)
class Count:
    """How many notices wait, how many of these were refused at least once, and how many were given
    up in the last week."""

    waiting: int
    refused: int
    given_up: int


def make(engine: Engine, now: datetime | None = None) -> int:
    """Make the notices of what is new and of what is overdue; how many were made."""
    now = now or datetime.now(UTC)
    since = now - LOOK_BACK
    is_new = (
        ReportRow.created_at >= NoticeChoiceRow.new_since,
        ReportRow.created_at >= since,
        ReportRow.taken_by != StaffUserRow.username,  # who wrote it down knows of it
    )
    is_overdue = (
        ReportRow.due_at >= NoticeChoiceRow.overdue_since,
        ReportRow.due_at >= since,
        ReportRow.due_at < now,
        ReportRow.answered_at.is_(None),
    )
    made = 0
    try:
        with Session(engine) as session:
            for kind, conditions in ((NEW, is_new), (OVERDUE, is_overdue)):
                made += session.execute(_insert(kind, conditions, now)).rowcount
            session.commit()
    except IntegrityError:  # another worker made the same ones at this moment
        return 0
    return made


def take(engine: Engine, now: datetime | None = None) -> list[Notice]:
    """The next notices to send, which are then this worker's own for ten minutes."""
    now = now or datetime.now(UTC)
    taken = []
    with Session(engine) as session:
        waits = (NoticeRow.state == WAITING, NoticeRow.next_at <= now)
        due = select(NoticeRow.id).where(*waits).order_by(NoticeRow.id).limit(BATCH)
        for id in session.scalars(due).all():
            mine = update(NoticeRow).where(NoticeRow.id == id, *waits)
            mine = mine.values(next_at=now + TAKEN, tries=NoticeRow.tries + 1)
            mine = mine.execution_options(synchronize_session=False)
            if session.execute(mine).rowcount:
                taken.append(id)
        session.commit()
        notices = [notice for id in taken if (notice := _notice(session, id))]
    dropped = set(taken) - {notice.id for notice in notices}
    _end(engine, dropped, DROPPED, now)
    return notices


def is_due(engine: Engine, now: datetime | None = None) -> bool:
    """Whether there is a notice to send."""
    now = now or datetime.now(UTC)
    waits = NoticeRow.state == WAITING, NoticeRow.next_at <= now
    with Session(engine) as session:
        return session.scalar(select(NoticeRow.id).where(*waits).limit(1)) is not None


def sent(engine: Engine, notice: Notice, now: datetime | None = None) -> None:
    """The server has taken it."""
    _end(engine, [notice.id], SENT, now or datetime.now(UTC))


def refused(engine: Engine, notice: Notice, problem: str, now: datetime | None = None) -> None:
    """The server has not taken it: try again after a pause that doubles, up to an hour; give up
    after a day. `problem` is the kind of failure, without anybody's address in it."""
    now = now or datetime.now(UTC)
    with Session(engine) as session:
        row = session.get(NoticeRow, notice.id)
        row.problem = problem[:64]
        row.next_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.tries - 1, 10))
        if now - row.made_at >= GIVE_UP:
            row.state, row.ended_at = GIVEN_UP, now
        session.commit()


def put_back(engine: Engine, notices: Iterable[Notice], now: datetime | None = None) -> None:
    """They were taken and not tried: another may have them at once."""
    ids = [notice.id for notice in notices]
    with Session(engine) as session:
        mine = update(NoticeRow).where(NoticeRow.id.in_(ids), NoticeRow.state == WAITING)
        mine = mine.values(next_at=now or datetime.now(UTC), tries=NoticeRow.tries - 1)
        session.execute(mine.execution_options(synchronize_session=False))
        session.commit()


def count(engine: Engine, now: datetime | None = None) -> Count:
    """How the notices stand."""
    week_ago = (now or datetime.now(UTC)) - timedelta(days=7)
    waiting = NoticeRow.state == WAITING
    with Session(engine) as session:

        def number(*conditions: Any) -> int:
            return int(session.scalar(select(func.count(NoticeRow.id)).where(*conditions)) or 0)

        return Count(
            waiting=number(waiting),
            refused=number(waiting, NoticeRow.problem != ""),
            given_up=number(NoticeRow.state == GIVEN_UP, NoticeRow.ended_at >= week_ago),
        )


def _insert(kind: str, conditions: tuple[Any, ...], now: datetime) -> Any:
    moment = literal(now, UtcDateTime())
    is_told = exists().where(
        NoticeRow.report_id == ReportRow.id,
        NoticeRow.kind == kind,
        NoticeRow.user_id == NoticeChoiceRow.user_id,
    )
    wanted = (
        select(
            ReportRow.id, literal(kind), NoticeChoiceRow.user_id, literal(WAITING), moment, moment,
            literal(0), literal(""),
        )
        .select_from(NoticeChoiceRow)
        .join(StaffUserRow, StaffUserRow.id == NoticeChoiceRow.user_id)
        .join(ReportRow, ReportRow.status.in_(OPEN_VALUES))
        .where(*_may_have(), *conditions, ~is_told)
    )  # fmt: skip
    columns = ["report_id", "kind", "user_id", "state", "made_at", "next_at", "tries", "problem"]
    return insert(NoticeRow).from_select(columns, wanted)


def _notice(session: Session, id: int) -> Notice | None:
    """The notice with all that it tells; None when its person does not want it any more."""
    wants = {NEW: NoticeChoiceRow.new_since, OVERDUE: NoticeChoiceRow.overdue_since}
    query = (
        select(NoticeRow.kind, NoticeChoiceRow, ReportRow)
        .join(NoticeChoiceRow, NoticeChoiceRow.user_id == NoticeRow.user_id)
        .join(StaffUserRow, StaffUserRow.id == NoticeRow.user_id)
        .join(ReportRow, ReportRow.id == NoticeRow.report_id)
        .where(NoticeRow.id == id, *_may_have())
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    kind, choice, report = found
    if getattr(choice, wants[kind].key) is None:
        return None
    return Notice(
        id=id, kind=kind, email=choice.email, reference=report.reference,
        report_kind=report.kind, level=report.level, due_at=report.due_at,
    )  # fmt: skip


def _may_have() -> tuple[Any, ...]:
    return StaffUserRow.active.is_(True), StaffUserRow.role.in_(MAY_HAVE)


def _end(engine: Engine, ids: Iterable[int], state: str, now: datetime) -> None:
    with Session(engine) as session:
        mine = update(NoticeRow).where(NoticeRow.id.in_(list(ids)))
        mine = mine.values(state=state, ended_at=now)
        session.execute(mine.execution_options(synchronize_session=False))
        session.commit()
