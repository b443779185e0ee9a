"""Who writes to us: a conversation for each resident on each provider, and holding one.

A conversation is worked on by one worker at a time, on whatever machine: that keeps its order. It
is held in its row, for as long as one turn takes at most, so that a worker which dies lets it go.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.channels.interface import Received
from bot.channels.tables import ConversationRow, InboxRow, NoticeWishRow, OutboxRow
from bot.reports.database import Engine

KEPT_SETS = 8  # of choices: an old button still works, one of last week's does not


@dataclass(frozen=True)
class Conversation:
    """`choices` are sets of buttons, the newest last: [[set id, [[title, payload], ...]], ...]."""

    id: str
    provider: str
    sender: str
    ours: str
    heard_at: datetime
    told_privacy: bool
    stopped: bool
    choices: list[Any]


def id_of(secret: str, provider: str, sender: str) -> str:
    """The conversation of `sender`: nobody reads their number out of it."""
    digest = hmac.new(secret.encode(), f"{provider} {sender}".encode(), hashlib.sha256)
    return f"{provider}-{digest.hexdigest()[:32]}"


def heard(session: Session, id: str, provider: str, received: Received, now: datetime) -> None:
    """Note that the resident has written now; begins the conversation when it is the first time."""
    row = session.get(ConversationRow, id)
    if row is None:
        row = ConversationRow(
            id=id, provider=provider, sender=received.sender, ours=received.ours, began_at=now,
            told_privacy=False, stopped=False, choices=[], held_by="",
        )  # fmt: skip
        session.add(row)
    row.heard_at, row.ours = now, received.ours or row.ours
    session.flush()


def hold(engine: Engine, id: str, worker: str, seconds: float) -> bool:
    """Whether `worker` may work on it for so long; asking again prolongs it."""
    now = datetime.now(UTC)
    free = or_(
        ConversationRow.held_by == worker,
        ConversationRow.held_until.is_(None),
        ConversationRow.held_until <= now,
    )
    mine = update(ConversationRow).where(ConversationRow.id == id, free)
    with Session(engine) as session:
        until = now + timedelta(seconds=seconds)
        held = session.execute(
            mine.values(held_by=worker, held_until=until).execution_options(
                synchronize_session=False
            )
        ).rowcount
        session.commit()
        return bool(held)


def let_go(engine: Engine, id: str, worker: str) -> None:
    """Let others work on it."""
    with Session(engine) as session:
        session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == id, ConversationRow.held_by == worker)
            .values(held_by="", held_until=None)
            .execution_options(synchronize_session=False)
        )
        session.commit()


def get(engine: Engine, id: str) -> Conversation | None:
    """The conversation, or None."""
    with Session(engine) as session:
        row = session.get(ConversationRow, id)
        return _conversation(row) if row else None


def change(session: Session, id: str, **values: Any) -> None:
    """Set what has changed in it; `choices` is one more set, and the oldest is forgotten. Of empty
    ones the newest says that the last reply offered nothing: the others say nothing."""
    row = session.get(ConversationRow, id)
    if row is None:
        return
    if added := values.pop("choices", None):
        values["choices"] = [*(kept for kept in row.choices if kept[1]), added][-KEPT_SETS:]
    for name, value in values.items():
        setattr(row, name, value)


def forget(engine: Engine, id: str) -> None:
    """Delete what we keep of a resident here, as they have asked; the ids of their messages stay,
    so that one which the platform sends again is not taken for a new one."""
    with Session(engine) as session:
        empty(session, id)
        session.query(ConversationRow).filter(ConversationRow.id == id).delete()
        session.commit()


def empty(session: Session, id: str) -> None:
    """Delete what waits in a conversation and what was said in it, but for the ids of messages."""
    for table in (OutboxRow, NoticeWishRow):
        session.query(table).filter(table.conversation_id == id).delete()
    of_theirs = update(InboxRow).where(InboxRow.conversation_id == id)
    waiting = of_theirs.where(InboxRow.done_at.is_(None))
    session.execute(waiting.values(done_at=datetime.now(UTC)))
    emptied = of_theirs.values(content=None, conversation_id="")
    # Without looking for rows in memory: that would compare an encrypted column
    session.execute(emptied.execution_options(synchronize_session=False))


def busy(engine: Engine, limit: int = 500) -> list[str]:
    """Conversations with something to do now that nobody holds: what a worker left that died, what
    was to be tried again."""
    now = datetime.now(UTC)
    waits = select(InboxRow.conversation_id).where(
        InboxRow.done_at.is_(None), InboxRow.due_at <= now
    )
    goes = select(OutboxRow.conversation_id).where(
        OutboxRow.state == "waiting", OutboxRow.due_at <= now
    )
    free = or_(ConversationRow.held_until.is_(None), ConversationRow.held_until <= now)
    query = select(ConversationRow.id).where(
        free, or_(ConversationRow.id.in_(waits), ConversationRow.id.in_(goes))
    )
    with Session(engine) as session:
        return list(session.scalars(query.limit(limit)))


def _conversation(row: Any) -> Conversation:
    return Conversation(
        id=row.id, provider=row.provider, sender=row.sender, ours=row.ours, heard_at=row.heard_at,
        told_privacy=row.told_privacy, stopped=row.stopped, choices=list(row.choices),
    )  # fmt: skip
