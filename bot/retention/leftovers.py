"""What is outside the reports' database and goes with rows that are gone: photos' files, and
conversations. It is written down in the transaction that removes the rows, and struck off when it
is gone, so that a crash in between, or a database that is away, forgets nothing."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports import photos_files
from bot.reports.database import Engine
from bot.reports.retention_tables import LeftoverRow
from bot.retention.conversations import Conversations

log = logging.getLogger(__name__)
PHOTO, CONVERSATION = "photo", "conversation"
BATCH = 100


def leave(session: Session, kind: str, name: str, now: datetime) -> None:
    """Write down that the photo's file or the conversation `name` has to go."""
    session.merge(LeftoverRow(kind=kind, name=name, at=now))


def count(engine: Engine) -> int:
    """How many are still to go."""
    with Session(engine) as session:
        return int(session.scalar(select(func.count()).select_from(LeftoverRow)) or 0)


def sweep(engine: Engine, folder: Path, conversations: Conversations) -> int:
    """Remove what is left; returns how many could not be removed, which stay written down."""
    failed: set[tuple[str, str]] = set()
    while True:
        with Session(engine) as session:
            waiting = _next(session, len(failed))
            new = [one for one in waiting if one not in failed]
            if not new:
                return len(failed)
            for kind, name in new:
                try:
                    if kind == PHOTO:
                        photos_files.remove(folder, name)
                    else:
                        conversations.forget(name)
                except (OSError, SQLAlchemyError) as error:
                    log.error("something could not be removed: %s", type(error).__name__)
                    failed.add((kind, name))
                    continue
                session.execute(_this(kind, name))
            session.commit()


def _next(session: Session, more: int) -> list[tuple[str, str]]:
    columns = LeftoverRow.kind, LeftoverRow.name
    query = select(*columns).order_by(LeftoverRow.at, *columns).limit(BATCH + more)
    return [(kind, name) for kind, name in session.execute(query)]


def _this(kind: str, name: str) -> Any:
    mine = (LeftoverRow.kind == kind) & (LeftoverRow.name == name)
    return delete(LeftoverRow).where(mine).execution_options(synchronize_session=False)
