"""Filters of the list that staff users have named, each their own; one may be where they begin."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports.list_tables import ViewRow

LONGEST_NAME = 60
MOST = 30  # views of one staff user


@dataclass(frozen=True)
class View:
    """A named filter; `query` is its part of the address, such as "tab=mine&level=high"."""

    id: int
    name: str
    query: str
    is_default: bool


class NotKept(ValueError):
    """A view cannot be kept; `problem` is a key of the staff site's words (group `views`)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def of(engine: Engine, owner: str) -> list[View]:
    """The views of the staff user `owner`, in the order of the alphabet."""
    query = select(ViewRow).where(ViewRow.owner == owner).order_by(func.lower(ViewRow.name))
    with Session(engine) as session:
        return [View(row.id, row.name, row.query, row.is_default) for row in session.scalars(query)]


def keep(engine: Engine, owner: str, name: str, query: str, is_default: bool) -> None:
    """Keep a view. Raises NotKept: no name, a name that is too long or taken, or too many views."""
    tidy = " ".join(name.split())
    if not tidy:
        raise NotKept("no_name")
    if len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise NotKept("long_name")
    with Session(engine) as session:
        there = session.scalars(select(ViewRow.name).where(ViewRow.owner == owner)).all()
        if tidy.casefold() in {each.casefold() for each in there}:
            raise NotKept("taken")
        if len(there) >= MOST:
            raise NotKept("too_many")
        if is_default:
            session.execute(_mine(owner).values(is_default=False))
        session.add(ViewRow(owner=owner, name=tidy, query=query, is_default=is_default))
        try:
            session.commit()
        except IntegrityError:
            raise NotKept("taken") from None


def begin_with(engine: Engine, owner: str, id: int | None) -> bool:
    """Let the list begin with this view, or with none; False when `owner` has no such view."""
    with Session(engine) as session:
        session.execute(_mine(owner).values(is_default=False))
        if id is not None:
            mine = _mine(owner).where(ViewRow.id == id).values(is_default=True)
            if not session.execute(mine).rowcount:
                return False
        session.commit()
        return True


def drop(engine: Engine, owner: str, id: int) -> bool:
    """Delete a view of `owner`; False when there is none with this number."""
    with Session(engine) as session:
        mine = delete(ViewRow).where(ViewRow.owner == owner, ViewRow.id == id)
        gone = session.execute(mine.execution_options(synchronize_session=False)).rowcount
        session.commit()
        return bool(gone)


def _mine(owner: str) -> Any:
    mine = update(ViewRow).where(ViewRow.owner == owner)
    return mine.execution_options(synchronize_session=False)
