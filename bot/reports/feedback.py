"""Whether answers were useful, as residents voted: counted by topic, for staff.

No personal data is kept: words come in without it (bot/extraction/redaction.py), and the key of a
vote is a digest that leads back to no conversation.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports.counting import change_or_add
from bot.reports.store import NotSaved
from bot.reports.tables import FeedbackRow

LONGEST = 500  # characters
NEWEST = 5  # words shown of each topic


@dataclass(frozen=True)
class Votes:
    """How one topic was voted on, and the newest words about what was missing."""

    topic: str
    useful: int
    not_useful: int
    last_day: date
    words: tuple[str, ...]


def vote(engine: Engine, key: str, topic: str, useful: bool, words: str, today: date) -> None:
    """Keep a vote; a second one with the same `key` takes the place of the first.

    Raises NotSaved when the database does not take it.
    """
    told = {"topic": topic, "useful": useful, "words": words[:LONGEST], "day": today}
    try:
        with Session(engine) as session:
            again = update(FeedbackRow).where(FeedbackRow.key == key).values(**told)
            change_or_add(session, again, FeedbackRow(key=key, **told))
            session.commit()
    except SQLAlchemyError as error:
        raise NotSaved(type(error).__name__) from None


def by_topic(engine: Engine) -> list[Votes]:
    """Every topic that was voted on, the one with the most "No" first."""
    no = func.sum(case((FeedbackRow.useful, 0), else_=1))
    query = (
        select(FeedbackRow.topic, func.count(), no, func.max(FeedbackRow.day))
        .group_by(FeedbackRow.topic)
        .order_by(no.desc(), FeedbackRow.topic)
    )
    with Session(engine) as session:
        return [
            Votes(topic, total - against, against, last_day, _newest(session, topic))
            for topic, total, against, last_day in session.execute(query)
        ]


def _newest(session: Session, topic: str) -> tuple[str, ...]:
    query = (
        select(FeedbackRow.words)
        .where(FeedbackRow.topic == topic, FeedbackRow.words != "")
        .order_by(FeedbackRow.day.desc(), FeedbackRow.id.desc())
    )
    return tuple(session.scalars(query.limit(NEWEST)))
