"""Locks an account for a while after too many wrong passwords or codes.

A try is counted before its password is looked at, so that guesses sent at the same moment cannot
get past the limit; a right password takes the count back to nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot.staff.tables import StaffUserRow

MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


def locked_minutes() -> int:
    """How long a lock lasts, as pages say it."""
    return int(LOCKED_FOR.total_seconds() // 60)


def claim_try(session: Any, row: Any, now: datetime) -> bool:
    """Count one try for `row`; False when the account is locked. Each step is one statement."""
    _change(session, row, StaffUserRow.locked_until <= now, failed_count=0, locked_until=None)
    is_below = StaffUserRow.failed_count < MOST_TRIES
    counted = _change(session, row, is_below, failed_count=StaffUserRow.failed_count + 1)
    is_full = (StaffUserRow.failed_count >= MOST_TRIES) & StaffUserRow.locked_until.is_(None)
    _change(session, row, is_full, locked_until=now + LOCKED_FOR)
    return counted


def forgive(row: Any) -> None:
    """Start the count again."""
    row.failed_count = 0
    row.locked_until = None


def give_back_try(session: Any, row: Any) -> None:
    """Take back the one try that was claimed: it was right, and yet not all that is needed."""
    fewer = StaffUserRow.failed_count - 1
    _change(session, row, StaffUserRow.failed_count > 0, failed_count=fewer, locked_until=None)


def _change(session: Any, row: Any, condition: Any, **values: Any) -> bool:
    """Change the row in the database if `condition` holds there; whether it did."""
    statement = (
        update(StaffUserRow)
        .where(StaffUserRow.id == row.id, condition)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(statement).rowcount)
