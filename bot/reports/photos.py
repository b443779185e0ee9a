"""Photos that come with a report. Only staff see them.

A photo is kept for its `holder` (a conversation, or a page of the plain form) until the report is
saved, which takes it over: bot/reports/store.py. What is never sent is deleted.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports import photos_files as files
from bot.reports.database import Engine
from bot.reports.model import Photo
from bot.reports.photos_clean import LARGEST, Cleaned, PhotoRefused, clean
from bot.reports.photos_sent import as_photo
from bot.reports.store import NotSaved
from bot.reports.tables import PhotoRow

MOST = 5  # photos of one holder
UNSENT = timedelta(days=7)  # how long a photo waits for its report, as a draft does


def keep(
    engine: Engine, folder: Path, holder: str, data: bytes, unsent: timedelta = UNSENT
) -> Photo:
    """Keep the photo in `data` for `holder`; the same bytes twice are one photo.

    What was added longer than `unsent` ago and never sent is deleted on the way. Raises
    PhotoRefused with its reason, and NotSaved when database or disk do not take it.
    """
    tidy(engine, folder, datetime.now(UTC) - unsent)
    if len(data) > LARGEST:
        raise PhotoRefused("size")
    digest = hashlib.sha256(data).hexdigest()
    with _answering(), Session(engine) as session:
        kept = _same_or_room(session, holder, digest)
    if isinstance(kept, Photo):
        return kept
    cleaned, name, photo = clean(data), secrets.token_hex(16), None
    with _answering():
        try:
            files.write(folder, name, cleaned.jpeg)
            photo = _add(engine, holder, digest, name, cleaned)
            return photo
        finally:
            if photo is None or photo.id != name:
                files.remove(folder, name)


def waiting(engine: Engine, holder: str) -> list[Photo]:
    """The photos of `holder` that no report has taken over yet, in their order."""
    with _answering(), Session(engine) as session:
        return [as_photo(row) for row in _of(session, holder)]


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


def tidy(engine: Engine, folder: Path, before: datetime) -> None:
    """The same, and delete files of before then that no row knows: it reads the whole folder."""
    drop_old(engine, folder, before)
    with _answering():
        with Session(engine) as session:
            known = set(session.scalars(select(PhotoRow.name)))
        files.remove_strays(folder, known, before)


def _add(engine: Engine, holder: str, digest: str, name: str, cleaned: Cleaned) -> Photo:
    while True:
        with Session(engine) as session:
            number = _same_or_room(session, holder, digest)
            if isinstance(number, Photo):
                return number
            row = PhotoRow(
                name=name, holder=holder, number=number, sha256=digest, at=datetime.now(UTC),
                bytes=len(cleaned.jpeg), width=cleaned.width, height=cleaned.height,
            )  # fmt: skip
            session.add(row)
            try:
                session.commit()
            except IntegrityError:  # another worker took the number, or kept the same photo
                continue
            return as_photo(row)


def _same_or_room(session: Session, holder: str, digest: str) -> Photo | int:
    """The same photo when it is kept already, else the lowest free number."""
    rows = _of(session, holder)
    for row in rows:
        if row.sha256 == digest:
            return as_photo(row)
    free = set(range(1, MOST + 1)) - {row.number for row in rows}
    if not free:
        raise PhotoRefused("many")
    return min(free)


def _of(session: Session, holder: str) -> list[Any]:
    query = select(PhotoRow).where(PhotoRow.holder == holder, PhotoRow.report_id.is_(None))
    return list(session.scalars(query.order_by(PhotoRow.id)))


def _drop(engine: Engine, folder: Path, *which: Any) -> int:
    unsent = PhotoRow.report_id.is_(None)
    with _answering():
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


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise NotSaved(type(error).__name__) from None
