"""The photos of reports, as staff see, export and remove them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.reports import changing
from bot.reports.database import Engine
from bot.reports.held import refuse_when_held
from bot.reports.model import Photo
from bot.reports.personal_tables import RedactionRow
from bot.reports.photos_files import path_of
from bot.reports.photos_files import remove as remove_file
from bot.reports.tables import PhotoRow, ReportRow


def of_report(engine: Engine, reference: str) -> list[Photo]:
    """The photos of a report, in the order they were added."""
    query = select(PhotoRow).join(ReportRow).where(ReportRow.reference == reference)
    with Session(engine) as session:
        return [as_photo(row) for row in session.scalars(query.order_by(PhotoRow.id))]


def of_reports(engine: Engine, references: list[str]) -> dict[str, list[Photo]]:
    """The photos of those of these reports that have some, by reference."""
    found: dict[str, list[Photo]] = {}
    query = select(ReportRow.reference, PhotoRow).join(ReportRow).order_by(PhotoRow.id)
    with Session(engine) as session:
        for reference, row in session.execute(query.where(ReportRow.reference.in_(references))):
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


def remove(
    engine: Engine, folder: Path, reference: str, id: str, by: str, reason: str, detail: str
) -> bool:
    """Delete one photo of a report, its file too, and keep why; False when this report has no such
    photo. Raises what bot.reports.changing raises, and OSError when the file cannot be deleted."""
    if not any(photo.id == id for photo in of_report(engine, reference)):
        return False

    def apply(session: Session, row: Any) -> None:
        refuse_when_held(session, row.id)
        mine = (PhotoRow.name == id) & (PhotoRow.report_id == row.id)
        if not session.execute(delete(PhotoRow).where(mine)).rowcount:
            raise changing.Refused("photo_gone")
        now = datetime.now(UTC)
        session.add(
            RedactionRow(
                report_id=row.id, field="photo", words="", before={}, by=by, at=now,
                reason=reason, forgotten_by=by, forgotten_at=now,
            )
        )  # fmt: skip

    changing.change(engine, reference, None, by, "photo_removed", detail, apply)
    remove_file(folder, id)
    return True
