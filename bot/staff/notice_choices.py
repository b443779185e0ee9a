"""Which notices a staff user wants by e-mail, and where to."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.service_tables import NoticeChoiceRow

NEW, OVERDUE = "new", "overdue"


@dataclass(frozen=True)
class Choice:
    """What one staff user wants; `email` is empty when nothing was ever chosen."""

    email: str = ""
    new: bool = False
    overdue: bool = False


def chosen(engine: Engine, user_id: int) -> Choice:
    """The choice of this staff user."""
    with Session(engine) as session:
        row = session.get(NoticeChoiceRow, user_id)
        if row is None:
            return Choice()
        return Choice(row.email, row.new_since is not None, row.overdue_since is not None)


def choose(engine: Engine, user_id: int, choice: Choice, now: datetime | None = None) -> None:
    """Keep the choice. What is newly wanted is told of from `now` on; nothing older is sent."""
    now = now or datetime.now(UTC)
    with Session(engine) as session:
        row = session.get(NoticeChoiceRow, user_id)
        if row is None:
            row = NoticeChoiceRow(user_id=user_id)
            session.add(row)
        row.email = choice.email
        row.new_since = (row.new_since or now) if choice.new else None
        row.overdue_since = (row.overdue_since or now) if choice.overdue else None
        session.commit()
