"""The figures about reports: how many, of what kind, where, how they ended, how fast, and when.

All counting is done by the database, from an index: nothing of a report's text is read. What was
purged is counted with the rest (ROWS), so that the figures of past years stay.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from typing import Any

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from bot.reports.model import OPEN, Level, Status
from bot.reports.retention_tables import PastRow
from bot.reports.statistics_scope import Scope, between, of_kind_and_ward, of_scope
from bot.reports.tables import IncidentRow, ReportRow

Counts = dict[str, int]
OPEN_VALUES = sorted(status.value for status in OPEN)
STILL_OPEN = "open"  # the outcome of what has none yet
ROWS: tuple[Any, ...] = (ReportRow, PastRow)


@dataclass(frozen=True)
class Waiting:
    """From a report to the first thing that staff did about it, in whole hours, rounded down; None
    when nobody has done anything yet. `answered` is how many that is known of. Each is the time of
    one of them, the nearest rank: half, and nine in ten, were answered within it."""

    answered: int
    median: int | None
    ninth: int | None


@dataclass(frozen=True)
class HeatMap:
    """When it happened: how many by (weekday, hour), Monday 0, of the `said` that name one day and
    an hour; `unsaid` do not."""

    cells: dict[tuple[int, int], int]
    said: int
    unsaid: int


@dataclass(frozen=True)
class Figures:
    """Everything that the dashboard shows of a scope. Counts have the keys of the model; a ward
    that is not known is "", an outcome is a close reason, a status, or `STILL_OPEN`. `repeats` are
    reports whose writer says that it is not the first time. `open` and `overdue` are of now."""

    scope: Scope
    total: int
    weeks: dict[date, int]
    kinds: Counts
    wards: Counts
    channels: Counts
    levels: Counts
    outcomes: Counts
    repeats: int
    waiting: Waiting
    heat: HeatMap
    open: int
    overdue: int


def figures(engine: Engine, scope: Scope, now: datetime | None = None) -> Figures:
    """Count everything about the reports of `scope`."""
    with Session(engine) as session:
        weeks = _weeks(session, scope)
        levels, repeats = _levels_and_repeats(session, scope)
        open_now, overdue = _now(session, scope, now or datetime.now(UTC))
        return Figures(
            scope=scope,
            total=sum(weeks.values()),
            weeks=weeks,
            kinds=_by(session, scope, "kind"),
            wards=_by(session, scope, "ward"),
            channels=_by(session, scope, "channel"),
            levels=levels,
            outcomes=_outcomes(session, scope),
            repeats=repeats,
            waiting=_waiting(session, scope),
            heat=_heat(session, scope, sum(weeks.values())),
            open=open_now,
            overdue=overdue,
        )


def wards(engine: Engine) -> list[str]:
    """The wards that there are reports of, in the order of the alphabet."""
    known = (select(row.ward).where(row.ward != "").distinct() for row in ROWS)
    with Session(engine) as session:
        return sorted({ward for query in known for ward in session.scalars(query)})


class hours_between(FunctionElement):
    """SQL for the whole hours from the first time to the second, rounded down."""

    name = "hours_between"
    inherit_cache = True


@compiles(hours_between)
def _hours(element: Any, compiler: Any, **how: Any) -> str:
    first, second = (compiler.process(clause, **how) for clause in element.clauses)
    return f"FLOOR(EXTRACT(EPOCH FROM ({second} - {first})) / 3600)"


@compiles(hours_between, "sqlite")
def _hours_on_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    # Days as a float are right to 0.1 ms: a full hour must not become the one before.
    first, second = (compiler.process(clause, **how) for clause in element.clauses)
    return f"CAST((julianday({second}) - julianday({first})) * 24 + 0.000001 AS INTEGER)"


def _by(session: Session, scope: Scope, name: str) -> Counts:
    found: Counter[str] = Counter()
    for row in ROWS:
        column = getattr(row, name)
        query = select(column, func.count()).where(*of_scope(scope, row)).group_by(column)
        found.update(dict(session.execute(query).all()))
    return dict(found)


def _weeks(session: Session, scope: Scope) -> dict[date, int]:
    found: Counter[int] = Counter()
    for row in ROWS:
        mine = of_kind_and_ward(scope, row)
        each = [
            select(literal(n).label("number"), func.count()).select_from(row)
            .where(*between(begins, ends, row), *mine)
            for n, (begins, ends) in enumerate(scope.borders())
        ]  # fmt: skip
        found.update(dict(session.execute(union_all(*each)).all()))
    return {week: found[n] for n, week in enumerate(scope.weeks())}


def _levels_and_repeats(session: Session, scope: Scope) -> tuple[Counts, int]:
    found = [0] * (len(Level) + 1)
    for row in ROWS:
        of_level = [func.sum(case([(row.level == level.value, 1)], else_=0)) for level in Level]
        repeats = func.sum(case([(row.repeat, 1)], else_=0))
        query = select(*of_level, repeats).where(*of_scope(scope, row))
        counted = session.execute(query).one()
        found = [so_far + int(times or 0) for so_far, times in zip(found, counted, strict=True)]
    *levels, again = found
    return {level.value: times for level, times in zip(Level, levels, strict=True)}, again


def _outcomes(session: Session, scope: Scope) -> Counts:
    found: Counter[str] = Counter()
    for row in ROWS:
        columns = row.status, row.close_reason
        query = select(*columns, func.count()).where(*of_scope(scope, row)).group_by(*columns)
        for status, reason, times in session.execute(query):
            ended = reason if status == Status.CLOSED and reason else status
            found[STILL_OPEN if status in OPEN else ended] += times
    return dict(found)


def _waiting(session: Session, scope: Scope) -> Waiting:
    counted: Counter[int] = Counter()
    for row in ROWS:
        hours = hours_between(row.created_at, row.answered_at)
        query = (
            select(hours, func.count())
            .where(*of_scope(scope, row), row.answered_at.is_not(None))
            .group_by(hours)
        )
        for whole, times in session.execute(query):
            counted[int(whole)] += times
    took = sorted(counted.items())
    answered = sum(times for _, times in took)
    return Waiting(answered, _at(took, ceil(answered / 2)), _at(took, ceil(answered * 9 / 10)))


def _at(took: list[tuple[int, int]], rank: int) -> int | None:
    """The hours at that rank, counted from 1; `took` is (hours, how many), the quickest first."""
    for hours, times in took:
        rank -= times
        if rank <= 0:
            return hours
    return None


def _heat(session: Session, scope: Scope, reports: int) -> HeatMap:
    past = _of_past(scope)
    total = reports
    for row, mine in (
        (IncidentRow, _of_incidents(scope)), (PastRow, (*past, PastRow.is_incident.is_(True))),
    ):  # fmt: skip
        total += int(session.scalar(select(func.count(row.id)).where(*mine)) or 0)
    cells: Counter[tuple[int, int]] = Counter()
    for row, mine in (
        (ReportRow, of_scope(scope)), (IncidentRow, _of_incidents(scope)), (PastRow, past),
    ):  # fmt: skip
        hour = func.substr(row.clock, 1, 2)  # "23:00", or "22:00-02:00": the hour it began
        is_one_day = (row.last == row.first) | row.last.is_(None)
        query = (
            select(row.first, hour, func.count())
            .where(*mine, row.first.is_not(None), is_one_day, row.clock != "")
            .group_by(row.first, hour)
        )
        for day, begins, times in session.execute(query):
            if begins.isdecimal() and int(begins) < 24:
                cells[day.weekday(), int(begins)] += times
    said = sum(cells.values())
    return HeatMap(dict(cells), said, total - said)


def _of_past(scope: Scope) -> tuple[Any, ...]:
    """Reports and incidents that are gone."""
    when = PastRow.created_at >= scope.begins, PastRow.created_at < scope.ends
    return (*when, *of_kind_and_ward(scope, PastRow))


def _of_incidents(scope: Scope) -> list[Any]:
    """Incidents that we were told of in the scope, of reports of its kind and ward."""
    conditions = [IncidentRow.at >= scope.begins, IncidentRow.at < scope.ends]
    if chosen := of_kind_and_ward(scope):
        conditions.append(IncidentRow.report_id.in_(select(ReportRow.id).where(*chosen)))
    return conditions


def _now(session: Session, scope: Scope, now: datetime) -> tuple[int, int]:
    """How many are open, and how many of them overdue, whenever they came."""
    is_overdue = ReportRow.answered_at.is_(None) & (ReportRow.due_at < now)
    query = select(func.count(), func.sum(case([(is_overdue, 1)], else_=0))).where(
        ReportRow.status.in_(OPEN_VALUES), *of_kind_and_ward(scope)
    )
    found = session.execute(query).one()
    return int(found[0]), int(found[1] or 0)
