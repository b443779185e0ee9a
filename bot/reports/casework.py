"""What staff change of a report: its status, who has it, its priority, ward and marks.

Each function is one change through bot/reports/changing.py: `seen` is the version that the page
showed, `by` a username. All raise Stale, NoReport and Refused. A detail of the timeline is a key
of the words in its first line; words that somebody typed follow below it.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.reports import casework_entries as entries
from bot.reports import clock, workflow
from bot.reports.casework_tables import ReferralRow
from bot.reports.changing import Apply, Refused, change
from bot.reports.model import OPEN, Level, Status
from bot.reports.tables import MessageRow

REASON_LIMIT = 500  # characters of a reason, which stays in the timeline
WARD_LIMIT = 100
MARKS = ("hate", "vulnerable", "repeat")


def move(
    engine: Engine, reference: str, seen: int, by: str, to: Status, key: str = "", words: str = ""
) -> None:
    """Move to a working status; `words` are sent to the reporter, once by `key`, when there are
    any."""

    def apply(session: Session, row: Any) -> None:
        _go(session, row, to, words=words)
        if words.strip():
            entries.tell(session, row, by, key, words)

    _once(engine, key if words.strip() else "", reference, seen, by, "moved", to.value, apply)


def close(
    engine: Engine, reference: str, seen: int, by: str, reason: str, key: str, words: str
) -> None:
    """Close with a `reason` of workflow.CLOSE_REASONS, and tell the reporter in `words`."""

    def apply(session: Session, row: Any) -> None:
        _go(session, row, Status.CLOSED, reason=reason, words=words)
        row.closed_at, row.close_reason = datetime.now(UTC), reason
        entries.tell(session, row, by, key, words)

    _once(engine, key, reference, seen, by, "closed", reason, apply)


def reopen(engine: Engine, reference: str, seen: int, by: str, reason: str) -> None:
    """Open a closed report again; `reason` is for the staff."""
    _within(reason, REASON_LIMIT)

    def apply(session: Session, row: Any) -> None:
        _go(session, row, Status.REOPENED, reason=reason)
        row.closed_at, row.close_reason = None, ""

    change(engine, reference, seen, by, "reopened", reason.strip(), apply)


def signpost(engine: Engine, reference: str, seen: int, by: str, key: str, words: str) -> None:
    """Mark as not for the partnership; `words` tell the reporter who can help."""

    def apply(session: Session, row: Any) -> None:
        _go(session, row, Status.SIGNPOSTED, words=words)
        entries.tell(session, row, by, key, words)

    _once(engine, key, reference, seen, by, "signposted", "", apply)


def mark_as_spam(engine: Engine, reference: str, seen: int, by: str, reason: str) -> None:
    """Put aside as spam or abuse; `reason` is for the staff."""
    _within(reason, REASON_LIMIT)

    def apply(session: Session, row: Any) -> None:
        _go(session, row, Status.SPAM, reason=reason)

    change(engine, reference, seen, by, "marked_as_spam", reason.strip(), apply)


def assign(engine: Engine, reference: str, seen: int, by: str, to: str) -> None:
    """Give an open report to `to`, a username that the caller knows may work on it; to nobody when
    empty."""

    def apply(_session: Session, row: Any) -> None:
        if Status(row.status) not in OPEN:
            raise Refused("assign_ended")
        if row.assignee == to:
            raise Refused("already_assigned" if to else "not_assigned")
        row.assignee = to

    change(engine, reference, seen, by, "assigned" if to else "unassigned", to, apply)


def set_priority(
    engine: Engine, reference: str, seen: int, by: str, level: Level, reason: str = ""
) -> None:
    """Accept the suggested priority, or choose another with a `reason`. The time to answer counts
    from when the report was received, as before."""
    _within(reason, REASON_LIMIT)

    def apply(_session: Session, row: Any) -> None:
        if level != row.priority and not reason.strip():
            raise Refused("priority_needs_reason")
        row.level = level.value
        row.due_at = clock.due_at(row.created_at, level)

    change(engine, reference, seen, by, "priority_set", _below(level.value, reason), apply)


def set_ward(engine: Engine, reference: str, seen: int, by: str, ward: str) -> None:
    """Say which ward the place lies in; empty when it is not known."""
    _within(ward, WARD_LIMIT)

    def apply(_session: Session, row: Any) -> None:
        row.ward = ward.strip()

    change(engine, reference, seen, by, "ward_set", ward.strip(), apply)


def set_marks(engine: Engine, reference: str, seen: int, by: str, marks: set[str]) -> None:
    """Set those of MARKS that are in `marks`, and take the others away."""
    kept = [mark for mark in MARKS if mark in marks]

    def apply(_session: Session, row: Any) -> None:
        if kept == [mark for mark in MARKS if getattr(row, mark)]:
            raise Refused("nothing_to_change")
        for mark in MARKS:
            setattr(row, mark, mark in kept)

    change(engine, reference, seen, by, "marked", ",".join(kept) or "none", apply)


def _go(session: Session, row: Any, to: Status, reason: str = "", words: str = "") -> None:
    """Move `row`, or raise Refused."""
    refused = workflow.refusal(
        Status(row.status), to, reason=reason, words=words,
        asked=to is Status.WAITING and _asked(session, row),
        passed_on=to is Status.REFERRED and _passed_on(session, row),
    )  # fmt: skip
    if refused:
        raise Refused(refused)
    row.status = to.value


def _asked(session: Session, row: Any) -> bool:
    """Whether the last message is by staff."""
    query = select(MessageRow.by).where(MessageRow.report_id == row.id)
    last = session.scalar(query.order_by(MessageRow.id.desc()).limit(1))
    return last not in (None, "resident")


def _passed_on(session: Session, row: Any) -> bool:
    query = select(ReferralRow.id).where(ReferralRow.report_id == row.id).limit(1)
    return session.scalar(query) is not None


def _once(
    engine: Engine, key: str, reference: str, seen: int, by: str, what: str, detail: str,
    apply: Apply,
) -> None:  # fmt: skip
    """The change, unless the message with this key is there already: a form was sent twice."""
    entries.once(
        engine, MessageRow, key,
        lambda: change(engine, reference, seen, by, what, detail, apply),
    )  # fmt: skip


def _below(key: str, words: str) -> str:
    return "\n".join((key, words.strip())).rstrip()


def _within(words: str, limit: int) -> None:
    if len(words) > limit:
        raise Refused("too_long")
