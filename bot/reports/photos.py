"""Photos that come with a report. Only staff see them.

A photo is kept for its `holder` (a conversation, or a page of the plain form) until the report is
saved, which takes it over: bot/reports/store.py. What is never sent is deleted.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports import photos_files as files
from bot.reports.database import Engine
from bot.reports.model import Photo
from bot.reports.photos_clean import LARGEST, Cleaned, PhotoRefused, clean
from bot.reports.photos_sent import as_photo
from bot.reports.photos_unsent import answering, tidy
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
    with answering(), Session(engine) as session:
        kept = _same_or_room(session, holder, digest)
    if isinstance(kept, Photo):
        return kept
    cleaned, name, photo = clean(data), secrets.token_hex(16), None
    with answering():
        try:
            files.write(folder, name, cleaned.jpeg)
            photo = _add(engine, holder, digest, name, cleaned)
            return photo
        finally:
            if photo is None or photo.id != name:
                files.remove(folder, name)


def waiting(engine: Engine, holder: str) -> list[Photo]:
    """The photos of `holder` that no report has taken over yet, in their order."""
    with answering(), Session(engine) as session:
        return [as_photo(row) for row in _of(session, holder)]


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
