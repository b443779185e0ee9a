"""What WhatsApp's messages mean:
https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

from bot.channels.interface import Kind, Media, Received
from bot.channels.meta import WRONG_SHAPE, key

log = logging.getLogger(__name__)
Message = dict[str, Any]
NO_MESSAGES = ("reaction", "system", "revoke")  # they ask for no answer
OURS = re.compile(r"[0-9a-f]{4}\.\d{1,3}")  # the id of a choice: bot/channels/compose.py


def received(entries: list[dict[str, Any]], number: str) -> list[Received]:
    """Every message to `number`. One that cannot be read does not keep back the others."""
    found = []
    for message in _messages(entries, number):
        try:
            if message.get("type") in NO_MESSAGES or message.get("group_id"):
                continue
            found.append(_received(message, number))
        except WRONG_SHAPE as error:
            log.warning("a message of WhatsApp could not be read: %s", type(error).__name__)
    return found


def _messages(entries: list[dict[str, Any]], number: str) -> Iterator[Message]:
    """What stands under `messages` only: statuses and echoes have names of their own."""
    for entry in entries:
        for change in _objects(entry.get("changes")):
            value = change.get("value")
            if change.get("field") != "messages" or not isinstance(value, dict):
                continue
            ours = value.get("metadata")
            if isinstance(ours, dict) and str(ours.get("phone_number_id")) == number:
                yield from _objects(value.get("messages"))


def _objects(listed: Any) -> Iterator[dict[str, Any]]:
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield one


def _received(message: Message, number: str) -> Received:
    # Residents with a username have no number for us: bot/channels/whatsapp_cloud.py, `send`
    sender = message.get("from") or message["from_user_id"]
    made: dict[str, Any] = {
        "id": key(message["id"]), "sender": str(sender), "ours": number,
        "order": int(message.get("timestamp") or 0), "callback": str(message["id"]),
    }  # fmt: skip
    try:
        content = _content(message)
    except WRONG_SHAPE:  # of another shape than documented
        content = {"kind": Kind.OTHER}
    return Received(**made, **content)


def _content(message: Message) -> dict[str, Any]:
    kind = message.get("type")
    said = message.get(str(kind)) or {}
    match kind:
        case "text":
            return _text(said["body"])
        case "interactive":
            reply = said[said["type"]]
            return {"kind": Kind.PRESS, "choice": str(reply["id"]), "text": str(reply["title"])}
        case "button":  # of a template: ours has none, and another's says its words
            payload = str(said.get("payload") or "")
            if OURS.fullmatch(payload):
                return {"kind": Kind.PRESS, "choice": payload, "text": str(said["text"])}
            return _text(said["text"])
        case "image":
            return _photo(said)
        case "document" if str(said.get("mime_type", "")).startswith("image/"):
            return _photo(said)
        case "location":
            place = {name: float(said[name]) for name in ("latitude", "longitude")}
            return {"kind": Kind.PLACE, **place}
        case "edit":
            edited = said.get("original_message_id")
            return {"kind": Kind.EDITED, "edited": key(edited) if edited else ""}
        case "request_welcome":
            return {"kind": Kind.START}
        case _:
            return {"kind": Kind.OTHER}


def _text(text: str) -> dict[str, Any]:
    return {"kind": Kind.TEXT if text.strip() else Kind.OTHER, "text": text}


def _photo(said: dict[str, Any]) -> dict[str, Any]:
    media = (Media(str(said["id"]), str(said.get("mime_type", ""))),)
    return {"kind": Kind.PHOTO, "media": media, "text": str(said.get("caption") or "")}
