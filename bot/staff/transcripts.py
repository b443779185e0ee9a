"""The conversation that a report was made in, read from Rasa."""

from dataclasses import dataclass
from typing import Any

from bot.rasa_client import AssistantDown, RasaClient
from bot.settings import Settings


@dataclass(frozen=True)
class Line:
    """One line: by the resident or by the assistant; `buttons` are the titles offered with it."""

    by_resident: bool
    text: str
    buttons: tuple[str, ...]


def transcript(settings: Settings, conversation_id: str) -> list[Line] | None:
    """Everything said, the oldest first; empty when the conversation was deleted, None when Rasa
    does not answer."""
    try:
        said = RasaClient(settings).transcript(conversation_id)
        return [_line(message) for message in said]
    except (AssistantDown, KeyError, TypeError, AttributeError):
        return None


def _line(message: dict[str, Any]) -> Line:
    titles = tuple(str(button["title"]) for button in message.get("buttons") or ())
    return Line(message.get("from") == "resident", str(message.get("text") or ""), titles)
