"""What the registers of data/ hold: contacts, answers and messages.

A text names a contact in square brackets ("Call [police-101]"); `Register.fill` puts its value in.
"""

import re
from dataclasses import dataclass, field
from datetime import date

MARK = re.compile(r"\[([a-z0-9-]+)\]")


class RegisterError(ValueError):
    """Something in data/ cannot be used; the text has one line for each mistake."""


@dataclass(frozen=True)
class Contact:
    """A number, address or link. `source` is the id of the page that it was taken from."""

    id: str
    label: str
    value: str
    kind: str
    source: str
    reviewed: date
    review_by: date
    hours: str = ""


@dataclass(frozen=True)
class Source:
    """A page that an answer is built on, and when that page was last reviewed."""

    contact: str
    reviewed: date


@dataclass(frozen=True)
class Button:
    """A choice offered under a text: `payload` is Rasa's ("/ask_partners")."""

    title: str
    payload: str


@dataclass(frozen=True)
class Answer:
    """One topic's answer; `topic` is the file's name and has a namesake in data/nlu/.

    `items` are the topics that its list is about, in order, for "tell me about the second one".
    """

    topic: str
    intent: str
    title: str
    text: str
    review_by: date
    owner: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def can_be_rated(self) -> bool:
        """Whether to ask if it was useful: not of small talk, nor of somebody in danger."""
        return bool(self.sources) and not self.is_urgent

    @property
    def is_urgent(self) -> bool:
        """Whether it is said to somebody in danger: messaging sends it first and alone."""
        return self.intent.startswith(("report_emergency", "express_"))


@dataclass(frozen=True)
class Message:
    """What is said in the middle of a conversation: a question of the report form, an apology.

    `in_chat` is False for what Rasa never says: data/messages/web/ and messaging/.
    """

    name: str
    text: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    in_chat: bool = True


@dataclass(frozen=True)
class Register:
    """All contacts by id, answers by topic, messages by response name."""

    contacts: dict[str, Contact]
    answers: dict[str, Answer]
    messages: dict[str, Message]
    by_intent: dict[str, Answer] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """`text` as it is said, with each [contact] replaced by its value."""
        return MARK.sub(lambda mark: self.contacts[mark[1]].value, self.said(text))

    def said(self, text: str) -> str:
        """`text` in the reader's language; the residents' site has others than English."""
        return text

    @staticmethod
    def day(when: date) -> str:
        """A day as people write it: "Friday 20 November 2026"."""
        return f"{when:%A} {when.day} {when:%B %Y}"

    def title(self, intent: str) -> str | None:
        """What a resident would press to ask for `intent`; None when it has no answer."""
        answer = self.by_intent.get(intent)
        return answer.title if answer else None
