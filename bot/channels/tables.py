"""The tables of messaging: conversations, what came in, what goes out, and who wants notices.

A message's words stay here only until they are answered or sent: the row then keeps its id, so that
the same message sent again is known, and its dates.
"""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Text, UniqueConstraint

from bot.reports.encrypted import EncryptedJSON, EncryptedText
from bot.reports.tables import Base, UtcDateTime


class ConversationRow(Base):
    """One resident on one provider. `id` is the conversation's in Rasa, and says nothing about
    the number; `choices` are the last buttons offered, so that "2" or an old button is understood.
    Whoever works on it holds it until `held_until`."""

    __tablename__ = "channel_conversations"

    id = Column(String(80), primary_key=True)
    provider = Column(String(32), nullable=False)
    sender = Column(EncryptedText, nullable=False)
    ours = Column(Text, nullable=False)
    began_at = Column(UtcDateTime, nullable=False)
    heard_at = Column(UtcDateTime, nullable=False)
    told_privacy = Column(Boolean, nullable=False, default=False)
    stopped = Column(Boolean, nullable=False, default=False)
    choices = Column(EncryptedJSON, nullable=False, default=list)
    held_by = Column(String(32), nullable=False, default="")
    held_until = Column(UtcDateTime)


class InboxRow(Base):
    """A message from a resident; `key` is its message_id in Rasa. It waits until `done_at`."""

    __tablename__ = "channel_inbox"
    __table_args__ = (
        UniqueConstraint("provider", "platform_id"),
        Index("ix_channel_inbox_waiting", "done_at", "conversation_id"),
    )

    id = Column(Integer, primary_key=True)
    provider = Column(String(32), nullable=False)
    platform_id = Column(String(255), nullable=False)
    conversation_id = Column(String(80), nullable=False, index=True)
    order = Column("sort_order", Float, nullable=False)
    key = Column(String(36), nullable=False)
    content = Column(EncryptedJSON)
    received_at = Column(UtcDateTime, nullable=False, index=True)
    due_at = Column(UtcDateTime, nullable=False)
    tries = Column(Integer, nullable=False, default=0)
    done_at = Column(UtcDateTime)


class OutboxRow(Base):
    """A message to a resident. `state` is waiting, sent, failed or dropped; `problem` a word for
    staff about why it has not gone."""

    __tablename__ = "channel_outbox"
    __table_args__ = (Index("ix_channel_outbox_state", "state", "conversation_id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(80), nullable=False, index=True)
    provider = Column(String(32), nullable=False)
    payload = Column(EncryptedJSON)
    is_notice = Column(Boolean, nullable=False, default=False)
    state = Column(String(16), nullable=False)
    problem = Column(String(120), nullable=False, default="")
    made_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    tries = Column(Integer, nullable=False, default=0)
    sent_at = Column(UtcDateTime)
    platform_id = Column(String(255), nullable=False, default="")


class NoticeWishRow(Base):
    """That somebody wants to be told here when there is news of their report; `told_change` is the
    last line of its timeline that they know of."""

    __tablename__ = "channel_notice_wishes"
    __table_args__ = (UniqueConstraint("conversation_id", "reference"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(80), nullable=False, index=True)
    reference = Column(String(16), nullable=False, index=True)
    agreed_at = Column(UtcDateTime, nullable=False)
    told_change = Column(Integer, nullable=False)
