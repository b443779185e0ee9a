"""Where Rasa keeps conversations: its own SQL table, with less ado, encrypted, and able to forget.

Rasa's SQLTrackerStore takes about 13 ms of a turn on SQLite (measured): a rollback journal, one
insert for each event, the ORM, and a walk over all event classes for each event that is read. It
also cannot delete, and writes all that people said in plain text. So its own store cannot read what
this one wrote: tracker_events.py has the table.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot import lock_store
from bot.reports.database import for_reading, one_at_a_time, open_engine
from bot.settings import Settings
from bot.tracker_events import EVENTS, prepare, row

SESSION_STARTED = "session_started"
# What is read of a conversation for a turn: the whole of its last messages, and of what was before
# them the last event of each kind and name that slots and the open form follow from. So a long
# conversation costs hardly more than a short one, and nothing looks further back: rules see a few
# turns, actions one or two messages.
RECENT = 12  # messages of the resident
LASTING = (
    "slot", "reset_slots", "active_loop", "restart", "session_started", "pause", "resume"
)  # fmt: skip
REMEMBERED = 1_000  # conversations whose number of stored events is kept in memory

ALL = (
    sa.select([EVENTS.c.data]).where(EVENTS.c.sender_id == sa.bindparam("id")).order_by(EVENTS.c.id)
)
_mine = EVENTS.alias()
_last_start = (
    sa.select([sa.func.max(_mine.c.id)])
    .where(_mine.c.sender_id == sa.bindparam("id"))
    .where(_mine.c.type_name == SESSION_STARTED)
    .scalar_subquery()
)
_first_recent = (
    sa.select([_mine.c.id])
    .where(_mine.c.sender_id == sa.bindparam("id"))
    .where(_mine.c.type_name == "user")
    .order_by(_mine.c.id.desc())
    .limit(1)
    .offset(RECENT - 1)
    .scalar_subquery()
)
_last_of_each = (  # action_name is a slot's name, or a form's, of such an event
    sa.select([sa.func.max(_mine.c.id)])
    .where(_mine.c.sender_id == sa.bindparam("id"))
    .where(_mine.c.type_name.in_(LASTING))
    .where(_mine.c.id < _first_recent)
    .group_by(_mine.c.type_name, _mine.c.action_name)
)
STANDING = (
    sa.select([EVENTS.c.data])
    .where(EVENTS.c.sender_id == sa.bindparam("id"))
    .where(EVENTS.c.id >= sa.func.coalesce(_last_start, 0))
    .where((EVENTS.c.id >= sa.func.coalesce(_first_recent, 0)) | EVENTS.c.id.in_(_last_of_each))
    .order_by(EVENTS.c.id)
)
HAS_MESSAGE = (
    sa.select([EVENTS.c.id])
    .where(EVENTS.c.message_id == sa.bindparam("message_id"))
    .where(EVENTS.c.sender_id == sa.bindparam("id"))
    .limit(1)
)
LAST_SAID = (
    sa.select([sa.func.max(EVENTS.c.timestamp)])
    .where(EVENTS.c.sender_id == sa.bindparam("id"))
    .where(EVENTS.c.type_name == "user")
)


class NotRead(Exception):
    """This turn began without what was said before, so it must not be written after it."""


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
        self._reads = for_reading(self.engine)
        with one_at_a_time(url):
            prepare(self.engine)
        # How many events of the tracker that Rasa has are stored, for each conversation. Rasa
        # reads, then writes, under the conversation's lock, so what was read is what is there.
        self._stored: OrderedDict[str, int] = OrderedDict()
        # Conversations that could not be read or written in this turn: the database was away, the
        # disk full. Rasa's FailSafeTrackerStore hides that, and goes on with an empty or an older
        # conversation from its memory. So nothing of such a turn is written, and the connector
        # looks here before it gives the reply; it takes the mark away before the next turn.
        self.failed: set[str] = set()
        super().__init__(domain or Domain.empty(), event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """How a conversation stands: its last messages, with the slots and the form that follow
        from its latest session; None when there is none."""
        try:
            session = self._read(sender_id, STANDING)
        except Exception:
            self.failed.add(sender_id)
            raise
        self._remember(sender_id, len(session))
        return self._tracker(sender_id, session)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every session of a conversation, or None."""
        return self._tracker(conversation_id, self._read(conversation_id, ALL))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are not stored yet, in one statement."""
        await self.stream_events(tracker)
        stored = self._stored.get(tracker.sender_id)
        if stored is None:
            await self.retrieve(tracker.sender_id)
            stored = self._stored.get(tracker.sender_id, 0)
        new = [event.as_dict() for event in list(tracker.events)[stored:]]
        if new:
            if tracker.sender_id in self.failed:
                raise NotRead
            self.failed.add(tracker.sender_id)
            lock_store.check(tracker.sender_id)
            with self.engine.begin() as connection:
                connection.execute(EVENTS.insert(), [row(tracker.sender_id, e) for e in new])
            self.failed.discard(tracker.sender_id)
        self._remember(tracker.sender_id, len(tracker.events))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with self._reads.connect() as connection:
            return [
                each[0] for each in connection.execute(sa.select([EVENTS.c.sender_id]).distinct())
            ]

    def has_message(self, sender_id: str, message_id: str) -> bool:
        """Whether the resident's message with this id (a UUID) is in the conversation."""
        if not message_id:
            return False
        with self._reads.connect() as connection:
            found = connection.execute(HAS_MESSAGE, {"id": sender_id, "message_id": message_id})
            return found.first() is not None

    def last_said(self, sender_id: str) -> float | None:
        """When the resident last wrote, in seconds since 1970; None when they never did."""
        with self._reads.connect() as connection:
            found = connection.execute(LAST_SAID, {"id": sender_id}).scalar()
        return float(found) if found is not None else None

    def forget(self, sender_id: str) -> int:
        """Delete a conversation for good; returns how many events went."""
        self._stored.pop(sender_id, None)
        with self.engine.begin() as connection:
            gone = connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender_id))
            return int(gone.rowcount)

    def _read(self, sender_id: str, query: Any) -> list[dict[str, Any]]:
        with self._reads.connect() as connection:
            return [json.loads(said) for (said,) in connection.execute(query, {"id": sender_id})]

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
