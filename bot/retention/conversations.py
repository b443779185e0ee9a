"""Deletes conversations from Rasa's table, by the time of their last event and without Rasa, whose
process takes seconds to start. What was said is not read here: only ids and times are."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.engine import make_url

from bot.reports.database import Engine, open_engine
from bot.tracker_events import EVENTS

BATCH = 200


class Conversations:
    """The table of conversations; empty while there is none yet."""

    def __init__(self, engine: Engine | None) -> None:
        self.engine = engine
        self._is_there = False

    def count_quiet(self, before: datetime, keep: Collection[str]) -> int:
        """How many have had no event since `before`, without those in `keep`."""
        return sum(1 for batch in self._quiet(before) for id in batch if id not in keep)

    def forget_quiet(self, before: datetime, keep: Collection[str]) -> Iterator[int]:
        """Delete those, a batch at a time; yields how many went."""
        for batch in self._quiet(before):
            gone = sum(self.forget(id, before) for id in batch if id not in keep)
            if gone:
                yield gone

    def forget(self, id: str, before: datetime | None = None) -> bool:
        """Delete one conversation; with `before`, only when it has had no event since. False when
        there was nothing to delete."""
        engine = self._ready()
        if engine is None:
            return False
        mine = EVENTS.c.sender_id == id
        query = delete(EVENTS).where(mine)
        if before is not None:
            again = EVENTS.alias()
            newest = select(func.max(again.c.timestamp)).where(again.c.sender_id == id)
            query = query.where(newest.scalar_subquery() < before.timestamp())
        with engine.begin() as connection:
            return bool(connection.execute(query).rowcount)

    def _quiet(self, before: datetime) -> Iterator[list[str]]:
        engine, last = self._ready(), ""
        while engine is not None:
            query = (
                select(EVENTS.c.sender_id)
                .where(EVENTS.c.sender_id > last)
                .group_by(EVENTS.c.sender_id)
                .having(func.max(EVENTS.c.timestamp) < before.timestamp())
                .order_by(EVENTS.c.sender_id)
                .limit(BATCH)
            )
            with engine.connect() as connection:
                batch = [str(id) for (id,) in connection.execute(query)]
            yield batch
            if len(batch) < BATCH:
                return
            last = batch[-1]

    def _ready(self) -> Any:
        """The engine, once the table is there: Rasa makes it."""
        if self.engine is not None and not self._is_there:
            self._is_there = inspect(self.engine).has_table(EVENTS.name)
        return self.engine if self._is_there else None


@contextmanager
def opened(url: str) -> Iterator[Conversations]:
    """The conversations at `url`. A SQLite file that is not there yet is not made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        yield Conversations(None)
        return
    engine = open_engine(url)
    try:
        yield Conversations(engine)
    finally:
        engine.dispose()
