"""What was done to accounts: who, whom, what and when. Lines are added, never changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.staff.tables import AccountChangeRow

COMMAND = "command"  # who did it, when it was the `assistant` command


@dataclass(frozen=True)
class AccountChange:
    """One line: `what` is a key of the words (group `account_change`); `at` is in UTC."""

    at: datetime
    by: str
    whom: str
    what: str
    detail: str


def record(session: Session, by: str, whom: str, what: str, detail: str = "") -> None:
    """Add a line, in the transaction of the change itself."""
    session.add(AccountChangeRow(at=datetime.now(UTC), by=by, whom=whom, what=what, detail=detail))


def count(engine: Engine, whom: str | None = None) -> int:
    """How many lines there are, about everybody or about `whom`."""
    with Session(engine) as session:
        query = _about(select(func.count()).select_from(AccountChangeRow), whom)
        return int(session.scalar(query))


def newest(
    engine: Engine, limit: int, start: int = 0, whom: str | None = None
) -> list[AccountChange]:
    """`limit` lines, the newest first, after the first `start`."""
    query = _about(select(AccountChangeRow), whom).order_by(AccountChangeRow.id.desc())
    with Session(engine) as session:
        rows = session.scalars(query.limit(limit).offset(start))
        return [AccountChange(row.at, row.by, row.whom, row.what, row.detail) for row in rows]


def _about(query: Any, whom: str | None) -> Any:
    return query if whom is None else query.where(AccountChangeRow.whom == whom)
