"""What the routes need, made once for an app."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from bot.answers import Contact, Register
from bot.publishing.live import live_register
from bot.publishing.topic_counts import TopicCounter
from bot.rasa_client import RasaClient
from bot.reports.database import Engine
from bot.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Kept in `app.extensions["parts"]`."""

    settings: Settings
    rasa: RasaClient
    engine: Engine
    said_by: type[Register]
    topics: TopicCounter

    @property
    def register(self) -> Register:
        """What is said now: it changes when staff publish something."""
        return self.said_by(**vars(live_register(self.engine)))

    def turn(self, conversation_id: str, message_id: str, **said: Any) -> list[dict[str, Any]]:
        """One turn with Rasa (rasa_client.py); the topics of its answers are counted for staff."""
        messages = self.rasa.turn(conversation_id, message_id, **said)
        topics = [message["topic"] for message in messages if message.get("topic")]
        self.topics.add(topics, date.today())
        return messages


class Contacts(Mapping[str, Contact]):
    """The contacts as they are now, for templates, whose globals are set once for an app."""

    def __getitem__(self, id: str) -> Contact:
        return parts().register.contacts[id]

    def __iter__(self) -> Iterator[str]:
        return iter(parts().register.contacts)

    def __len__(self) -> int:
        return len(parts().register.contacts)


def parts() -> Parts:
    """The Parts of the app that is handling the request."""
    made: Parts = current_app.extensions["parts"]
    return made
