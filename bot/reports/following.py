"""Staff users who want to know what becomes of a report."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reports.casework_tables import FollowerRow
from bot.reports.changing import record
from bot.reports.tables import ReportRow


class _AlreadySo(Exception):
    """Nothing is to be done."""


def follow(engine: Engine, reference: str, username: str) -> None:
    """Follow the report; twice is once. Raises NoReport."""

    def apply(session: Session, row: Any) -> None:
        if session.get(FollowerRow, (row.id, username)):
            raise _AlreadySo
        session.add(FollowerRow(report_id=row.id, username=username, at=datetime.now(UTC)))

    _if_needed(engine, reference, username, "followed", apply)


def unfollow(engine: Engine, reference: str, username: str) -> None:
    """Follow the report no longer; twice is once. Raises NoReport."""

    def apply(session: Session, row: Any) -> None:
        mine = FollowerRow.report_id == row.id, FollowerRow.username == username
        if not session.execute(delete(FollowerRow).where(*mine)).rowcount:
            raise _AlreadySo

    _if_needed(engine, reference, username, "unfollowed", apply)


def followers(engine: Engine, reference: str) -> list[str]:
    """Who follows the report, by the alphabet: usernames."""
    query = (
        select(FollowerRow.username)
        .join(ReportRow, ReportRow.id == FollowerRow.report_id)
        .where(ReportRow.reference == reference)
        .order_by(FollowerRow.username)
    )
    with Session(engine) as session:
        return list(session.scalars(query))


def followed_by(username: str) -> Any:
    """The numbers of the reports that `username` follows, ended ones too, as a part of a query."""
    return select(FollowerRow.report_id).where(FollowerRow.username == username)


def _if_needed(engine: Engine, reference: str, username: str, what: str, apply: Any) -> None:
    try:
        record(engine, reference, username, what, "", apply)
    except (_AlreadySo, IntegrityError):
        return
