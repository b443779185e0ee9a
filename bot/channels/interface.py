"""What every provider of a messaging channel does: verify, parse, render, send.

A new one is one file with these, one line in configured.py, and one table of tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

# In a payload: the payload to send in its place when the channel's window is over
LATE = "late"


class Kind(StrEnum):
    """What a resident sent."""

    TEXT = "text"
    PRESS = "press"  # of a button or line of a list that we offered
    START = "start"  # opened the conversation without a word
    HELP = "help"
    STOP = "stop"
    PHOTO = "photo"  # `media`, and perhaps `text` with it
    PLACE = "place"  # `latitude`, `longitude`
    EDITED = "edited"  # changed a message; `edited` is the platform's id of it
    OTHER = "other"  # a voice message, a sticker: nothing that we can read


@dataclass(frozen=True)
class Incoming:
    """A call of a platform as it came: `url` is the public address with its query; `headers` have
    small letters; `form` gives the first of repeated fields, and all by its `getlist`."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Media:
    """A photo that waits at the platform: its address or id there, and what it says it is."""

    at: str
    type: str = ""


@dataclass(frozen=True)
class Received:
    """One message. `id` is the platform's, the same whenever it is sent again; `sender` is where
    replies go, `ours` the number or page of ours that it came to; `order` sorts the messages of one
    sender as they were written (0 where the platform does not tell)."""

    id: str
    sender: str
    kind: Kind
    text: str = ""
    choice: str = ""
    media: tuple[Media, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    edited: str = ""
    ours: str = ""
    order: int = 0
    callback: str = ""  # what the platform wants to be acknowledged, such as Telegram's callback id


@dataclass(frozen=True)
class Choice:
    """A button: `id` comes back when it is pressed (at most 20 ASCII characters)."""

    id: str
    title: str


@dataclass(frozen=True)
class Piece:
    """One thing to say: plain text, with choices or without. `asks` is what stands above choices
    where they are numbers in the text. `news_of` is the reference of the report that a notice is
    about: a channel may then say how to tell it after its window (LATE)."""

    text: str
    choices: tuple[Choice, ...] = ()
    asks: str = ""
    news_of: str = ""


class Unreadable(Exception):
    """A verified call that is not what the platform's documentation says; told 400."""


class NotNow(Exception):
    """The platform did not take a message and may later; `after` seconds when it says so.
    `problem` is a short word for staff, without anything personal."""

    def __init__(self, problem: str, after: float | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.after = after


class NotEver(Exception):
    """The platform refuses a message for good: a wrong token, somebody who has blocked us."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Channel(Protocol):
    """A provider of a channel. `provider` is its part of the address, /channels/<provider>;
    `channel` is what reports and switches call it; `window`: how long after a resident's message
    we may write; `answers_stop`: it confirms STOP itself and takes nothing from us afterwards;
    `thanks` is what a delivery is answered with."""

    provider: str
    channel: str
    window: timedelta | None
    answers_stop: bool
    thanks: str
    thanks_type: str

    def handshake(self, incoming: Incoming) -> str | None:
        """What to answer to a platform that checks the address by GET; None: 403."""

    def verify(self, incoming: Incoming) -> bool:
        """Whether the platform has sent it. In constant time."""

    def parse(self, incoming: Incoming) -> list[Received]:
        """Every message in a verified call, none for what is no message. Raises Unreadable."""

    def render(self, piece: Piece) -> list[dict[str, Any]]:
        """The piece as what `send` takes, cut to the platform's limits; plain JSON."""

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        """Send one; returns the platform's id of it. Raises NotNow or NotEver."""

    def acknowledge(self, received: Received) -> None:
        """Show that it has come (a typing sign, a pressed button set free). Never raises."""

    def fetch(self, media: Media, at_most: int) -> bytes:
        """The photo, `at_most` + 1 bytes of it at most. Raises NotNow or NotEver."""

    def check(self) -> list[str]:
        """Ask the platform whether this set-up works: a line for each thing that does not."""
