"""The runs of the purge: when one began and ended, by whom, and how many went by which rule."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports.clock import local
from bot.reports.database import Engine
from bot.reports.retention_tables import DONE, FAILED, RUNNING, RunRow

AT_NIGHT = "worker"  # who runs it at its hour
AGAIN = timedelta(hours=1)  # after a run that failed


@dataclass(frozen=True)
class Run:
    """One run; times are in UTC. `state` is running, done or failed, `problem` the kind of failure,
    `counts` how many went by which rule."""

    id: int
    by: str
    began_at: datetime
    ended_at: datetime | None
    state: str
    counts: dict[str, int]
    problem: str


def begin(engine: Engine, by: str, now: datetime) -> Run:
    """Note that a run begins."""
    with Session(engine) as session:
        row = RunRow(by=by, began_at=now, state=RUNNING, counts={}, problem="")
        session.add(row)
        session.commit()
        return _run(row)


def add(engine: Engine, id: int, counts: dict[str, int]) -> None:
    """Add to what a run has done so far."""
    with Session(engine) as session:
        row = session.get(RunRow, id)
        row.counts = dict(Counter(row.counts) + Counter(counts))
        session.commit()


def end(engine: Engine, id: int, problem: str = "") -> Run:
    """Note that a run is over: done, or failed with a `problem`, the kind of failure."""
    with Session(engine) as session:
        row = session.get(RunRow, id)
        row.state, row.problem = FAILED if problem else DONE, problem[:64]
        row.ended_at = datetime.now(UTC)
        session.commit()
        return _run(row)


def get(engine: Engine, id: int) -> Run:
    """The run with this number."""
    with Session(engine) as session:
        return _run(session.get(RunRow, id))


def newest(engine: Engine, limit: int = 1, by: str | None = None) -> list[Run]:
    """`limit` runs, or runs of `by`, the newest first."""
    query = select(RunRow).order_by(RunRow.id.desc()).limit(limit)
    with Session(engine) as session:
        return [_run(row) for row in session.scalars(query.where(RunRow.by == by) if by else query)]


def due_at_night(engine: Engine, hour: int, now: datetime) -> tuple[bool, Run | None]:
    """Whether the worker has to purge now, and the run of its own that it left half done.

    It runs once a day from `hour` on, by the clocks of St Albans; a worker that was down then
    catches up. The first ever waits for that hour, so that whoever has just installed or upgraded
    can look at a dry run first. One that failed is tried again after an hour.
    """
    last = next(iter(newest(engine, by=AT_NIGHT)), None)
    if last is None:
        return local(now).hour == hour, None
    if last.state == RUNNING:
        return True, last
    if last.state == FAILED and last.ended_at and now - last.ended_at >= AGAIN:
        return True, None
    return last.began_at < _last_time(hour, now), None


def _last_time(hour: int, now: datetime) -> datetime:
    """The last moment that it should have begun."""
    here = local(now)
    today = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= here else today - timedelta(days=1)


def _run(row: Any) -> Run:
    return Run(row.id, row.by, row.began_at, row.ended_at, row.state, dict(row.counts), row.problem)
