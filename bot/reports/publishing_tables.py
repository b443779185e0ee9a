"""The database tables of bot/publishing: versions of answers, counts of topics, links."""

from sqlalchemy import JSON, Column, Date, Integer, String, Text, UniqueConstraint

from bot.reports.tables import Base, UtcDateTime


class AnswerVersionRow(Base):
    """One version of an answer or a contact; version 0 is the file in data/ and has no row.

    `subject` is "answer:<topic>" or "contact:<id>"; `number` counts from 1 for each. `fields` are
    what can be changed (fields.py); an empty mapping is the file as it is. Rows are only added:
    afterwards a draft is published, once, or withdrawn, once, and nothing else changes.
    `publication` counts what was ever published, over all subjects: its greatest value tells
    whether anything is new. `based_on` is the version that the writer began from.
    """

    __tablename__ = "answer_versions"
    __table_args__ = (UniqueConstraint("subject", "number"),)

    id = Column(Integer, primary_key=True)
    subject = Column(String(120), nullable=False)
    number = Column(Integer, nullable=False)
    state = Column(String(16), nullable=False, index=True)
    fields = Column(JSON, nullable=False)
    based_on = Column(Integer, nullable=False)
    written_by = Column(String(64), nullable=False)
    written_at = Column(UtcDateTime, nullable=False)
    published_by = Column(String(64))
    published_at = Column(UtcDateTime)
    publication = Column(Integer, unique=True)
    ended_by = Column(String(64))
    ended_at = Column(UtcDateTime)
    note = Column(Text, nullable=False)
    reason = Column(Text, nullable=False)


class TopicCountRow(Base):
    """How often an answer was given on one day. No conversation and no time of day."""

    __tablename__ = "topic_counts"

    topic = Column(String(64), primary_key=True)
    day = Column(Date, primary_key=True, index=True)
    times = Column(Integer, nullable=False)


class LinkCheckRow(Base):
    """How the link of a contact was found when it was looked at last."""

    __tablename__ = "link_checks"

    contact = Column(String(100), primary_key=True)
    address = Column(Text, nullable=False)
    outcome = Column(String(16), nullable=False)
    status = Column(Integer)
    at = Column(UtcDateTime, nullable=False)
