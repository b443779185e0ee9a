"""Reads a conversation out of Rasa's tracker, as the messages of the contract (docs/api.md)."""

from typing import Any

from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.progress import Progress, progress

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
    if topic := (metadata or {}).get("topic"):
        message["topic"] = topic
    if (metadata or {}).get("urgent"):
        message["urgent"] = True
    if extra := data.get("custom"):
        message.update(extra)
    return message


class Standing:
    """The slots and the form, as they stand after each event: what a question is asked for."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.form: str | None = None

    def after(self, event: Event) -> None:
        if isinstance(event, SlotSet):
            self.slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            self.form = event.name

    def progress(self) -> Progress | None:
        return progress(self.slots, self.form)


def as_transcript(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Everything said so far: the resident's lines as {"from": "resident", "text"}."""
    lines: list[dict[str, Any]] = []
    standing = Standing()
    for event in tracker.events:
        if isinstance(event, BotUttered):
            lines.append({"from": "assistant", **_uttered(event)})
        elif isinstance(event, UserUttered):
            _with_progress(lines, standing)
            metadata = event.metadata or {}
            text = metadata.get("typed") or metadata.get("pressed")
            if text:
                lines.append({"from": "resident", "text": text})
        standing.after(event)
    return _with_progress(lines, standing)


def replies_to(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]]:
    """What was said after the resident's message with this id; empty when it is new.

    What the connector itself asks for afterwards carries the same id.
    """
    found, standing = False, Standing()
    replies: list[dict[str, Any]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            before = found
            found = (event.metadata or {}).get("message_id") == message_id
            if before and not found:
                break
        elif found and isinstance(event, BotUttered):
            replies.append(_uttered(event))
        standing.after(event)
    return _with_progress(replies, standing)


def title_of(tracker: DialogueStateTracker | None, payload: str) -> str:
    """The title of the newest button with `payload`, or of a line's that changes it. Raises
    NotOffered: whoever can choose any payload could otherwise run any intent."""
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            for button in _pressable(event.data or {}):
                if button["payload"] == payload:
                    return str(button["title"])
    raise NotOffered


def _pressable(data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = (data.get("custom") or {}).get("summary") or []
    return [*(data.get("buttons") or []), *(row for row in rows if row.get("payload"))]


def with_progress(
    messages: list[dict[str, Any]], tracker: DialogueStateTracker | None
) -> list[dict[str, Any]]:
    """`messages`, the last of which says how far the report has come while one is being told."""
    standing = Standing()
    for event in tracker.events if tracker else ():
        standing.after(event)
    return _with_progress(messages, standing)


def _with_progress(messages: list[dict[str, Any]], standing: Standing) -> list[dict[str, Any]]:
    """The last message is the question: a form asks after everything else was said."""
    far = standing.progress()
    if far and messages and messages[-1].get("from") != "resident":
        messages[-1] = {**messages[-1], "progress": far}
    return messages


def _uttered(event: BotUttered) -> dict[str, Any]:
    data, metadata = event.data or {}, event.metadata or {}
    return as_message(
        event.text, data, data.get("metadata") or metadata.get("metadata") or metadata
    )
