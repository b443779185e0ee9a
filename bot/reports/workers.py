"""One worker at a time: whoever holds the row works, and any other waits for it to let go."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports.service_tables import WorkerRow

NAME = "worker"
HELD = timedelta(seconds=60)  # without a beat; then another may take over


@dataclass(frozen=True)
class Worker:
    """The worker that is, or was last, at work; times are in UTC."""

    started_at: datetime
    beat_at: datetime
    is_alive: bool


def hold(engine: Engine, holder: str, now: datetime | None = None) -> bool:
    """Whether `holder` may work for the next minute; it has to ask again before that is over."""
    now = now or datetime.now(UTC)
    mine = update(WorkerRow).where(WorkerRow.name == NAME, WorkerRow.holder == holder)
    theirs = update(WorkerRow).where(WorkerRow.name == NAME, WorkerRow.until <= now)
    with Session(engine) as session:
        held = session.execute(mine.values(beat_at=now, until=now + HELD)).rowcount
        if not held:
            taken = {"holder": holder, "started_at": now, "beat_at": now, "until": now + HELD}
            held = session.execute(theirs.values(**taken)).rowcount
            if not held and session.get(WorkerRow, NAME) is None:
                session.add(WorkerRow(name=NAME, **taken))
                held = 1
        try:
            session.commit()
        except IntegrityError:  # another began at the same moment
            return False
        return bool(held)


def let_go(engine: Engine, holder: str) -> None:
    """Let another worker take over at once."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        mine = update(WorkerRow).where(WorkerRow.name == NAME, WorkerRow.holder == holder)
        session.execute(mine.values(until=now))
        session.commit()


def state(engine: Engine, now: datetime | None = None) -> Worker | None:
    """The worker at work, or the last that was; None when there never was one."""
    now = now or datetime.now(UTC)
    with Session(engine) as session:
        row = session.scalar(select(WorkerRow).where(WorkerRow.name == NAME))
        return Worker(row.started_at, row.beat_at, row.until > now) if row else None
