"""Turns what the assistant says into pieces for a messaging channel, and remembers the buttons."""

import secrets
from dataclasses import dataclass
from typing import Any

from bot.answers import Register
from bot.channels.interface import Choice, Piece

Message = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What is to be sent, and the set of choices that it offers: [set id, [[title, payload]]]. The
    set is empty where the assistant spoke and offered none, None where it did not speak.
    `is_urgent`: it is for somebody in danger, and nothing is added to it."""

    pieces: list[Piece]
    choices: list[Any] | None = None
    is_urgent: bool = False


def compose(register: Register, messages: list[Message]) -> Said:
    """The messages of one turn. What is said to somebody in danger comes first and alone; choices
    come with the last piece, under numbers of their own."""
    urgent = [message for message in messages if message.get("urgent")]
    others = [message for message in messages if not message.get("urgent")]
    pieces = [Piece(message["text"].strip()) for message in urgent]
    pieces += [piece for message in others if (piece := _told(register, message)).text]
    offered = [button for message in [*urgent, *others] for button in message.get("buttons", ())]
    set_id = secrets.token_hex(2)
    kept = [set_id, [[button["title"], button["payload"]] for button in offered]]
    if not offered or not pieces:
        spoke = any("buttons" in message for message in messages)
        return Said(pieces, kept if spoke else None, bool(urgent))
    choices = tuple(Choice(f"{set_id}.{n}", b["title"]) for n, b in enumerate(offered, 1))
    asks = words(register, "choose")
    if urgent and not others:
        pieces.append(Piece(words(register, "choose_urgent"), choices, asks))
    else:
        pieces[-1] = Piece(pieces[-1].text, choices, asks)
    return Said(pieces, kept, bool(urgent))


def words(register: Register, name: str, **values: Any) -> str:
    """The words `utter_messaging_<name>` of data/messages/messaging, filled in."""
    text = register.fill(register.messages[f"utter_messaging_{name}"].text).strip()
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def numbered(piece: Piece) -> str:
    """The piece as text alone, with its choices under numbers, for channels without buttons."""
    if not piece.choices:
        return piece.text
    lines = [f"{n}. {choice.title}" for n, choice in enumerate(piece.choices, 1)]
    return "\n".join([piece.text, "", piece.asks, *lines])


def chosen(sets: list[Any], choice: str) -> tuple[str, str] | None:
    """Title and payload of a pressed choice; None when its set is no longer kept."""
    set_id, _, number = choice.partition(".")
    for kept_id, buttons in sets:
        if kept_id == set_id and number.isdecimal() and 1 <= int(number) <= len(buttons):
            title, payload = buttons[int(number) - 1]
            return title, payload
    return None


def typed(sets: list[Any], text: str) -> tuple[str, str] | None:
    """The choice of the newest set, which is the last reply's, that `text` picks: its number ("2",
    "2.", "option 2") or its whole title."""
    if not sets:
        return None
    _, buttons = sets[-1]
    said = text.strip().strip(".)(").casefold()
    number = said.removeprefix("option").removeprefix("number").strip()
    if number.isascii() and number.isdecimal() and 1 <= int(number[:3]) <= len(buttons):
        title, payload = buttons[int(number[:3]) - 1]
        return title, payload
    return next(((t, p) for t, p in buttons if t.casefold() == said), None)


def _told(register: Register, message: Message) -> Piece:
    text = message["text"].strip()
    links = list(dict.fromkeys(source["url"] for source in message.get("sources", ())))
    links = [link for link in links if link not in text]
    if links:
        text += "\n\n" + words(register, "source", sources=" ".join(links))
    return Piece(text)
