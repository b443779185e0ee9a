"""The photos of a report: what its page says of them, and a route for each picture."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from bot.reports import photos_sent
from bot.reports.codes import tidy_reference
from bot.reports.model import Photo
from bot.staff.context import engine, photos_folder
from bot.staff.rights import Right, needs

photo_pages = Blueprint("photos", __name__)


@dataclass(frozen=True)
class ShownPhoto:
    """One photo on the report's page; `missing` when its file is not there."""

    photo: Photo
    missing: bool


def shown_photos(reference: str) -> list[ShownPhoto]:
    """The photos of a report, in the order they were added."""
    folder = photos_folder()
    kept = photos_sent.of_report(engine(), reference)
    return [ShownPhoto(photo, not photos_sent.is_there(folder, photo)) for photo in kept]


@photo_pages.get("/reports/<reference>/photos/<photo_id>")
@needs(Right.READ)
def one(reference: str, photo_id: str) -> ResponseReturnValue:
    """The picture itself. The guard and the headers are those of every page."""
    plain = tidy_reference(reference)
    kept = {photo.id: photo for photo in photos_sent.of_report(engine(), plain)}
    picture = photos_sent.picture(photos_folder(), kept[photo_id]) if photo_id in kept else None
    if picture is None:
        abort(404)
    name = f"{plain}-photo-{list(kept).index(photo_id) + 1}.jpg"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(picture, mimetype="image/jpeg", headers=headers)
