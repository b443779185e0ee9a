"""One message of a resident: what it asks for, and what is said to it."""

from collections.abc import Iterator
from typing import Any

from bot.channels import compose, inbox, photos, wishes
from bot.channels.conversations import Conversation
from bot.channels.interface import Channel, Kind, Received
from bot.channels.parts import Parts, commands
from bot.rasa_client import NotOffered, storable
from bot.reports import switches
from bot.reports.model import DESCRIPTION_LIMIT

Message = dict[str, Any]
GREETING = "/greet"
COMMAND_OF = {Kind.STOP: "stop", Kind.HELP: "help", Kind.START: "start"}


def command_of(received: Received) -> str:
    """stop, help, start or delete, when the whole message is one; else ""."""
    if received.kind in COMMAND_OF:
        return COMMAND_OF[received.kind]
    typed = " ".join(received.text.lower().strip(" .!").split())
    return commands().get(typed, "") if received.kind is Kind.TEXT else ""


def answer(
    parts: Parts, channel: Channel, conversation: Conversation, waiting: inbox.Waiting
) -> list[Message]:
    """The assistant's messages to one from the resident. Raises AssistantDown."""
    received, key = waiting.received, waiting.key
    if waiting.is_too_much:
        return [_words(parts, "too_many")]
    if off := switches.stops(switches.state(parts.engine), channel.channel):
        return [{"text": off.message}]
    if len(received.text) > DESCRIPTION_LIMIT:
        return [_words(parts, "too_long")]
    if command_of(received) == "start":
        return _turn(parts, channel, conversation, key, payload=GREETING)
    picked = _picked(conversation, received)
    if picked and (told := wishes.answered(parts, conversation, picked[1])):
        return [_words(parts, told)]
    if picked:
        return _with_offer(parts, _pressed(parts, channel, conversation, key, *picked))
    return _with_offer(parts, list(_said(parts, channel, conversation, received, key)))


def _said(
    parts: Parts, channel: Channel, conversation: Conversation, received: Received, key: str
) -> Iterator[Message]:
    """What is said to anything but a choice."""
    match received.kind:
        case Kind.PRESS:
            yield _words(parts, "old_choice")
        case Kind.EDITED:
            yield _words(parts, "edited")
        case Kind.OTHER:
            yield _words(parts, "cannot_read")
        case Kind.PLACE:
            place = _words(
                parts, "place", latitude=f"{received.latitude:.4f}",
                longitude=f"{received.longitude:.4f}",
            )  # fmt: skip
            yield from _turn(parts, channel, conversation, key, text=place["text"])
        case _:
            for media in received.media:
                yield _words(parts, photos.keep(parts, channel, conversation.id, media))
            if received.text.strip():
                yield from _turn(parts, channel, conversation, key, text=received.text)


def _picked(conversation: Conversation, received: Received) -> tuple[str, str] | None:
    if received.kind is Kind.PRESS:
        return compose.chosen(conversation.choices, received.choice)
    if received.kind is Kind.TEXT:
        return compose.typed(conversation.choices, received.text)
    return None


def _pressed(
    parts: Parts, channel: Channel, conversation: Conversation, key: str, title: str, payload: str
) -> list[Message]:
    try:
        return _turn(parts, channel, conversation, key, payload=payload)
    except NotOffered:  # the conversation was deleted since
        return _turn(parts, channel, conversation, key, text=title)


def _turn(
    parts: Parts, channel: Channel, conversation: Conversation, key: str, **said: str
) -> list[Message]:
    said = {name: storable(value) for name, value in said.items()}
    return parts.rasa.turn(conversation.id, key, channel=channel.channel, **said)


def _with_offer(parts: Parts, messages: list[Message]) -> list[Message]:
    """After a report was sent: whether to tell its news here."""
    receipts = [message["receipt"] for message in messages if message.get("receipt")]
    for receipt in receipts:
        messages.append(wishes.offer(parts, receipt["reference"]))
    return messages


def _words(parts: Parts, name: str, **values: Any) -> Message:
    return {"text": compose.words(parts.register, name, **values)}
