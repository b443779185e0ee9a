"""The tables of retention: holds, what was purged, and what stays of it for the figures. A change
here needs a migration: see migrations/."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)

from bot.reports.encrypted import EncryptedText
from bot.reports.tables import Base, UtcDateTime


class HoldRow(Base):
    """A legal hold on a report, which then is neither purged nor erased until somebody lifts it."""

    __tablename__ = "report_holds"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    reason = Column(EncryptedText, nullable=False)
    by = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    lifted_by = Column(String(64), nullable=False, default="")
    lifted_at = Column(UtcDateTime)
    lifted_why = Column(EncryptedText, nullable=False, default="")


class RegisterRow(Base):
    """What went, or was given out: rows are added, never changed, and a trigger refuses both UPDATE
    and DELETE. Without personal data: `reference` is of a report, empty for anything else, `counts`
    how many rows of which table. `counted_from` is the day that the period began."""

    __tablename__ = "purge_register"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    by = Column(String(64), nullable=False)
    rule = Column(String(32), nullable=False)
    reference = Column(String(16), nullable=False, default="")
    counted_from = Column(Date)
    counts = Column(JSON, nullable=False)
    reason = Column(Text, nullable=False, default="")


RUNNING, DONE, FAILED = "running", "done", "failed"  # states of a run


class RunRow(Base):
    """One run of the purge, in one of the states above. `counts` is how many went, by rule."""

    __tablename__ = "purge_runs"

    id = Column(Integer, primary_key=True)
    by = Column(String(64), nullable=False, index=True)
    began_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)
    state = Column(String(16), nullable=False)
    counts = Column(JSON, nullable=False)
    problem = Column(String(64), nullable=False, default="")  # the kind of failure, no text of it


class LeftoverRow(Base):
    """What is outside this database and has to go with rows that are gone: a photo's file, or a
    conversation. Written in their transaction, so that a crash after it forgets nothing."""

    __tablename__ = "purge_leftovers"

    kind = Column(String(16), primary_key=True)
    name = Column(String(200), primary_key=True)
    at = Column(UtcDateTime, nullable=False)


class PastRow(Base):
    """What the figures count of a report that is gone, or of an incident of one: no text, no
    reference, no person, and times no finer than the figures need (bot/retention/past.py).

    `id` is drawn, so that its order tells nothing about which line of the register it belongs to.
    """

    __tablename__ = "past_reports"

    id = Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    is_incident = Column(Boolean, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    kind = Column(String(64), nullable=False)
    ward = Column(String(100), nullable=False)
    channel = Column(String(32), nullable=False)
    level = Column(String(16), nullable=False)
    status = Column(String(32), nullable=False)
    close_reason = Column(String(64), nullable=False)
    repeat = Column(Boolean, nullable=False)
    answered_at = Column(UtcDateTime)
    first = Column(Date)
    last = Column(Date)
    clock = Column(String(16), nullable=False)


Index(
    "ix_past_reports_figures",
    *(
        getattr(PastRow, name)
        for name in (
            "created_at", "is_incident", "kind", "ward", "channel", "level", "status",
            "close_reason", "repeat", "answered_at", "first", "last", "clock",
        )
    ),
)  # fmt: skip
