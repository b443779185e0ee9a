"""Where Rasa keeps conversations: its own SQL store, made quicker on SQLite and able to forget.

Rasa's store asks SQLite for a rollback journal and adds events one by one, about 10 ms a turn;
write-ahead logging and one insert take most of that away. It also has no way to delete.
"""

import json
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.reports.database import open_engine
from bot.settings import Settings


class ConversationStore(SQLTrackerStore):
    """Named in endpoints.yml; the database is the one of TRACKER_DATABASE_URL."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        url = Settings.from_env().tracker_database_url
        open_engine(url).dispose()  # makes the folder
        super().__init__(domain, host=url, event_broker=event_broker)
        if url.startswith("sqlite"):
            sa.event.listen(self.engine, "connect", _quick_and_safe)
            self.engine.dispose()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are not stored yet, in one statement."""
        await self.stream_events(tracker)
        with self.session_scope() as session:
            rows = [
                _row(tracker.sender_id, event.as_dict())
                for event in self._additional_events(session, tracker)
            ]
            if rows:
                session.execute(self.SQLEvent.__table__.insert(), rows)
            session.commit()

    def forget(self, sender_id: str) -> int:
        """Delete a conversation for good; returns how many events went."""
        with self.session_scope() as session:
            table = self.SQLEvent.__table__
            gone = session.execute(table.delete().where(table.c.sender_id == sender_id)).rowcount
            session.commit()
            return int(gone)


def _row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _quick_and_safe(connection: Any, _record: Any) -> None:
    # https://www.sqlite.org/pragma.html#pragma_synchronous: NORMAL with WAL cannot corrupt; a
    # power cut may take the last turn of a conversation. secure_delete overwrites what is deleted.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
