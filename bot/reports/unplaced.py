"""Messages that the assistant could not place, kept for staff to label: what it should learn next.

They hold no personal data: bot/extraction/redaction.py has been over them, and neither conversation
nor time of day is kept. One that nobody has labelled is dropped after a while.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports.counting import change_or_add
from bot.reports.tables import UnplacedRow

LONGEST = 500  # characters


@dataclass(frozen=True)
class Unplaced:
    """One message, as staff see it: `between` are the two intents that it fell between."""

    id: int
    words: str
    between: tuple[str, str]
    times: int
    last_day: date
    topic: str | None
    labelled_by: str | None


def keep(engine: Engine, words: str, between: tuple[str, str], today: date, days: int) -> None:
    """Keep `words` (without personal data), counted once more when they are there already.

    What has stood unlabelled for `days` days is dropped; with 0 nothing is kept.
    """
    with Session(engine) as session:
        old = UnplacedRow.last_day < today - timedelta(days=days)
        session.execute(delete(UnplacedRow).where(old, UnplacedRow.topic.is_(None)))
        if days and words:
            _count(session, words[:LONGEST], between, today)
        session.commit()


def _count(session: Session, words: str, between: tuple[str, str], today: date) -> None:
    same = update(UnplacedRow).where(UnplacedRow.words == words)
    again = same.values(times=UnplacedRow.times + 1, last_day=today)
    first, second = between
    row = UnplacedRow(
        words=words, first_topic=first, second_topic=second, times=1, last_day=today
    )  # fmt: skip
    change_or_add(session, again, row)


def waiting(engine: Engine, limit: int, offset: int = 0) -> list[Unplaced]:
    """Those that nobody has labelled, the most frequent first."""
    order = (UnplacedRow.times.desc(), UnplacedRow.last_day.desc(), UnplacedRow.id)
    query = select(UnplacedRow).where(UnplacedRow.topic.is_(None)).order_by(*order)
    with Session(engine) as session:
        return [_read(row) for row in session.scalars(query.limit(limit).offset(offset))]


def count_waiting(engine: Engine) -> int:
    """How many nobody has labelled."""
    query = select(func.count(UnplacedRow.id)).where(UnplacedRow.topic.is_(None))
    with Session(engine) as session:
        return int(session.scalar(query) or 0)


def labelled(engine: Engine) -> list[Unplaced]:
    """Those that staff have given a topic, by topic: training sentences to be."""
    order = (UnplacedRow.topic, UnplacedRow.id)
    query = select(UnplacedRow).where(UnplacedRow.topic.is_not(None)).order_by(*order)
    with Session(engine) as session:
        return [_read(row) for row in session.scalars(query)]


def label(engine: Engine, id: int, topic: str, by: str) -> bool:
    """Say which intent the message should have had; False when it is no longer there."""
    query = update(UnplacedRow).where(UnplacedRow.id == id).values(topic=topic, labelled_by=by)
    with Session(engine) as session:
        changed = session.execute(query).rowcount
        session.commit()
        return bool(changed)


def drop(engine: Engine, id: int) -> bool:
    """Delete the message; False when it is no longer there."""
    with Session(engine) as session:
        changed = session.execute(delete(UnplacedRow).where(UnplacedRow.id == id)).rowcount
        session.commit()
        return bool(changed)


def falls_between(engine: Engine) -> list[tuple[str, str, int]]:
    """(first topic, second topic, messages) of all that are kept, the most frequent first.

    Empty too when there is no database yet, or it cannot be reached.
    """
    times = func.sum(UnplacedRow.times)
    query = (
        select(UnplacedRow.first_topic, UnplacedRow.second_topic, times)
        .group_by(UnplacedRow.first_topic, UnplacedRow.second_topic)
        .order_by(times.desc(), UnplacedRow.first_topic)
    )
    try:
        with Session(engine) as session:
            return [(str(a), str(b), int(n)) for a, b, n in session.execute(query)]
    except SQLAlchemyError:
        return []


def _read(row: UnplacedRow) -> Unplaced:
    return Unplaced(
        id=row.id,
        words=row.words,
        between=(row.first_topic, row.second_topic),
        times=row.times,
        last_day=row.last_day,
        topic=row.topic,
        labelled_by=row.labelled_by,
    )
