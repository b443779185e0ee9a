"""Makes a message one that every database keeps: a platform's signature says who sent it, and not
that it makes sense."""

from dataclasses import fields, replace
from typing import Any

from bot.channels.interface import Media, Received
from bot.rasa_client import storable

LONGEST_ID = 255  # characters: the column's
LARGEST_ORDER = 2.0**63  # milliseconds, or a platform's own count


def fitting(received: Received) -> Received | None:
    """The same message with characters that can be kept in place of those that cannot; None for one
    whose parts are of the wrong kind or size, which the same call again would not mend."""
    if not _is_sound(received):
        return None
    texts: dict[str, Any] = {name: storable(getattr(received, name)) for name in TEXTS}
    media = tuple(Media(storable(one.at), storable(one.type)) for one in received.media)
    return replace(received, **texts, media=media)


TEXTS = [field.name for field in fields(Received) if field.type is str]


def _is_sound(received: Received) -> bool:
    return (
        all(isinstance(getattr(received, name), str) for name in TEXTS)
        and all(isinstance(part, str) for one in received.media for part in (one.at, one.type))
        and 0 < len(received.id) <= LONGEST_ID
        and bool(received.sender)
        and _is_within(received.order, LARGEST_ORDER)
        and _is_within(received.latitude, 90)
        and _is_within(received.longitude, 180)
    )


def _is_within(number: Any, most: float) -> bool:
    """Whether it is no number at all, or one that is not further from 0; a NaN is not."""
    if number is None:
        return True
    return isinstance(number, int | float) and -most <= number <= most
