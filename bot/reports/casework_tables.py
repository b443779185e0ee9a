"""The tables of what staff do with a report, besides its own columns and its timeline.

Free words stand here and not in the timeline, which nobody can change: what is here can be
redacted.
"""

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, String

from bot.reports.encrypted import EncryptedText
from bot.reports.tables import Base, UtcDateTime


class FollowerRow(Base):
    """A staff user who wants to know what becomes of a report."""

    __tablename__ = "report_followers"

    report_id = Column(Integer, ForeignKey("reports.id"), primary_key=True)
    username = Column(String(64), primary_key=True, index=True)
    at = Column(UtcDateTime, nullable=False)


class NoteRow(Base):
    """What staff write down for each other; the reporter never sees it."""

    __tablename__ = "report_notes"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    key = Column(String(200), nullable=False, unique=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(100), nullable=False)
    words = Column(EncryptedText, nullable=False)


class InterventionRow(Base):
    """Something that was done about a report on `day`; `kind` is one of interventions.KINDS."""

    __tablename__ = "report_interventions"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    key = Column(String(200), nullable=False, unique=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(100), nullable=False)
    kind = Column(String(64), nullable=False, index=True)
    day = Column(Date, nullable=False)
    words = Column(EncryptedText, nullable=False)


class ReferralRow(Base):
    """A report that was passed to a partner: which fields were shared, and on what ground."""

    __tablename__ = "report_referrals"

    id = Column(Integer, primary_key=True)
    report_id = Column(Integer, ForeignKey("reports.id"), nullable=False, index=True)
    key = Column(String(200), nullable=False, unique=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(100), nullable=False)
    partner = Column(String(64), nullable=False, index=True)
    shared = Column(JSON, nullable=False)
    consent = Column(String(32), nullable=False)
    reason = Column(EncryptedText, nullable=False)
    words = Column(EncryptedText, nullable=False)


class MergeRow(Base):
    """The status that a merged report had before, so that the merge can be undone."""

    __tablename__ = "report_merges"

    report_id = Column(Integer, ForeignKey("reports.id"), primary_key=True)
    status = Column(String(32), nullable=False)
