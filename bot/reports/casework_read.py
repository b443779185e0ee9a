"""Reads what staff have added to a report, the oldest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports.casework_tables import FollowerRow, InterventionRow, NoteRow, ReferralRow
from bot.reports.tables import ReportRow


@dataclass(frozen=True)
class Note:
    """What `by` wrote down for the staff; `at` is in UTC."""

    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class Done:
    """An intervention: what kind, on which day, and who wrote it down when (in UTC)."""

    at: datetime
    by: str
    kind: str
    day: date
    words: str


@dataclass(frozen=True)
class PassedOn:
    """A referral to a partner; `shared` are names of fields; `at` is in UTC."""

    at: datetime
    by: str
    partner: str
    shared: tuple[str, ...]
    consent: str
    reason: str
    words: str


@dataclass(frozen=True)
class Casework:
    """All that staff have added to one report; `followers` are usernames."""

    notes: tuple[Note, ...]
    done: tuple[Done, ...]
    passed_on: tuple[PassedOn, ...]
    followers: tuple[str, ...]


def casework(engine: Engine, reference: str) -> Casework:
    """What staff have added to the report `reference`; all empty when there is no such report."""
    with Session(engine) as session:

        def rows(table: Any, order: Any) -> list[Any]:
            mine = select(table).join(ReportRow, ReportRow.id == table.report_id)
            return list(
                session.scalars(mine.where(ReportRow.reference == reference).order_by(order))
            )

        return Casework(
            tuple(Note(n.at, n.by, n.words) for n in rows(NoteRow, NoteRow.id)),
            tuple(
                Done(d.at, d.by, d.kind, d.day, d.words)
                for d in rows(InterventionRow, InterventionRow.id)
            ),
            tuple(
                PassedOn(r.at, r.by, r.partner, tuple(r.shared), r.consent, r.reason, r.words)
                for r in rows(ReferralRow, ReferralRow.id)
            ),
            tuple(f.username for f in rows(FollowerRow, FollowerRow.username)),
        )
