"""How often each answer is given, by day: kept without a conversation, read by week.

Counts are gathered in memory and written some seconds later, in a thread of their own: a reply
costs nothing and cannot fail by it. What was counted since the last write is lost when the process
is killed. A reply that is sent again, for the same message_id, is counted again.
"""

import logging
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.counting import change_or_add
from bot.reports.publishing_tables import TopicCountRow as Row

logger = logging.getLogger(__name__)

WRITTEN_AFTER = 10.0  # seconds
WEEK = timedelta(days=7)
LONGEST = 64  # characters of a topic


class TopicCounter:
    """Counts for one process, and writes them to `engine`."""

    def __init__(self, engine: Engine, after: float = WRITTEN_AFTER) -> None:
        self._engine = engine
        self._after = after
        self._waiting: Counter[tuple[str, date]] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, topics: list[str], today: date) -> None:
        """Count each of `topics` once. Never raises."""
        try:
            with self._lock:
                self._waiting.update((topic[:LONGEST], today) for topic in topics)
                if self._waiting and self._timer is None:
                    self._timer = threading.Timer(self._after, self.write)
                    self._timer.daemon = True
                    self._timer.start()
        except Exception as error:
            logger.warning("a topic was not counted: %s", type(error).__name__)

    def write(self) -> None:
        """Put into the database what was counted. When it does not take it, the counts wait for
        the next reply that is counted."""
        with self._lock:
            counted, self._waiting, self._timer = self._waiting, Counter(), None
        if not counted:
            return
        try:
            with Session(self._engine) as session:
                for (topic, day), times in sorted(counted.items()):
                    row = Row(topic=topic, day=day, times=times)
                    mine = update(Row).where(Row.topic == topic, Row.day == day)
                    change_or_add(session, mine.values(times=Row.times + times), row)
                session.commit()
        except Exception as error:
            logger.warning("topics could not be counted: %s", type(error).__name__)
            with self._lock:
                self._waiting.update(counted)


@dataclass(frozen=True)
class Asked:
    """How often one topic was answered in seven days, and in the seven days before."""

    topic: str
    times: int
    before: int

    @property
    def change(self) -> int:
        return self.times - self.before


def week(engine: Engine, until: date) -> list[Asked]:
    """The seven days that end with `until`, the most asked first."""
    now, before = (_between(engine, last - WEEK, last) for last in (until, until - WEEK))
    both = [Asked(topic, now.get(topic, 0), before.get(topic, 0)) for topic in {**before, **now}]
    return sorted(both, key=lambda asked: (-asked.times, -asked.before, asked.topic))


def first_day(engine: Engine) -> date | None:
    """Since when there are counts; None when there are none."""
    with Session(engine) as session:
        found: date | None = session.scalar(select(func.min(Row.day)))
        return found


def _between(engine: Engine, after: date, until: date) -> dict[str, int]:
    query = (
        select(Row.topic, func.sum(Row.times))
        .where(Row.day > after, Row.day <= until)
        .group_by(Row.topic)
    )
    with Session(engine) as session:
        return {topic: int(times) for topic, times in session.execute(query)}
