"""Which reports are asked for, and finding them: the list, exports and figures all use `Filter`.

Lists are read in two steps: the numbers of the reports of one page, which the database finds in a
narrow index, and then those reports. So a page far down costs little more than the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports import following, search
from bot.reports.clock import midnight
from bot.reports.model import OPEN, Level, Status
from bot.reports.paging import Order, page
from bot.reports.tables import ReportRow

NOBODY = "-"  # the assignee of a filter for reports that nobody has


class Tab(StrEnum):
    """The great divisions of the list. `mine` and `followed` are of whoever asks."""

    NEW = "new"
    OVERDUE = "overdue"
    MINE = "mine"
    FOLLOWED = "followed"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True)
class Words:
    """A search, and what it has found: see search.hits."""

    text: str
    hits: search.Hits


@dataclass(frozen=True)
class Filter:
    """What reports have to be; whatever is empty or False is not asked. `since` and `until` are
    days in St Albans on which a report came in, both included. `assignee` is a username or NOBODY;
    `me` is whoever asks, for the tabs `mine` and `followed`. Read one from an address with
    filter_reading.read."""

    tab: Tab = Tab.ALL
    status: Status | None = None
    kind: str = ""
    ward: str = ""
    since: date | None = None
    until: date | None = None
    level: Level | None = None
    channel: str = ""
    assignee: str = ""
    hate: bool = False
    vulnerable: bool = False
    repeat: bool = False
    me: str = ""
    words: Words | None = None


@dataclass(frozen=True)
class Found:
    """A report as a list shows it: nothing of who reported. Times are in UTC."""

    reference: str
    version: int
    created_at: datetime
    due_at: datetime
    answered_at: datetime | None
    level: Level
    kind: str
    place: str
    ward: str
    status: Status
    assignee: str
    hate: bool
    vulnerable: bool
    repeat: bool

    @property
    def waits(self) -> bool:
        """Whether the reporter still has to be answered."""
        return self.status in OPEN and self.answered_at is None

    @property
    def overdue(self) -> bool:
        return self.waits and self.due_at < datetime.now(UTC)


COLUMNS = tuple(getattr(ReportRow, name) for name in Found.__annotations__)


def count(engine: Engine, wanted: Filter) -> int:
    """How many reports there are of those that are wanted."""
    query = select(func.count()).select_from(ReportRow).where(*conditions(wanted, _dialect(engine)))
    with Session(engine) as session:
        return int(session.scalar(query))


def find(
    engine: Engine, wanted: Filter, order: Order = Order.RECEIVED, backwards: bool = True,
    limit: int = 25, offset: int = 0, total: int | None = None,
) -> list[Found]:  # fmt: skip
    """`limit` of the wanted reports from `offset` on; the order is always the same. Forwards are
    the oldest and the first due, of equals in anything else the newest; backwards is the reverse.
    `total`, when the caller has counted, lets a page near the end be read from there.
    """
    asked = conditions(wanted, _dialect(engine))
    from_end = total is not None and offset > total // 2
    if total is not None and from_end:
        limit = max(0, min(limit, total - offset))
        offset = total - offset - limit
    with Session(engine) as session:
        ids = page(session, asked, order, backwards is not from_end, limit, offset)
        ids = ids[::-1] if from_end else ids
        rows = session.execute(select(ReportRow.id, *COLUMNS).where(ReportRow.id.in_(ids)))
        read = {id: found(values) for id, *values in rows}
    return [read[id] for id in ids if id in read]


def tabs(engine: Engine, me: str) -> dict[Tab, int]:
    """How many reports stand under each tab, for `me`."""
    with Session(engine) as session:
        asked = (
            select(func.count()).select_from(ReportRow).where(*conditions(Filter(tab=tab, me=me)))
            for tab in Tab
        )
        query = select(*(each.scalar_subquery() for each in asked))
        return dict(zip(Tab, session.execute(query).one(), strict=True))


def in_use(engine: Engine, name: str) -> list[str]:
    """The values of the column `name` ("ward", "assignee") that reports have, in order. Goes from
    each to the next by the column's index, instead of through all reports."""
    column = getattr(ReportRow, name)
    steps = select(func.min(column).label("value")).where(column > "").cte(recursive=True)
    following = select(func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    with Session(engine) as session:
        return [value for value in session.scalars(select(steps.c.value)) if value is not None]


def each(engine: Engine, wanted: Filter, at_once: int = 200) -> Iterator[list[Any]]:
    """The wanted reports' rows, the oldest first, so many at once: they are never all in memory."""
    query = (
        select(ReportRow)
        .where(*conditions(wanted, _dialect(engine)))
        .order_by(ReportRow.id)
        .execution_options(stream_results=True, yield_per=at_once)
    )
    with Session(engine) as session:
        for rows in session.execute(query).scalars().partitions(at_once):
            yield list(rows)


def conditions(wanted: Filter, dialect: str = "sqlite", now: datetime | None = None) -> list[Any]:
    """What holds for the reports that are wanted; `dialect` is that of the engine."""
    row = ReportRow
    is_open = row.status.in_(sorted(OPEN))
    is_late = row.due_at < (now or datetime.now(UTC))
    of_tab = {
        Tab.NEW: row.status == Status.NEW.value,
        Tab.OVERDUE: and_(is_open, row.answered_at.is_(None), is_late),
        Tab.MINE: and_(is_open, row.assignee == wanted.me),
        Tab.FOLLOWED: row.id.in_(following.followed_by(wanted.me)),
        Tab.UNASSIGNED: and_(is_open, row.assignee == ""),
        Tab.OPEN: is_open,
    }  # fmt: skip
    asked = [of_tab[wanted.tab]] if wanted.tab in of_tab else []
    for name in ("status", "kind", "ward", "level", "channel"):
        if value := getattr(wanted, name):
            asked.append(getattr(row, name) == str(value))
    if wanted.assignee:
        asked.append(row.assignee == ("" if wanted.assignee == NOBODY else wanted.assignee))
    if wanted.since:
        asked.append(row.created_at >= midnight(wanted.since))
    if wanted.until:
        asked.append(row.created_at < midnight(wanted.until + timedelta(days=1)))
    for mark in ("hate", "vulnerable", "repeat"):
        if getattr(wanted, mark):
            asked.append(getattr(row, mark).is_(True))
    if wanted.words:
        asked.append(search.among(wanted.words.hits.numbers, dialect))
    return asked


def found(values: list[Any]) -> Found:
    row = dict(zip(Found.__annotations__, values, strict=True))
    return Found(**{**row, "level": Level(row["level"]), "status": Status(row["status"])})


def _dialect(engine: Engine) -> str:
    return str(engine.dialect.name)
