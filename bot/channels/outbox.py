"""What is to be sent to residents: kept with the turn that says it, sent in order, tried again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.channels.tables import ConversationRow, OutboxRow
from bot.reports.database import Engine

WAITING, SENT, FAILED = "waiting", "sent", "failed"
PAUSES = (2.0, 10.0, 60.0, 300.0, 1800.0, 7200.0)  # seconds before each further try


@dataclass(frozen=True)
class Outgoing:
    """A message that waits to be sent."""

    id: int
    payload: dict[str, Any]
    tries: int


@dataclass(frozen=True)
class Unsent:
    """One that the platform has not taken, for staff: nothing of who or what."""

    id: int
    provider: str
    made_at: datetime
    problem: str


def add(
    session: Session, conversation_id: str, provider: str, payloads: list[dict[str, Any]],
    is_notice: bool = False,
) -> None:  # fmt: skip
    """Keep `payloads` to be sent, in this order, after what waits already. The resident can be
    reached again: what waits for another try is tried at once."""
    now = datetime.now(UTC)
    waiting = (OutboxRow.conversation_id == conversation_id, OutboxRow.state == WAITING)
    session.execute(
        update(OutboxRow).where(*waiting).values(due_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    session.add_all(
        OutboxRow(
            conversation_id=conversation_id, provider=provider, payload=payload, state=WAITING,
            is_notice=is_notice, made_at=now, due_at=now, problem="", tries=0, platform_id="",
        )
        for payload in payloads
    )  # fmt: skip


def waits(session: Session, conversation_id: str, payload: dict[str, Any]) -> bool:
    """Whether this very notice waits to be sent already."""
    query = select(OutboxRow.payload).where(
        OutboxRow.conversation_id == conversation_id, OutboxRow.state == WAITING,
        OutboxRow.is_notice.is_(True),
    )  # fmt: skip
    return payload in session.scalars(query).all()


def next_due(engine: Engine, conversation_id: str) -> Outgoing | None:
    """The oldest that waits, when it is due; those after it wait for it."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.state == WAITING)
        .order_by(OutboxRow.id)
        .limit(1)
    )
    with Session(engine) as session:
        row = session.scalar(query)
        if row is None or row.due_at > datetime.now(UTC):
            return None
        return Outgoing(row.id, dict(row.payload), row.tries)


def sent(engine: Engine, id: int, platform_id: str) -> None:
    """The platform has taken it: its words are forgotten here."""
    _set(
        engine, id, state=SENT, payload=None, sent_at=datetime.now(UTC), problem="",
        platform_id=platform_id[:255],
    )  # fmt: skip


def failed(engine: Engine, id: int, problem: str) -> None:
    """It will not be sent. Its words stay until staff have tried again, or retention is over."""
    _set(engine, id, state=FAILED, problem=problem[:120])


def try_later(engine: Engine, message: Outgoing, problem: str, after: float | None) -> float | None:
    """Wait before it is tried again; returns how long, in seconds, or None when it was the last
    try and it has failed."""
    if message.tries >= len(PAUSES):
        failed(engine, message.id, problem)
        return None
    pause = max(PAUSES[message.tries], after or 0.0)
    due = datetime.now(UTC) + timedelta(seconds=pause)
    _set(engine, message.id, tries=message.tries + 1, due_at=due, problem=problem[:120])
    return pause


def put_off(engine: Engine, id: int, until: datetime) -> None:
    """A notice waits: the platform lets us write only after the resident has."""
    _set(engine, id, due_at=until)


def unsent(engine: Engine, limit: int = 100) -> list[Unsent]:
    """What has failed, the newest first."""
    query = select(OutboxRow).where(OutboxRow.state == FAILED).order_by(OutboxRow.id.desc())
    with Session(engine) as session:
        rows = session.scalars(query.limit(limit))
        return [Unsent(row.id, row.provider, row.made_at, row.problem) for row in rows]


def count(engine: Engine) -> dict[str, int]:
    """How many wait and how many have failed."""
    query = select(OutboxRow.state, func.count()).where(OutboxRow.state.in_((WAITING, FAILED)))
    with Session(engine) as session:
        return dict(session.execute(query.group_by(OutboxRow.state)).all())


def try_again(engine: Engine, id: int) -> str | None:
    """Send one that has failed once more; returns its conversation, None when it is not there."""
    with Session(engine) as session:
        row = session.get(OutboxRow, id)
        if row is None or row.state != FAILED:
            return None
        if session.get(ConversationRow, row.conversation_id) is None:
            return None
        row.state, row.tries, row.due_at = WAITING, 0, datetime.now(UTC)
        session.commit()
        return str(row.conversation_id)


def leave(engine: Engine, id: int) -> bool:
    """Give one up that has failed, and forget its words; False when it is not there."""
    with Session(engine) as session:
        row = session.get(OutboxRow, id)
        if row is None or row.state != FAILED:
            return False
        row.state, row.payload = "dropped", None
        session.commit()
        return True


def _set(engine: Engine, id: int, **values: Any) -> None:
    with Session(engine) as session:
        row = session.get(OutboxRow, id)
        if row is not None:
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()
