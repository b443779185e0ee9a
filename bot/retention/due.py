"""Which reports are due to go. A report goes together with those that were merged into it, and none
of them goes while one is under legal hold. Open ones never go by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.reports.clock import local
from bot.reports.model import OPEN, Status
from bot.reports.retention_tables import HoldRow
from bot.reports.tables import ChangeRow, ReportRow
from bot.retention.periods import Cutoffs

CLOSED, SIGNPOSTED, SPAM, MERGED = "closed", "signposted", "spam", "merged"
RULES = (CLOSED, SIGNPOSTED, SPAM, MERGED)
# The lines of a timeline that a period begins with, beside what the resident does
ENDINGS = ("closed", "signposted", "marked_as_spam", "merged")
RESIDENT = "resident"
BATCH = 1_000


@dataclass(frozen=True)
class Family:
    """A report that is due by `rule`, and those that were merged into it: (id, reference) of each,
    the report itself last."""

    rule: str
    members: tuple[tuple[int, str], ...]
    is_held: bool


def families(session: Session, rule: str, cutoffs: Cutoffs) -> Iterator[Family]:
    """Every family that is due by `rule`, read a batch at a time: they may go meanwhile."""
    last = 0
    while True:
        query = (
            select(ReportRow.id, ReportRow.reference)
            .where(ReportRow.id > last, is_due(rule, cutoffs))
            .order_by(ReportRow.id)
            .limit(BATCH)
        )
        found = [(id, reference) for id, reference in session.execute(query)]
        held, batch = held_ids(session), []
        merged = _merged_into(session, [reference for _, reference in found])
        for id, reference in found:
            members = (*reversed(merged.get(reference, [])), (id, reference))
            batch.append(Family(rule, members, any(one in held for one, _ in members)))
        session.rollback()  # nothing stays open while they go
        yield from batch
        if len(found) < BATCH:
            return
        last = found[-1][0]


def is_due(rule: str, cutoffs: Cutoffs) -> Any:
    """The condition for a report that is due by `rule`; MERGED is for those whose other report is
    gone, which else go with it."""
    before: datetime = cutoffs.closed if rule == MERGED else getattr(cutoffs, rule)
    ended = ChangeRow.what.in_(ENDINGS) | (ChangeRow.by == RESIDENT)
    since = exists().where(ChangeRow.report_id == ReportRow.id, ChangeRow.at >= before, ended)
    quiet = and_(ReportRow.created_at < before, ~since)
    if rule == CLOSED:
        long_closed = or_(ReportRow.closed_at < before, ReportRow.closed_at.is_(None))
        return and_(ReportRow.status == Status.CLOSED.value, long_closed, quiet)
    if rule == MERGED:
        other = aliased(ReportRow)
        is_there = exists().where(other.reference == ReportRow.merged_into)
        return and_(ReportRow.status == Status.MERGED.value, ~is_there, quiet)
    return and_(ReportRow.status == rule, quiet)


def counted_from(session: Session, row: Any) -> date:
    """The day that the period of this report began: when it was closed, put aside or merged, or its
    resident last added something, whichever came last."""
    ended = ChangeRow.what.in_(ENDINGS) | (ChangeRow.by == RESIDENT)
    query = select(func.max(ChangeRow.at)).where(ChangeRow.report_id == row.id, ended)
    moments = (row.created_at, row.closed_at, session.scalar(query))
    return local(max(moment for moment in moments if moment)).date()


def held_ids(session: Session) -> frozenset[int]:
    """The numbers of the reports that are under hold."""
    query = select(HoldRow.report_id).where(HoldRow.lifted_at.is_(None))
    return frozenset(session.scalars(query))


def is_family_held(session: Session, reference: str) -> bool:
    """Whether this report, or any that it was merged with, is under hold."""
    root, passed = reference, {reference}
    while into := session.scalar(select(ReportRow.merged_into).where(ReportRow.reference == root)):
        if into in passed:
            break
        passed.add(into)
        root = into
    own = select(ReportRow.id).where(ReportRow.reference == root)
    ids = [*session.scalars(own), *(id for id, _ in _merged_into(session, [root]).get(root, []))]
    return bool(held_ids(session) & set(ids))


def old_open(session: Session, cutoffs: Cutoffs) -> list[tuple[str, datetime]]:
    """References of open reports that are very old, with when they came (UTC), the oldest first."""
    query = (
        select(ReportRow.reference, ReportRow.created_at)
        .where(
            ReportRow.status.in_(sorted(one.value for one in OPEN)),
            ReportRow.created_at < cutoffs.old_open,
        )
        .order_by(ReportRow.created_at)
    )
    return [(reference, at) for reference, at in session.execute(query)]


def _merged_into(session: Session, references: list[str]) -> dict[str, list[tuple[int, str]]]:
    """By each of these references those merged into it, those merged into these, and so on, as
    (id, reference), a report before those that were merged into it."""
    root = {reference: reference for reference in references}
    found: dict[str, list[tuple[int, str]]] = {}
    into = references
    while into:
        query = select(ReportRow.id, ReportRow.reference, ReportRow.merged_into).where(
            ReportRow.merged_into.in_(into), ReportRow.status == Status.MERGED.value
        )
        into = []
        for id, reference, other in session.execute(query):
            if reference not in root:
                root[reference] = root[other]
                found.setdefault(root[other], []).append((id, reference))
                into.append(reference)
    return found
