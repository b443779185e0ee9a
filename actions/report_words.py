"""Shows a report's slots to the resident in words: labels come from data/, never from here."""

from collections.abc import Mapping
from typing import Any

from actions import report_slots as slots
from actions.kit import register
from bot.extraction.words import kind_label


def shown(slot: str, value: Any) -> str:
    """A slot's value as the resident reads it."""
    if slot == slots.KIND and value:
        return kind_label(value)
    if value in (None, slots.NOT_ASKED):
        return phrase("utter_report_not_given")
    if slot in (slots.FREQUENCY, slots.IDENTITY):
        return _button_title(f"utter_ask_{slot}", value)
    return str(value)


def noted(values: Mapping[str, Any]) -> str:
    """One line for each value that was taken from a first message."""
    lines = [
        phrase(f"utter_noted_{slot}").replace("{value}", shown(slot, values[slot]))
        for slot in slots.ASKED
        if slot in values
    ]
    return "\n".join(lines)


def phrase(name: str) -> str:
    """The text of a message in data/messages."""
    return register().fill(register().messages[name].text)


def _button_title(message: str, value: str) -> str:
    """The title of the button of `message` that stands for `value`."""
    for button in register().messages[message].buttons:
        if f'"{value}"' in button.payload:
            return button.title
    return value
