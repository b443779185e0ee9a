"""A row that is added once and changed from then on, whoever comes first."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def change_or_add(session: Session, change: Any, row: Any) -> None:
    """Run the update `change`; where it finds nothing to change, add `row`. When another worker
    adds the same row in between, the change is made to that one."""
    if session.execute(change).rowcount:
        return
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        session.execute(change)
