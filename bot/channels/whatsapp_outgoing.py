"""What WhatsApp is sent: text, reply buttons, a list or a template, each within its limits.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from typing import Any

from bot.channels import compose
from bot.channels.cutting import cut
from bot.channels.interface import Choice, Piece
from bot.channels.meta import size

Payload = dict[str, Any]
LONGEST, LONGEST_BODY = 4096, 1024  # characters of a text, and of one with choices
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_ROW, LONGEST_DESCRIPTION = 10, 24, 72
LANGUAGE = "en_GB"  # of the template


def payloads(piece: Piece, list_button: str) -> list[Payload]:
    """Choices as buttons where they fit, else as a list, else under numbers in the text."""
    action = _buttons(piece.choices) or _list(piece.choices, list_button)
    if not action or not piece.text.strip():
        return [_text(part) for part in _cut(compose.numbered(piece), LONGEST)]
    *before, last = _cut(piece.text, LONGEST)
    *more, body = _cut(last, LONGEST_BODY)
    said = {"body": {"text": body}, **action}
    return [*map(_text, [*before, *more]), {"type": "interactive", "interactive": said}]


def template(name: str, reference: str) -> Payload:
    """The template with its one place filled in."""
    filled = [{"type": "body", "parameters": [{"type": "text", "text": reference}]}]
    said = {"name": name, "language": {"code": LANGUAGE}, "components": filled}
    return {"type": "template", "template": said}


def _text(text: str) -> Payload:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _buttons(choices: tuple[Choice, ...]) -> Payload | None:
    titles = [_tidy(choice.title) for choice in choices]
    if not 0 < len(titles) <= MOST_BUTTONS or len(set(titles)) < len(titles):
        return None
    if not all(0 < size(title) <= LONGEST_BUTTON for title in titles):
        return None
    buttons = [
        {"type": "reply", "reply": {"id": choice.id, "title": title}}
        for choice, title in zip(choices, titles, strict=True)
    ]
    return {"type": "button", "action": {"buttons": buttons}}


def _list(choices: tuple[Choice, ...], button: str) -> Payload | None:
    rows = [_row(choice) for choice in choices]
    kept = [row for row in rows if row]
    if not 0 < len(rows) <= MOST_ROWS or len({row["title"] for row in kept}) < len(rows):
        return None
    return {"type": "list", "action": {"button": button, "sections": [{"rows": kept}]}}


def _row(choice: Choice) -> dict[str, str] | None:
    """A row with the whole title, its end under its beginning; None when that is too long."""
    title = _tidy(choice.title)
    if not title:
        return None
    begins = _cut(title, LONGEST_ROW)[0]
    rest = title.removeprefix(begins).strip()
    if not rest:
        return {"id": choice.id, "title": begins}
    if size(rest) > LONGEST_DESCRIPTION:
        return None
    return {"id": choice.id, "title": begins, "description": rest}


def _tidy(title: str) -> str:
    return " ".join(title.split())


def _cut(text: str, longest: int) -> list[str]:
    return cut(text, lambda part: size(part) <= longest)
