"""How many messages wait in the inbox and the outbox, and since when: for whoever watches."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.channels.outbox import FAILED, WAITING
from bot.channels.tables import InboxRow, OutboxRow
from bot.reports.database import Engine

# A notice that waits for the resident to write first is put off for years: nothing is late with it
SOON = timedelta(days=1)


@dataclass(frozen=True)
class Queued:
    """How many wait, and for how many seconds the oldest of them has."""

    number: int
    oldest: float


def inbox(engine: Engine, now: datetime | None = None) -> Queued:
    """Messages of residents that were not answered yet."""
    return _queued(engine, InboxRow.received_at, now, InboxRow.done_at.is_(None))


def outbox(engine: Engine, now: datetime | None = None) -> Queued:
    """Messages to residents that no platform has taken yet."""
    soon = (now or datetime.now(UTC)) + SOON
    return _queued(
        engine, OutboxRow.made_at, now, OutboxRow.state == WAITING, OutboxRow.due_at <= soon
    )


def failed(engine: Engine) -> int:
    """Messages to residents that were given up."""
    with Session(engine) as session:
        query = select(func.count(OutboxRow.id)).where(OutboxRow.state == FAILED)
        return int(session.scalar(query) or 0)


def _queued(engine: Engine, since: Any, now: datetime | None, *conditions: Any) -> Queued:
    with Session(engine) as session:
        number, oldest = session.execute(
            select(func.count(), func.min(since)).where(*conditions)
        ).one()
    waited = ((now or datetime.now(UTC)) - oldest).total_seconds() if oldest else 0.0
    return Queued(int(number), max(0.0, waited))
