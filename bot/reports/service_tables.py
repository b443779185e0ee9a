"""The tables of the service itself: what is switched off, and who is told of which report by
e-mail. A change here needs a migration: see migrations/."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from bot.reports.encrypted import EncryptedText
from bot.reports.tables import Base, ReportRow, UtcDateTime


class SwitchRow(Base):
    """One turn of one switch: rows are added, never changed. The newest of a switch counts."""

    __tablename__ = "switches"

    id = Column(Integer, primary_key=True)
    what = Column(String(32), nullable=False, index=True)
    is_on = Column(Boolean, nullable=False)
    message = Column(Text, nullable=False)  # what residents read while it is off
    reason = Column(Text, nullable=False)  # for the log
    by = Column(String(100), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class NoticeChoiceRow(Base):
    """Which notices a staff user wants, and since when: nothing older is told to them."""

    __tablename__ = "notice_choices"

    user_id = Column(Integer, primary_key=True, autoincrement=False)  # of staff_users
    email = Column(EncryptedText, nullable=False)
    new_since = Column(UtcDateTime)
    overdue_since = Column(UtcDateTime)


class NoticeRow(Base):
    """One notice. Unique, so that a report is told of once to each person, in each kind."""

    __tablename__ = "notices_sent"
    __table_args__ = (UniqueConstraint("report_id", "kind", "user_id"),)

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(16), nullable=False)
    user_id = Column(Integer, nullable=False, index=True)  # of staff_users
    state = Column(String(16), nullable=False, index=True)  # waiting, sent or given_up
    made_at = Column(UtcDateTime, nullable=False)
    next_at = Column(UtcDateTime, nullable=False)  # not before then: tried again, or taken by one
    tries = Column(Integer, nullable=False, default=0)
    problem = Column(String(64), nullable=False, default="")  # the kind of failure, no text of it
    ended_at = Column(UtcDateTime)


class WorkerRow(Base):
    """The worker that is at work: whoever holds this row until `until`."""

    __tablename__ = "workers"

    name = Column(String(32), primary_key=True)
    holder = Column(String(64), nullable=False)
    started_at = Column(UtcDateTime, nullable=False)
    beat_at = Column(UtcDateTime, nullable=False)
    until = Column(UtcDateTime, nullable=False)


class BackupRow(Base):
    """That a backup was made: rows are added, never changed."""

    __tablename__ = "backups"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(100), nullable=False)


# All that the figures read, so that they need not read the reports themselves: on SQLite 100,000
# reports are then counted from 20 MB and not from their whole texts.
FIGURES_INDEX = Index(
    "ix_reports_figures",
    *(
        getattr(ReportRow, name)
        for name in (
            "created_at", "kind", "ward", "channel", "level", "status", "close_reason", "repeat",
            "answered_at", "due_at", "first", "last", "clock",
        )
    ),
)  # fmt: skip
