"""The database tables about personal data: who opened it and why, what was removed, warnings, and
the ASB Case Review. A change here needs a migration: see migrations/."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from bot.reports.encrypted import EncryptedJSON, EncryptedText
from bot.reports.tables import Base, UtcDateTime


class OpeningRow(Base):
    """Somebody opened the personal data of a report: rows are added, never changed. When the report
    goes, that it was opened stays, with its reference and without the words."""

    __tablename__ = "personal_openings"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), index=True)
    reference = Column(String(16), nullable=False, default="")  # of a report that is gone
    who = Column(String(64), nullable=False, index=True)  # a username
    reason = Column(String(32), nullable=False)
    words = Column(EncryptedText, nullable=False)
    at = Column(UtcDateTime, nullable=False, index=True)
    until = Column(UtcDateTime, nullable=False)


class RedactionRow(Base):
    """Words that were removed from a report. `before` holds each changed text as it was, by where
    it stands; it and `words` are emptied when the original is forgotten for good."""

    __tablename__ = "redactions"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    field = Column(String(64), nullable=False)
    words = Column(EncryptedText, nullable=False)
    before = Column(EncryptedJSON, nullable=False)
    by = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    reason = Column(EncryptedText, nullable=False)
    forgotten_by = Column(String(64), nullable=False, default="")
    forgotten_at = Column(UtcDateTime)


class WarningRow(Base):
    """A safety warning about a person (`subject` is the digest that their reports share) or a
    `place` (a postcode, or words). It is ended, never deleted by hand. One about a place outlives
    the report that it was set from: then it has no `report_id`."""

    __tablename__ = "safety_warnings"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), index=True)  # set there
    about = Column(String(16), nullable=False)
    subject = Column(Text, nullable=False)  # empty for a place
    place = Column(EncryptedText, nullable=False, default="")
    words = Column(EncryptedText, nullable=False)
    until = Column(Date)
    by = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    ended_by = Column(String(64), nullable=False, default="")
    ended_at = Column(UtcDateTime)
    ended_why = Column(EncryptedText, nullable=False, default="")


class CaseReviewRow(Base):
    """What is recorded of an ASB Case Review of one person, as of one moment: a change is another
    row with the next `number`, so nothing that was recorded is lost."""

    __tablename__ = "case_reviews"
    __table_args__ = (UniqueConstraint("subject", "number"),)

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    subject = Column(String(80), nullable=False)  # the person's digest, or the report alone
    number = Column(Integer, nullable=False)
    told_on = Column(Date)
    told_by = Column(EncryptedText, nullable=False)
    asked_on = Column(Date)
    met = Column(Boolean)
    counted = Column(EncryptedText, nullable=False)
    decided_on = Column(Date)
    decision = Column(EncryptedText, nullable=False)
    contact = Column(EncryptedText, nullable=False)  # who the person turns to
    by = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)
