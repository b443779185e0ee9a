"""Where Rasa keeps conversations: its own SQL table, with less ado, and able to forget.

Rasa's SQLTrackerStore takes about 13 ms of a turn on SQLite (measured): a rollback journal, one
insert for each event, the ORM, and a walk over all event classes for each event that is read. It
also cannot delete. The table stays Rasa's, so its own store can read what this one wrote.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.reports.database import open_engine
from bot.settings import Settings

EVENTS: Any = SQLTrackerStore.SQLEvent.__table__
SESSION_STARTED = "session_started"
REMEMBERED = 1_000  # conversations whose number of stored events is kept in memory

ALL = (
    sa.select([EVENTS.c.data]).where(EVENTS.c.sender_id == sa.bindparam("id")).order_by(EVENTS.c.id)
)
HAS_MESSAGE = (
    sa.select([EVENTS.c.id])
    .where(EVENTS.c.sender_id == sa.bindparam("id"))
    .where(EVENTS.c.type_name == "user")
    .where(EVENTS.c.data.contains(sa.bindparam("message_id")))
    .limit(1)
)
LAST_SAID = (
    sa.select([sa.func.max(EVENTS.c.timestamp)])
    .where(EVENTS.c.sender_id == sa.bindparam("id"))
    .where(EVENTS.c.type_name == "user")
)


class ConversationStore(TrackerStore):
    """Named in endpoints.yml; the database is the one of TRACKER_DATABASE_URL."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        url = Settings.from_env().tracker_database_url
        self.engine = open_engine(url, durable=False)
        SQLTrackerStore.Base.metadata.create_all(self.engine)
        # How many events of its latest session are stored, for each conversation. Rasa reads, then
        # writes, under the conversation's lock, so what was read is what is there.
        self._stored: OrderedDict[str, int] = OrderedDict()
        super().__init__(domain or Domain.empty(), event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation, or None."""
        said = self._read(sender_id)
        starts = [i for i, event in enumerate(said) if event["event"] == SESSION_STARTED]
        session = said[starts[-1] if starts else 0 :]
        self._remember(sender_id, len(session))
        return self._tracker(sender_id, session)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every session of a conversation, or None."""
        return self._tracker(conversation_id, self._read(conversation_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are not stored yet, in one statement."""
        await self.stream_events(tracker)
        stored = self._stored.get(tracker.sender_id)
        if stored is None:
            await self.retrieve(tracker.sender_id)
            stored = self._stored.get(tracker.sender_id, 0)
        new = [event.as_dict() for event in list(tracker.events)[stored:]]
        if new:
            with self.engine.begin() as connection:
                connection.execute(EVENTS.insert(), [_row(tracker.sender_id, e) for e in new])
        self._remember(tracker.sender_id, len(tracker.events))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with self.engine.connect() as connection:
            return [
                row[0] for row in connection.execute(sa.select([EVENTS.c.sender_id]).distinct())
            ]

    def has_message(self, sender_id: str, message_id: str) -> bool:
        """Whether the resident's message with this id (a UUID) is in the conversation."""
        with self.engine.connect() as connection:
            found = connection.execute(HAS_MESSAGE, {"id": sender_id, "message_id": message_id})
            return found.first() is not None

    def last_said(self, sender_id: str) -> float | None:
        """When the resident last wrote, in seconds since 1970; None when they never did."""
        with self.engine.connect() as connection:
            found = connection.execute(LAST_SAID, {"id": sender_id}).scalar()
        return float(found) if found is not None else None

    def forget(self, sender_id: str) -> int:
        """Delete a conversation for good; returns how many events went."""
        self._stored.pop(sender_id, None)
        with self.engine.begin() as connection:
            gone = connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender_id))
            return int(gone.rowcount)

    def _read(self, sender_id: str) -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            return [json.loads(row[0]) for row in connection.execute(ALL, {"id": sender_id})]

    def _tracker(self, sender_id: str, said: list[dict[str, Any]]) -> DialogueStateTracker | None:
        if not said:
            return None
        events = [_event_class(event["event"])._from_parameters(event) for event in said]
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    def _remember(self, sender_id: str, stored: int) -> None:
        self._stored[sender_id] = stored
        self._stored.move_to_end(sender_id)
        if len(self._stored) > REMEMBERED:
            self._stored.popitem(last=False)


@cache
def _event_class(name: str) -> Any:
    """The class of an event by the name that it is stored under."""
    return next(made for made in all_subclasses(Event) if made.type_name == name)


def _row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
