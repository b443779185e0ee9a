"""Finds everything that is held on one person.

Their reports are those with the contact that was given, and all with the same digest of a contact
(`person`, bot/reports/codes.py). A name alone ties nothing: two people may have it, so such reports
are listed for somebody to decide. So are reports of others in which the person is named. Every
report is read, through the ORM: columns may be encrypted, and a search in SQL would find nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.tables import ConversationRow
from bot.reports.casework_tables import InterventionRow, NoteRow, ReferralRow
from bot.reports.codes import tidy_reference
from bot.reports.database import Engine
from bot.reports.personal_tables import CaseReviewRow, OpeningRow, RedactionRow, WarningRow
from bot.reports.retention_tables import HoldRow
from bot.reports.tables import ChangeRow, IncidentRow, MessageRow, ReportRow
from bot.retention import due
from bot.retention.marks import Marks, marks, of_report, plain

BY_REFERENCE, BY_CONTACT, BY_PERSON, BY_NAME = "reference", "contact", "person", "name"
# Everywhere that somebody may be named in a report: table, the report's number in it, columns
TEXTS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (ReportRow, ReportRow.id,
     ("description", "place", "time", "name", "contact", "details", "provenance")),
    (ChangeRow, ChangeRow.report_id, ("detail",)),
    (IncidentRow, IncidentRow.report_id, ("words",)),
    (MessageRow, MessageRow.report_id, ("words",)),
    (NoteRow, NoteRow.report_id, ("words",)),
    (InterventionRow, InterventionRow.report_id, ("words",)),
    (ReferralRow, ReferralRow.report_id, ("reason", "words")),
    (RedactionRow, RedactionRow.report_id, ("words", "before", "reason")),
    (OpeningRow, OpeningRow.report_id, ("words",)),
    (WarningRow, WarningRow.report_id, ("place", "words", "ended_why")),
    (CaseReviewRow, CaseReviewRow.report_id, ("told_by", "counted", "decision", "contact")),
    (HoldRow, HoldRow.report_id, ("reason", "lifted_why")),
)  # fmt: skip
AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """What somebody who asks is known by; what is empty is not looked for."""

    phone: str = ""
    email: str = ""
    reference: str = ""
    name: str = ""

    @property
    def marks(self) -> Marks:
        return marks(self.phone, self.email, self.name)


@dataclass(frozen=True)
class Match:
    """A report, and why it is taken for theirs. `is_held`: it, or one merged with it, is under
    legal hold. `at` is when it came, in UTC."""

    id: int
    reference: str
    at: datetime
    status: str
    why: str
    is_held: bool


@dataclass(frozen=True)
class Found:
    """What is held on a person. `theirs` are surely theirs, `by_name` have the same name and
    nothing else, `named_in` are references of others' reports that name them; both for somebody to
    decide. `channels` are (conversation, provider) of messaging channels; `marks` all that they are
    known by."""

    theirs: tuple[Match, ...]
    by_name: tuple[Match, ...]
    named_in: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]
    marks: Marks

    def chosen(self, also: set[str]) -> tuple[Match, ...]:
        """Their reports, and those by the same name that somebody has chosen."""
        return (*self.theirs, *(one for one in self.by_name if one.reference in also))


def find(engine: Engine, asked: Asked) -> Found:
    """Everything that is held on whoever is known by what `asked` says."""
    typed = asked.marks
    reference = tidy_reference(asked.reference) if asked.reference.strip() else ""
    with Session(engine) as session:
        people = list(_people(session))
        why: dict[int, str] = {}
        for row in people:
            if row.reference == reference:
                why[row.id] = BY_REFERENCE
            elif row.contact and (typed.phones or typed.emails) and typed.is_in(row.contact):
                known = of_report(row.name, row.contact)
                if typed.phones & known.phones or typed.emails & known.emails:
                    why[row.id] = BY_CONTACT
        persons = {row.person for row in people if row.id in why} - {""}
        for row in people:
            if row.person in persons:
                why.setdefault(row.id, BY_PERSON)
        known = typed
        for row in people:
            if row.id in why:
                known |= of_report(row.name, row.contact)
        named = [
            row for row in people if row.id not in why and plain(row.name) in known.names - {""}
        ]
        mine = {row.id for row in people if row.id in why}
        listed = mine | {row.id for row in named}
        in_texts = _named_in(session, known, listed) if known else set()
        references = {row.id: row.reference for row in people}
        conversations = {row.conversation_id for row in people if row.id in why}
        return Found(
            theirs=tuple(_match(session, row, why[row.id]) for row in people if row.id in why),
            by_name=tuple(_match(session, row, BY_NAME) for row in named),
            named_in=tuple(references[id] for id in sorted(in_texts) if id in references),
            channels=tuple(_channels(session, known, conversations)),
            marks=known,
        )


def _people(session: Session) -> Iterator[Any]:
    columns = (
        "id", "reference", "created_at", "status", "name", "contact", "person", "conversation_id",
    )  # fmt: skip
    query = select(*(getattr(ReportRow, name) for name in columns)).order_by(ReportRow.id)
    yield from session.execute(query.execution_options(yield_per=AT_ONCE))


def _match(session: Session, row: Any, why: str) -> Match:
    is_held = due.is_family_held(session, row.reference)
    return Match(row.id, row.reference, row.created_at, row.status, why, is_held)


def _named_in(session: Session, known: Marks, listed: set[int]) -> set[int]:
    found: set[int] = set()
    for _, report_id, names in TEXTS:
        table = report_id.class_
        query = select(report_id.label("report"), *(getattr(table, name) for name in names))
        for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
            id, *texts = row
            if id is None or id in listed or id in found:
                continue
            if any(text and known.is_in(text) for text in texts):
                found.add(id)
    return found


def _channels(session: Session, known: Marks, conversations: set[str]) -> Iterator[tuple[str, str]]:
    for row in session.scalars(select(ConversationRow).order_by(ConversationRow.id)):
        if row.id in conversations or (row.sender and known.is_in(row.sender)):
            yield str(row.id), str(row.provider)
