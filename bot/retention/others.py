"""The rules for everything that is no report: each deletes the rows of one or two tables that are
older than their period, or empties what is personal in them, a batch at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.channels import conversations
from bot.channels.tables import ConversationRow, InboxRow, NoticeWishRow, OutboxRow
from bot.reports.clock import local
from bot.reports.list_tables import ExportRow, SearchRow
from bot.reports.model import OPEN
from bot.reports.personal_tables import OpeningRow, WarningRow
from bot.reports.publishing_tables import LinkCheckRow
from bot.reports.service_tables import NoticeRow
from bot.reports.tables import FeedbackRow, ReportRow, UnplacedRow
from bot.retention import leftovers
from bot.retention.due import held_ids
from bot.retention.periods import Cutoffs
from bot.retention.removing import UNTRACKED

BATCH = 500


@dataclass(frozen=True)
class Rule:
    """Rows of `table` that are due; `condition` says which. `change` are the values that they get
    instead of being deleted; whether a row has them already is asked of the row and not in SQL,
    because a column may be encrypted."""

    name: str
    table: Any
    condition: Callable[[Cutoffs], Any]
    change: dict[str, Any] | None = None


RULES = (
    Rule("unplaced", UnplacedRow, lambda c: and_(
        UnplacedRow.topic.is_(None), UnplacedRow.last_day < c.unplaced)),
    Rule("feedback_words", FeedbackRow, 
         lambda c: FeedbackRow.day < c.feedback_words, {"words": ""}),
    Rule("searches", SearchRow, lambda c: SearchRow.expires_at < c.now),
    Rule("exports", ExportRow, lambda c: ExportRow.at < c.exports),
    Rule("openings", OpeningRow, lambda c: OpeningRow.at < c.openings),
    Rule("notices", NoticeRow, lambda c: NoticeRow.ended_at < c.notices),
    Rule("link_checks", LinkCheckRow, lambda c: LinkCheckRow.at < c.link_checks),
    Rule("warnings", WarningRow, lambda c: and_(
        WarningRow.report_id.is_(None),
        or_(WarningRow.ended_at.is_not(None), WarningRow.until < local(c.now).date()))),
    Rule("channel_inbox", InboxRow, lambda c: InboxRow.done_at < c.channel_log),
    Rule("channel_outbox", OutboxRow, lambda c: and_(
        OutboxRow.state != "waiting", OutboxRow.made_at < c.channel_log)),
)  # fmt: skip


def count(session: Session, rule: Rule, cutoffs: Cutoffs) -> int:
    """How many rows are due by `rule`."""
    if rule.change:
        return len(_unchanged(session, rule, cutoffs))
    query = select(func.count()).select_from(rule.table).where(rule.condition(cutoffs))
    return int(session.scalar(query) or 0)


def apply(session: Session, rule: Rule, cutoffs: Cutoffs) -> int:
    """Delete or empty at most BATCH rows that are due by `rule`; how many it were."""
    key = next(iter(rule.table.__mapper__.primary_key))
    due = rule.condition(cutoffs)
    if rule.change:
        rows = _unchanged(session, rule, cutoffs)[:BATCH]
        for row in rows:
            for name, value in rule.change.items():
                setattr(row, name, value)
        return len(rows)
    keys = session.scalars(select(key).where(due).order_by(key).limit(BATCH)).all()
    what = delete(rule.table).where(key.in_(list(keys)), due)
    return int(session.execute(what, execution_options=UNTRACKED).rowcount)


def _unchanged(session: Session, rule: Rule, cutoffs: Cutoffs) -> list[Any]:
    """The rows that are due and not as they shall be."""
    rows = session.scalars(select(rule.table).where(rule.condition(cutoffs)))
    changes = (rule.change or {}).items()
    return [row for row in rows if any(getattr(row, name) != value for name, value in changes)]


def quiet_channels(session: Session, cutoffs: Cutoffs) -> list[str]:
    """Conversations of messaging channels whose resident has not written for the period, and waits
    for no news of an open report; not those of a report under hold."""
    waits = exists().where(
        NoticeWishRow.conversation_id == ConversationRow.id,
        NoticeWishRow.reference == ReportRow.reference,
        ReportRow.status.in_(sorted(one.value for one in OPEN)),
    )
    query = select(ConversationRow.id).where(ConversationRow.heard_at < cutoffs.channels, ~waits)
    held = held_conversations(session)
    return [id for id in session.scalars(query.order_by(ConversationRow.id)) if id not in held]


def forget_channel(session: Session, id: str, cutoffs: Cutoffs) -> bool:
    """Delete a quiet conversation of a messaging channel, number and all; False when its resident
    has written meanwhile. The ids of their messages stay for the period of channel_inbox."""
    mine = ConversationRow.id == id, ConversationRow.heard_at < cutoffs.channels
    if not session.execute(
        delete(ConversationRow).where(*mine), execution_options=UNTRACKED
    ).rowcount:
        return False
    conversations.empty(session, id)
    leftovers.leave(session, leftovers.CONVERSATION, id, cutoffs.now)
    return True


def held_conversations(session: Session) -> frozenset[str]:
    """The ids of conversations that reports under hold were made in."""
    ids = held_ids(session)
    query = select(ReportRow.conversation_id).where(ReportRow.id.in_(ids))
    return frozenset(session.scalars(query)) if ids else frozenset()
