"""The database tables of reports. A change here needs a migration: see migrations/."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import declarative_base, deferred, relationship
from sqlalchemy.types import TypeDecorator

from bot.reports.encrypted import EncryptedJSON, EncryptedText

Base: Any = declarative_base()


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC on every database: SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ReportRow(Base):
    """One report. `key` is unique: one confirmed form is one report, however often it is sent."""

    __tablename__ = "reports"

    id = Column(Integer, primary_key=True)
    reference = Column(String(16), nullable=False, unique=True)
    key = Column(String(200), nullable=False, unique=True)
    code_digest = Column(String(64), nullable=False)
    status = Column(String(32), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False, index=True)
    channel = Column(String(32), nullable=False)
    conversation_id = Column(String(200), nullable=False, index=True)
    kind = Column(String(64), nullable=False, index=True)
    description = Column(EncryptedText, nullable=False)
    place = Column(EncryptedText, nullable=False)
    # A few letters of it that lists sort by: see searchable.py, which keeps them
    place_start = Column(Text, nullable=False, default="")
    time = Column(EncryptedText, nullable=False)
    frequency = Column(String(32), nullable=False)
    identity = Column(String(32), nullable=False)
    name = Column(EncryptedText, nullable=False)
    contact = Column(EncryptedText, nullable=False)
    first = Column(Date)
    last = Column(Date)
    clock = Column(String(16), nullable=False, default="")
    sharing = Column(String(16), nullable=False)
    details = Column(EncryptedJSON, nullable=False)
    provenance = Column(EncryptedJSON, nullable=False)
    # A digest of the contact, so that reports of one person are found and compared without it
    person = Column(String(64), nullable=False, index=True)
    priority = Column(String(16), nullable=False, index=True)  # as suggested
    priority_reasons = Column(JSON, nullable=False)
    level = Column(String(16), nullable=False, index=True)  # as suggested, until staff decide
    # Counts changes by staff and what its resident adds: nobody undoes or overlooks them
    version = Column(Integer, nullable=False, default=1)
    assignee = Column(String(64), nullable=False, default="", index=True)  # a username
    taken_by = Column(String(64), nullable=False, default="")  # a username: told to them by phone
    ward = Column(String(100), nullable=False, default="", index=True)
    hate = Column(Boolean, nullable=False, default=False)
    vulnerable = Column(Boolean, nullable=False, default=False)
    repeat = Column(Boolean, nullable=False, default=False)
    due_at = Column(UtcDateTime, nullable=False, index=True)
    answered_at = Column(UtcDateTime)  # when staff first did something for the reporter
    closed_at = Column(UtcDateTime)
    close_reason = Column(String(64), nullable=False, default="")
    merged_into = Column(String(16), nullable=False, default="", index=True)  # a reference
    # What it can be found by, as digests: see searchable.py, which keeps them
    words = deferred(Column(Text, nullable=False, default=""))
    changes = relationship("ChangeRow", order_by="ChangeRow.id")
    incidents = relationship("IncidentRow", order_by="IncidentRow.id")
    messages = relationship("MessageRow", order_by="MessageRow.id")


@event.listens_for(ReportRow, "before_insert")
@event.listens_for(ReportRow, "before_update")
def _keep_searchable(_mapper: Any, connection: Any, row: Any) -> None:
    from bot.reports import searchable  # which reads this table too

    searchable.keep(connection, row)


class ChangeRow(Base):
    """One line of a report's timeline: rows are added, and never changed but to encrypt `detail`
    with another key."""

    __tablename__ = "report_changes"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False)
    what = Column(String(64), nullable=False)
    by = Column(String(100), nullable=False)
    detail = Column(EncryptedText, nullable=False)
    version = Column(
        Integer, nullable=False, default=0
    )  # of the report after it; 0: none of its own


class IncidentRow(Base):
    """What was reported, happening again. `key` is unique: told once, it is kept once."""

    __tablename__ = "report_incidents"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    key = Column(String(200), nullable=False, unique=True)
    at = Column(UtcDateTime, nullable=False)
    words = Column(EncryptedText, nullable=False)
    first = Column(Date)
    last = Column(Date)
    clock = Column(String(16), nullable=False)


class MessageRow(Base):
    """What resident and staff write to each other about a report; both may read it."""

    __tablename__ = "report_messages"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    key = Column(String(200), nullable=False, unique=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(100), nullable=False)
    words = Column(EncryptedText, nullable=False)


class PhotoRow(Base):
    """A photo, whose file is `name` in the folder of photos. `sha256` is of what was sent.

    `holder` is who added it; once a report takes it over, it is the report. So a holder has each
    number and each photo once, and a new report of the same conversation begins afresh.
    """

    __tablename__ = "photos"
    __table_args__ = (UniqueConstraint("holder", "number"), UniqueConstraint("holder", "sha256"))

    id = Column(Integer, primary_key=True)
    name = Column(String(64), nullable=False, unique=True)
    holder = Column(String(200), nullable=False)
    number = Column(Integer, nullable=False)
    report_id = Column(Integer, ForeignKey("reports.id"), index=True)
    bytes = Column(Integer, nullable=False)
    width = Column(Integer, nullable=False)
    height = Column(Integer, nullable=False)
    sha256 = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class UnplacedRow(Base):
    """A message that could not be placed, without personal data: no conversation, no time of day.

    `topic` is the intent that staff say it should have had.
    """

    __tablename__ = "unplaced_messages"

    id = Column(Integer, primary_key=True)
    words = Column(String(500), nullable=False, unique=True)
    first_topic = Column(String(64), nullable=False)
    second_topic = Column(String(64), nullable=False)
    times = Column(Integer, nullable=False)
    last_day = Column(Date, nullable=False, index=True)
    topic = Column(String(64))
    labelled_by = Column(String(100))


class EqualityRow(Base):
    """How many gave one answer to one equality question in one month. Counts only: who gave two
    answers, when, or beside which report, cannot be told from it."""

    __tablename__ = "equality_answers"

    month = Column(String(7), primary_key=True)
    question = Column(String(64), primary_key=True)
    answer = Column(String(64), primary_key=True)
    times = Column(Integer, nullable=False)


class FeedbackRow(Base):
    """A resident's vote on an answer. `key` is unique: another vote on it takes its place."""

    __tablename__ = "feedback"

    id = Column(Integer, primary_key=True)
    key = Column(String(64), nullable=False, unique=True)
    topic = Column(String(64), nullable=False, index=True)
    useful = Column(Boolean, nullable=False)
    words = Column(String(500), nullable=False)
    day = Column(Date, nullable=False)
