"""Photos of the plain form, added where the answers are checked; kept for its key until sent."""

import uuid
from typing import Any

from flask import request

from bot.reports import photos, photos_unsent
from bot.reports.in_words import phrase
from bot.reports.model import Photo
from bot.reports.store import NotSaved
from bot.web.errors import Refused
from bot.web.parts import parts
from bot.web.photos_api import keep_upload


def text(name: str, **values: str) -> str:
    """The text of a message in data/messages in the language of the request, filled."""
    return phrase(parts().register, name, **values)


def holder(form: Any) -> str:
    """Whose the photos are until the report is saved: this form's, and nobody's without its key."""
    try:
        return f"form-{uuid.UUID(hex=form.key.data or '')}"
    except ValueError:
        return f"form-{uuid.uuid4()}"


def take(form: Any) -> str:
    """Add or remove the photo that this request brings or names; what went wrong, in words."""
    if gone := request.form.get("remove_photo"):
        return _remove(form, gone)
    upload = request.files.get("photo")
    if upload is None or not upload.filename:
        return text("utter_error_photo_missing") if request.form.get("step") == "photo" else ""
    try:
        keep_upload(holder(form), upload)
    except Refused as refused:
        return text(f"utter_error_{refused.code}")
    return ""


def _remove(form: Any, photo_id: str) -> str:
    folder = parts().settings.photos_dir
    try:
        photos_unsent.drop_one(parts().engine, folder, holder(form), photo_id)
    except NotSaved:
        return text("utter_error_photo_not_deleted")
    return ""


def waiting(form: Any) -> list[Photo]:
    """The photos that go with this report; none when they cannot be read."""
    try:
        return photos.waiting(parts().engine, holder(form))
    except NotSaved:
        return []
