"""The photos of reports, as staff see and export them."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports.database import Engine
from bot.reports.model import Photo
from bot.reports.photos_files import path_of
from bot.reports.tables import PhotoRow, ReportRow


def of_report(engine: Engine, reference: str) -> list[Photo]:
    """The photos of a report, in the order they were added."""
    query = select(PhotoRow).join(ReportRow).where(ReportRow.reference == reference)
    with Session(engine) as session:
        return [as_photo(row) for row in session.scalars(query.order_by(PhotoRow.id))]


def by_report(engine: Engine) -> dict[str, list[Photo]]:
    """The photos of every report that has some, by its reference."""
    found: dict[str, list[Photo]] = {}
    query = select(ReportRow.reference, PhotoRow).join(ReportRow).order_by(PhotoRow.id)
    with Session(engine) as session:
        for reference, row in session.execute(query):
            found.setdefault(str(reference), []).append(as_photo(row))
    return found


def is_there(folder: Path, photo: Photo) -> bool:
    """Whether the photo's file is where it should be."""
    return path_of(folder, photo.id).is_file()


def picture(folder: Path, photo: Photo) -> bytes | None:
    """The photo itself, a JPEG; None when its file is missing or cannot be read."""
    try:
        return path_of(folder, photo.id).read_bytes()
    except OSError:
        return None


def as_photo(row: Any) -> Photo:
    """What a row of the table says."""
    return Photo(
        id=row.name,
        number=row.number,
        bytes=row.bytes,
        width=row.width,
        height=row.height,
        at=row.at,
    )
