"""Deletes photos that were never sent. Without the libraries that read pictures: the action server
deletes photos, and never opens one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports import photos_files as files
from bot.reports.database import Engine
from bot.reports.store import NotSaved
from bot.reports.tables import PhotoRow


def drop_one(engine: Engine, folder: Path, holder: str, id: str) -> bool:
    """Delete one photo of `holder`; False when it is not there, or was sent with a report."""
    if not re.fullmatch(r"[0-9a-f]{32}", id):
        return False
    return bool(_drop(engine, folder, PhotoRow.holder == holder, PhotoRow.name == id))


def drop(engine: Engine, folder: Path, holder: str) -> int:
    """Delete what `holder` never sent; returns how many."""
    return _drop(engine, folder, PhotoRow.holder == holder)


def drop_old(engine: Engine, folder: Path, before: datetime) -> int:
    """Delete what was added before then and never sent; returns how many."""
    return _drop(engine, folder, PhotoRow.at < before)


def count_old(engine: Engine, before: datetime) -> int:
    """How many were added before then and never sent."""
    query = select(func.count(PhotoRow.id)).where(
        PhotoRow.report_id.is_(None), PhotoRow.at < before
    )
    with answering(), Session(engine) as session:
        return int(session.scalar(query) or 0)


def tidy(engine: Engine, folder: Path, before: datetime) -> None:
    """The same, and delete files of before then that no row knows: it reads the whole folder."""
    drop_old(engine, folder, before)
    with answering():
        with Session(engine) as session:
            known = set(session.scalars(select(PhotoRow.name)))
        files.remove_strays(folder, known, before)


@contextmanager
def answering() -> Iterator[None]:
    """Raise NotSaved in place of what database and disk raise."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise NotSaved(type(error).__name__) from None


def _drop(engine: Engine, folder: Path, *which: Any) -> int:
    unsent = PhotoRow.report_id.is_(None)
    with answering():
        with Session(engine) as session:
            names = session.scalars(select(PhotoRow.name).where(unsent, *which)).all()
            gone = [
                name
                for name in names
                # a report may have taken it over since
                if session.execute(delete(PhotoRow).where(PhotoRow.name == name, unsent)).rowcount
            ]
            session.commit()
        for name in gone:
            files.remove(folder, name)
    return len(gone)
