"""Reads a conversation out of Rasa's tracker, as the messages of the contract (docs/api.md)."""

from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

COME_BACK_PAYLOAD = "/come_back"
AWAY_SECONDS = 86_400.0  # as long as Rasa's session: domain.yml


class NotOffered(Exception):
    """A payload that is not of a button offered in the conversation."""


def as_words(text: str) -> str:
    """`text` so that Rasa does not read it as a command: a slash in front is not kept."""
    return text.replace("\x00", " ").strip().lstrip("/ \t\r\n") or "?"


def as_message(
    text: str | None, data: dict[str, Any], metadata: dict[str, Any] | None
) -> dict[str, Any]:
    """The contract's Message from what Rasa would send or has recorded."""
    buttons = data.get("buttons") or []
    message: dict[str, Any] = {
        "text": text or "",
        "buttons": [{"title": b["title"], "payload": b["payload"]} for b in buttons],
        "sources": (metadata or {}).get("sources") or [],
    }
    if extra := data.get("custom"):
        message.update(extra)
    return message


def as_transcript(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Everything said so far: the resident's lines as {"from": "resident", "text"}."""
    lines: list[dict[str, Any]] = []
    for event in tracker.events:
        if isinstance(event, BotUttered):
            lines.append({"from": "assistant", **_uttered(event)})
        elif isinstance(event, UserUttered):
            metadata = event.metadata or {}
            text = metadata.get("typed") or metadata.get("pressed")
            if text:
                lines.append({"from": "resident", "text": text})
    return lines


def replies_to(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]]:
    """What was said after the resident's message with this id; empty when it is new.

    What the connector itself asks for afterwards carries the same id.
    """
    found, replies = False, []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            before = found
            found = (event.metadata or {}).get("message_id") == message_id
            if before and not found:
                break
        elif found and isinstance(event, BotUttered):
            replies.append(_uttered(event))
    return replies


def title_of(tracker: DialogueStateTracker | None, payload: str) -> str:
    """The title of the newest button with `payload`. Raises NotOffered: whoever can choose any
    payload could otherwise run any intent."""
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            for button in (event.data or {}).get("buttons") or ():
                if button["payload"] == payload:
                    return str(button["title"])
    raise NotOffered


def _uttered(event: BotUttered) -> dict[str, Any]:
    data, metadata = event.data or {}, event.metadata or {}
    return as_message(
        event.text, data, data.get("metadata") or metadata.get("metadata") or metadata
    )
