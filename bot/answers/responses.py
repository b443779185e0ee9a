"""Turns answers and messages into Rasa responses that carry their sources as metadata."""

from datetime import date, timedelta
from typing import Any

from bot.answers.register import Answer, Message, Register, Source

# An answer whose every source is more than two years old says so itself.
OLD_AFTER = timedelta(days=730)
OLD_NOTE = "utter_source_is_old"


def responses(register: Register, today: date) -> dict[str, list[dict[str, Any]]]:
    """Rasa's `responses`: `utter_<intent>` for each answer, and every message of the chat."""
    made = {
        name: [_response(register, message)]
        for name, message in register.messages.items()
        if message.in_chat
    }
    for answer in register.answers.values():
        made[f"utter_{answer.intent}"] = [_response(register, answer, today)]
    return made


def sources(register: Register, said: tuple[Source, ...]) -> list[dict[str, str]]:
    """The contract's `sources`: [{"title", "url", "reviewed": "2019-06-27"}]."""
    return [
        {
            "title": register.contacts[source.contact].label,
            "url": register.contacts[source.contact].value,
            "reviewed": source.reviewed.isoformat(),
        }
        for source in said
    ]


def _response(
    register: Register, said: Answer | Message, today: date | None = None
) -> dict[str, Any]:
    text = register.fill(said.text)
    newest = max((source.reviewed for source in said.sources), default=None)
    if today and newest and today - newest > OLD_AFTER and OLD_NOTE in register.messages:
        note = register.messages[OLD_NOTE].text
        text = f"{text}\n\n{note.replace('{date}', f'{newest.day} {newest:%B %Y}')}"
    response: dict[str, Any] = {"text": text}
    if said.buttons:
        response["buttons"] = [
            {"title": button.title, "payload": _literal(button.payload)} for button in said.buttons
        ]
    if said.sources:
        response["metadata"] = {"sources": sources(register, said.sources)}
    if isinstance(said, Answer) and said.can_be_rated:
        response["metadata"]["topic"] = said.intent
    if isinstance(said, Answer) and said.is_urgent:
        response.setdefault("metadata", {})["urgent"] = True
    return response


def _literal(payload: str) -> str:
    """Braces doubled: Rasa would read single ones as a place to fill in."""
    return payload.replace("{", "{{").replace("}", "}}")
