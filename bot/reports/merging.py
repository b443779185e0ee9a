"""Puts a report together with another one about the same thing, and takes them apart again.

Nothing is copied: a merged report keeps its words, its reference and its code, and its resident
sees how the other report stands.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports import workflow
from bot.reports.casework_tables import MergeRow
from bot.reports.changing import Refused, change_in
from bot.reports.model import OPEN, Change, Status
from bot.reports.tables import ChangeRow, ReportRow

MAY_TAKE_IN = OPEN | {Status.CLOSED}


def merge(engine: Engine, reference: str, seen: int, by: str, into: str) -> None:
    """Merge the report `reference` into `into`, another reference; both timelines say it.

    Raises Stale, NoReport and Refused: into itself, into one that is not there, merged itself,
    signposted or spam. As a merged report takes in none, no circle can arise.
    """
    if reference == into:
        raise Refused("merge_into_itself")

    def apply(session: Session, row: Any, other: Any) -> None:
        if other.status not in MAY_TAKE_IN:
            raise Refused("merge_target_is_aside")
        if refused := workflow.refusal(Status(row.status), Status.MERGED):
            raise Refused(refused)
        session.add(MergeRow(report_id=row.id, status=row.status))
        row.status, row.merged_into = Status.MERGED.value, into

    with Session(engine) as session:
        if not session.scalar(select(ReportRow.id).where(ReportRow.reference == into)):
            raise Refused("merge_target_unknown")
    _both(engine, (reference, seen), by, into, ("merged", "took_in"), apply)


def unmerge(engine: Engine, reference: str, seen: int, by: str) -> None:
    """Undo a merge: the report has the status that it had before. Raises as `merge`."""
    with Session(engine) as session:
        into = session.scalar(select(ReportRow.merged_into).where(ReportRow.reference == reference))
    if not into:
        raise Refused("not_merged")

    def apply(session: Session, row: Any, _other: Any) -> None:
        before = session.get(MergeRow, row.id)
        if row.merged_into != into or before is None:
            raise Refused("not_merged")
        row.status, row.merged_into = before.status, ""
        session.delete(before)

    _both(engine, (reference, seen), by, into, ("unmerged", "let_go"), apply)


def merged_here(engine: Engine, reference: str) -> list[tuple[str, Change]]:
    """The reports that were merged into this one, and the last line of the timeline of each."""
    query = (
        select(ReportRow.id, ReportRow.reference)
        .where(ReportRow.merged_into == reference)
        .order_by(ReportRow.id)
    )
    found = []
    with Session(engine) as session:
        for id, merged in session.execute(query):
            mine = select(ChangeRow).where(ChangeRow.report_id == id)
            last = session.scalar(mine.order_by(ChangeRow.id.desc()).limit(1))
            found.append((merged, Change(last.at, last.what, last.by, last.detail)))
    return found


def _both(
    engine: Engine, one: tuple[str, int], by: str, other: str, what: tuple[str, str], apply: Any
) -> None:
    """Change both reports in one transaction, always locked in the same order: two who merge
    the same two reports into each other wait, and the second is refused."""
    reference, seen = one
    lines = {
        reference: (seen, what[0], other),
        other: (None, what[1], reference),
    }
    rows: dict[str, Any] = {}
    with Session(engine) as session:

        def keep(_session: Session, row: Any) -> None:
            rows[row.reference] = row

        for each in sorted(lines):
            version, line, detail = lines[each]
            change_in(session, each, version, by, line, detail, keep)
        apply(session, rows[reference], rows[other])
        session.commit()
