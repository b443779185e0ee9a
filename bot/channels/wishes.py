"""Who wants to be told on their channel when there is news of a report, and telling them.

A notice says that there is news, never which: a phone is not always in its owner's hand. To read it
takes the reference and the follow-up code.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels import compose, conversations
from bot.channels.conversations import Conversation
from bot.channels.parts import Parts
from bot.channels.tables import ConversationRow, NoticeWishRow
from bot.reports.database import Engine
from bot.reports.tables import ChangeRow, ReportRow

# Payloads of our own buttons; Rasa's begin with a slash, and nobody can type one
YES, NO = "!notices-yes ", "!notices-no "
# Lines of a timeline that the reporter can read something new about
NEWS = ("moved", "wrote", "closed", "reopened", "merged", "signposted")


def offer(parts: Parts, reference: str) -> dict[str, Any]:
    """The question whether to tell news of this report here."""
    said = parts.register
    return {
        "text": compose.words(said, "notice_offer", reference=reference),
        "buttons": [
            {"title": compose.words(said, "notice_yes"), "payload": YES + reference},
            {"title": compose.words(said, "notice_no"), "payload": NO + reference},
        ],
    }


def answered(parts: Parts, conversation: Conversation, payload: str) -> str:
    """Note the answer to `offer`; returns which words to say, "" when it is none."""
    if payload.startswith(NO):
        return "notice_declined"
    if not payload.startswith(YES):
        return ""
    _wish(parts.engine, conversation.id, payload.removeprefix(YES))
    return "notice_agreed"


def _wish(engine: Engine, conversation_id: str, reference: str) -> None:
    with Session(engine) as session:
        newest = _newest_change(session, reference)
        session.add(
            NoticeWishRow(
                conversation_id=conversation_id, reference=reference,
                agreed_at=datetime.now(UTC), told_change=newest,
            )
        )  # fmt: skip
        try:
            session.commit()
        except IntegrityError:  # asked for twice
            session.rollback()


def due(engine: Engine, limit: int = 200) -> Iterator[tuple[int, Conversation, str, int]]:
    """Wishes whose report has news that was not told: (wish, conversation, reference, change)."""
    newest = (
        select(func.max(ChangeRow.id))
        .join(ReportRow, ReportRow.id == ChangeRow.report_id)
        .where(ReportRow.reference == NoticeWishRow.reference, ChangeRow.what.in_(NEWS))
        .scalar_subquery()
    )
    query = (
        select(NoticeWishRow, newest)
        .join(ConversationRow, ConversationRow.id == NoticeWishRow.conversation_id)
        .where(newest > NoticeWishRow.told_change, ConversationRow.stopped.is_(False))
        .limit(limit)
    )
    with Session(engine) as session:
        found = [
            (row.id, row.conversation_id, row.reference, change)
            for row, change in session.execute(query)
        ]
    for wish, conversation_id, reference, change in found:
        if conversation := conversations.get(engine, conversation_id):
            yield wish, conversation, reference, change


def told(session: Session, wish: int, change: int) -> None:
    """Note that the news up to `change` is on its way."""
    row = session.get(NoticeWishRow, wish)
    if row is not None:
        row.told_change = change


def drop(session: Session, conversation_id: str) -> None:
    """They want no more notices."""
    session.query(NoticeWishRow).filter(NoticeWishRow.conversation_id == conversation_id).delete()


def _newest_change(session: Session, reference: str) -> int:
    query = (
        select(func.max(ChangeRow.id))
        .join(ReportRow, ReportRow.id == ChangeRow.report_id)
        .where(ReportRow.reference == reference)
    )
    return int(session.scalar(query) or 0)
