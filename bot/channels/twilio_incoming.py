"""What Twilio's deliveries mean:
https://www.twilio.com/docs/messaging/guides/webhook-request"""

import math
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.interface import Kind, Media, Received, Unreadable

OPT_OUT = {"STOP": Kind.STOP, "HELP": Kind.HELP, "START": Kind.START}
# After these Twilio sends nothing more to a number, whatever we make of them:
# https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
STOPPED = {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"}
SENDER = {
    "sms": re.compile(r"\+[1-9]\d{6,14}"),  # not a company's name or a short number
    "whatsapp": re.compile(r"whatsapp:\S{1,150}"),
}
ID = re.compile(r"\w{1,64}", re.ASCII)
MOST_MEDIA = 10


def received(form: Mapping[str, str], channel: str, ours: str) -> list[Received]:
    """The message of a delivery to `ours`; none when nobody is to be answered. Raises
    Unreadable."""
    if "MessageStatus" in form and "Body" not in form:
        return []  # how a message of ours fares
    id, sender = form.get("MessageSid", ""), form.get("From", "")
    if not ID.fullmatch(id) or not sender or "\x00" in "".join(form.values()):
        raise Unreadable("not a message")
    if form.get("To") != ours:
        raise Unreadable("not to our number")
    if not SENDER[channel].fullmatch(sender):
        return []  # a machine: it cannot be answered
    said = _said(form, form.get("ButtonText") or form.get("Body", ""), channel)
    return [Received(id=id, sender=sender, ours=ours, **said)]


def _said(form: Mapping[str, str], text: str, channel: str) -> dict[str, Any]:
    typed = text.strip().casefold()
    if command := _command(form, typed, channel):
        return {"kind": command, "text": text}
    if "Latitude" in form or "Longitude" in form:
        return {"kind": Kind.PLACE, "text": text, **_place(form)}
    media, others = _media(form)
    if media:
        return {"kind": Kind.PHOTO, "text": text, "media": media}
    return {"kind": Kind.OTHER if others and not typed else Kind.TEXT, "text": text}


def _command(form: Mapping[str, str], typed: str, channel: str) -> Kind | None:
    """STOP, HELP and START as Twilio has understood them. YES begins again for Twilio, but it
    is the answer to our questions, too, and only that here."""
    kind = OPT_OUT.get(form.get("OptOutType", "").upper())
    if kind is Kind.START and typed == "yes":
        return None
    if kind is None and channel == "sms" and typed in STOPPED:
        return Kind.STOP
    return kind


def _place(form: Mapping[str, str]) -> dict[str, float]:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        raise Unreadable("not a place") from None
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):
        raise Unreadable("not a place")
    return {"latitude": latitude, "longitude": longitude}


def _media(form: Mapping[str, str]) -> tuple[tuple[Media, ...], int]:
    """The pictures, and how many other files came."""
    given = form.get("NumMedia") or "0"
    if not (given.isascii() and given.isdecimal() and int(given[:3]) <= MOST_MEDIA):
        raise Unreadable("not a number of media")
    files = [(form.get(f"MediaUrl{n}"), form.get(f"MediaContentType{n}", ""))
             for n in range(int(given))]  # fmt: skip
    if not all(url for url, _ in files):
        raise Unreadable("media without an address")
    pictures = [Media(str(url), type) for url, type in files if type.startswith("image/")]
    return tuple(pictures), len(files) - len(pictures)
