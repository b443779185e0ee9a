"""What Messenger's events mean:
https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import logging
from collections.abc import Iterator
from typing import Any

from bot.channels.interface import Kind, Media, Received
from bot.channels.meta import WRONG_SHAPE, key

log = logging.getLogger(__name__)
Event = dict[str, Any]
GET_STARTED = "GET_STARTED"  # what the page's button for a first message is set up to say


def received(entries: list[dict[str, Any]], page: str) -> list[Received]:
    """Every message to `page`. One that cannot be read does not keep back the others."""
    found = []
    for event in _events(entries, page):
        try:
            if message := _message(event):
                found.append(message)
        except WRONG_SHAPE as error:
            log.warning("an event of Messenger could not be read: %s", type(error).__name__)
    return found


def _events(entries: list[dict[str, Any]], page: str) -> Iterator[Event]:
    for entry in entries:
        if str(entry.get("id")) != page:
            continue
        listed = entry.get("messaging")
        for event in listed if isinstance(listed, list) else ():
            if isinstance(event, dict) and _is_to(event, page):
                yield event


def _is_to(event: Event, page: str) -> bool:
    """Whether a resident has written it to the page: what we write comes back as an echo."""
    ends = [event.get(end) for end in ("sender", "recipient")]
    sender, recipient = (str(end.get("id")) if isinstance(end, dict) else "" for end in ends)
    return recipient == page and sender not in ("", "None", page)


def _message(event: Event) -> Received | None:
    """The message in an event; None for receipts, reactions and what else asks for no answer."""
    sender, order = str(event["sender"]["id"]), int(event.get("timestamp") or 0)
    made: dict[str, Any] = {"sender": sender, "ours": str(event["recipient"]["id"])}
    made["order"] = order
    if postback := event.get("postback"):
        payload = str(postback.get("payload") or "")
        made["id"] = key(sender, order, payload)
        if payload == GET_STARTED:
            return Received(**made, kind=Kind.START)
        return Received(**made, kind=Kind.PRESS, choice=payload)
    if edit := event.get("message_edit"):
        mid, text = str(edit["mid"]), str(edit.get("text") or "")
        made["id"] = key(mid, "edit", edit.get("num_edit", order))
        return Received(**made, kind=Kind.EDITED, text=text, edited=key(mid))
    message = event.get("message")
    if not message or message.get("is_echo"):
        return None
    made["id"] = key(message["mid"])
    return Received(**made, **_content(message))


def _content(message: Event) -> dict[str, Any]:
    """What is said, by whichever of its parts we can read."""
    text = message["text"] if isinstance(message.get("text"), str) else ""
    quick = message.get("quick_reply")
    if isinstance(quick, dict) and quick.get("payload"):
        return {"kind": Kind.PRESS, "choice": str(quick["payload"]), "text": text}
    attached = message.get("attachments")
    attached = [one for one in attached if isinstance(one, dict)] if attached else []
    if photos := tuple(Media(url) for one in attached if (url := _photo(one))):
        return {"kind": Kind.PHOTO, "media": photos, "text": text}
    for one in attached:
        if place := _place(one):
            return {"kind": Kind.PLACE, "latitude": place[0], "longitude": place[1]}
    return {"kind": Kind.TEXT if text else Kind.OTHER, "text": text}


def _photo(attachment: Event) -> str:
    """The address of a photo; "" for anything else, and for stickers, which are pictures, too."""
    payload = attachment.get("payload")
    if attachment.get("type") != "image" or not isinstance(payload, dict):
        return ""
    return "" if payload.get("sticker_id") else str(payload.get("url") or "")


def _place(attachment: Event) -> tuple[float, float] | None:
    try:
        at = attachment["payload"]["coordinates"]
        return float(at["lat"]), float(at["long"])
    except WRONG_SHAPE:
        return None
