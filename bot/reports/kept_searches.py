"""What staff search for, kept for a day under a random number.

A search may be somebody's name or phone number. In an address it would stand in the browser's
history and in every log on the way, so the form is posted and the address has the number only.
"""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.list_tables import SearchRow

KEPT = timedelta(days=1)


def keep(engine: Engine, owner: str, words: str) -> str:
    """Keep what the staff user `owner` searches for, drop all that has expired; returns its number.
    The same search of theirs keeps its number, and begins its day again."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        session.execute(delete(SearchRow).where(SearchRow.expires_at < now))
        mine = session.scalars(select(SearchRow).where(SearchRow.owner == owner))
        row = next((kept for kept in mine if kept.words == words), None)
        if row is None:
            row = SearchRow(id=secrets.token_urlsafe(16), owner=owner, words=words)
            session.add(row)
        row.expires_at = now + KEPT
        number = str(row.id)
        session.commit()
        return number


def words_of(engine: Engine, owner: str, number: str) -> str | None:
    """What `owner` searched for under this number; None when it is somebody else's or over."""
    now = datetime.now(UTC)
    query = select(SearchRow.words).where(
        SearchRow.id == number, SearchRow.owner == owner, SearchRow.expires_at >= now
    )
    with Session(engine) as session:
        found = session.scalar(query)
        return str(found) if found else None
