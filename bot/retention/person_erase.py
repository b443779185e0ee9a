"""Erases everything that is held on one person, except what is under legal hold. Files and
conversations go right after, and by the next purge when that fails."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.channels.conversations import empty
from bot.channels.tables import ConversationRow
from bot.reports import photos_unsent
from bot.reports.casework_tables import MergeRow
from bot.reports.database import Engine
from bot.reports.list_tables import ExportRow, SearchRow
from bot.reports.model import Status
from bot.reports.personal_tables import WarningRow
from bot.reports.redaction import REMOVED
from bot.reports.tables import ChangeRow, FeedbackRow, ReportRow, UnplacedRow
from bot.retention import due, leftovers, others, register, removing
from bot.retention.cleaning import clean
from bot.retention.conversations import opened
from bot.retention.marks import Marks
from bot.retention.people import Found, Match
from bot.retention.removing import UNTRACKED, Doing
from bot.settings import Settings


class NamesSomebody(ValueError):
    """The reason holds what the person is known by, and the register keeps it for good."""


@dataclass(frozen=True)
class Erased:
    """What went: references of reports, how many conversations on channels and other texts. `held`
    stayed, because it is under legal hold. `left` could not be removed yet: files, or conversations
    whose database is away; the next purge does it."""

    reports: tuple[str, ...]
    held: tuple[str, ...]
    channels: int
    texts: int
    left: int


def erase(
    engine: Engine, settings: Settings, found: Found, chosen: Iterable[Match], by: str, reason: str
) -> Erased:
    """Erase the `chosen` reports of `found`, their channels' conversations, and what names the
    person in lists of ours. Raises NamesSomebody for a reason that does."""
    if found.marks.is_in(reason):
        raise NamesSomebody
    doing = Doing(register.ERASED, by, datetime.now(UTC), reason)
    chosen = tuple(chosen)
    going = [one.id for one in chosen if not one.is_held]
    gone = [one.reference for one in chosen if _report(engine, settings, one, doing, going)]
    channels = sum(_channel(engine, id, doing.now) for id, _ in found.channels)
    texts = _texts(engine, found.marks)
    with Session(engine) as session:
        counts = {"reports": len(gone), "channel_conversations": channels, "texts": texts}
        register.add(session, doing.rule, by, doing.now, counts, reason=reason)
        session.commit()
    with opened(settings.tracker_database_url) as conversations:
        left = leftovers.sweep(engine, settings.photos_dir, conversations)
        clean(engine, conversations)
    held = tuple(one.reference for one in chosen if one.reference not in gone)
    return Erased(tuple(gone), held, channels, texts, left)


def _report(engine: Engine, settings: Settings, one: Match, doing: Doing, going: list[int]) -> bool:
    """Remove one report in a transaction of its own; False when it is under hold, or gone."""
    with Session(engine) as session:
        row = removing.lock(session, one.id)
        if row is None or due.is_family_held(session, row.reference):
            session.rollback()
            return False
        conversation = str(row.conversation_id)
        _let_go(session, row, doing, going)
        removing.remove(session, row, replace(doing, reason=""), going)
        if conversation not in ("", *others.held_conversations(session)):
            leftovers.leave(session, leftovers.CONVERSATION, conversation, doing.now)
        session.commit()
    photos_unsent.drop(engine, settings.photos_dir, conversation)
    return True


def _let_go(session: Session, row: Any, doing: Doing, going: list[int]) -> None:
    """Reports of others that were merged into it stand for themselves again, as before."""
    query = select(ReportRow).where(
        ReportRow.merged_into == row.reference, ReportRow.status == Status.MERGED.value,
        ReportRow.id.not_in(going),
    )  # fmt: skip
    for other in session.scalars(query).all():
        before = session.get(MergeRow, other.id)
        other.status = before.status if before else Status.TRIAGE.value
        other.merged_into, other.version = "", other.version + 1
        if before:
            session.delete(before)
        session.add(
            ChangeRow(report_id=other.id, at=doing.now, what="unmerged", by=doing.by,
                      detail=row.reference, version=other.version)
        )  # fmt: skip
    session.flush()


def _channel(engine: Engine, id: str, now: datetime) -> int:
    """Delete a conversation on a channel with its number, unless a report under hold is of it."""
    with Session(engine) as session:
        if id in others.held_conversations(session):
            return 0
        mine = delete(ConversationRow).where(ConversationRow.id == id)
        gone = session.execute(mine, execution_options=UNTRACKED).rowcount
        empty(session, id)
        leftovers.leave(session, leftovers.CONVERSATION, id, now)
        session.commit()
        return int(gone)


def _texts(engine: Engine, marks: Marks) -> int:
    """Remove the person from lists of ours that may name them; how many lines it were. What staff
    search for is kept for a day: all of it goes."""
    counts: Counter[str] = Counter()
    with Session(engine) as session:
        counts["searches"] = session.execute(delete(SearchRow)).rowcount
        for unplaced in session.scalars(select(UnplacedRow)).all():
            if marks.is_in(unplaced.words):
                session.delete(unplaced)
                counts["unplaced"] += 1
        for vote in session.scalars(select(FeedbackRow)).all():
            if marks.is_in(vote.words):
                vote.words = ""
                counts["feedback"] += 1
        for line in session.scalars(select(ExportRow)).all():
            for name in ("what", "reason"):
                if marks.is_in(getattr(line, name)):
                    setattr(line, name, REMOVED)
                    counts["exports"] += 1
        # Of reports that are gone, and so about a place
        for warning in session.scalars(select(WarningRow).where(WarningRow.report_id.is_(None))):
            if marks.is_in([warning.words, warning.place, warning.ended_why]):
                session.delete(warning)
                counts["warnings"] += 1
        session.commit()
    return counts.total()
