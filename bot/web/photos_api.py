"""Photos of a conversation, and the same for the plain form: `room_for` and `keep_upload`."""

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_limiter import Limiter
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from bot.reports import photos, photos_unsent
from bot.reports.model import Photo
from bot.reports.photos_clean import LARGEST, PhotoRefused
from bot.reports.store import NotSaved
from bot.web import switched, tokens
from bot.web.errors import Refused
from bot.web.parts import parts

PHOTOS_A_MINUTE = "10 per minute"
REMOVED_A_MINUTE = "60 per minute"
ROOM = 64 * 1024  # bytes of a request beside its photos
STATUSES = {"type": 415, "size": 413, "pixels": 413, "broken": 422, "many": 422, "busy": 503}


def make(limiter: Limiter) -> Blueprint:
    """The API's routes for photos."""
    api = Blueprint(
        "photos_api", __name__, url_prefix="/api/conversations/<conversation_id>/photos"
    )

    @api.post("")
    @limiter.limit(PHOTOS_A_MINUTE)
    @limiter.limit(PHOTOS_A_MINUTE, key_func=tokens.conversation)
    def add(conversation_id: str) -> Any:
        switched.need_chat()
        tokens.check(conversation_id)
        room_for(1)
        try:
            upload = request.files.get("photo")
        except RequestEntityTooLarge:
            raise Refused(413, "photo_size") from None
        if upload is None:
            raise Refused(422, "photo_missing")
        if not parts().rasa.transcript(conversation_id):
            raise Refused(404, "conversation_gone")
        photo = asdict(keep_upload(conversation_id, upload))
        return jsonify({"photo": {name: photo[name] for name in ("id", "number")}}), 201

    @api.delete("/<photo_id>")
    @limiter.limit(REMOVED_A_MINUTE, key_func=tokens.conversation)
    def remove(conversation_id: str, photo_id: str) -> Any:
        tokens.check(conversation_id)
        made = parts()
        try:
            gone = photos_unsent.drop_one(made.engine, _folder(), conversation_id, photo_id)
        except NotSaved:
            raise Refused(503, "photo_not_deleted") from None
        if not gone:
            raise Refused(404, "photo_gone")
        return Response(status=204)

    return api


def room_for(number: int) -> None:
    """Let this request bring `number` photos. Call it before anything of the form is read."""
    request.max_content_length = number * LARGEST + ROOM


def keep_upload(holder: str, upload: FileStorage) -> Photo:
    """Keep the uploaded photo for `holder`. Raises Refused; its code names the words for it."""
    try:
        data = upload.stream.read(LARGEST + 1)
        return photos.keep(parts().engine, _folder(), holder, data, _unsent())
    except PhotoRefused as refused:
        raise Refused(STATUSES[refused.reason], f"photo_{refused.reason}") from None
    except NotSaved:
        raise Refused(503, "photo_busy") from None


def drop_unsent(holder: str) -> None:
    """Delete the photos that `holder` has not sent. Raises Refused when that cannot be done."""
    try:
        photos_unsent.drop(parts().engine, _folder(), holder)
    except NotSaved:
        raise Refused(503, "photo_not_deleted") from None


def drop_old() -> None:
    """Delete photos that have waited too long for their report."""
    with suppress(NotSaved):  # the next one does it
        photos_unsent.drop_old(parts().engine, _folder(), datetime.now(UTC) - _unsent())


def _unsent() -> timedelta:
    """A photo waits for its report as long as a draft does."""
    return timedelta(days=parts().settings.draft_days)


def _folder() -> Any:
    return parts().settings.photos_dir
