"""The tables behind the list of reports: saved views, searches, and what was taken out."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Text, UniqueConstraint

from bot.reports.encrypted import EncryptedText
from bot.reports.tables import Base, ReportRow, UtcDateTime

# All that the list filters by, so that counting and paging read a narrow index and no report.
FILTERED = (
    "status", "assignee", "answered_at", "due_at", "created_at", "level", "kind", "ward", "channel",
    "hate", "vulnerable", "repeat",
)  # fmt: skip
Index("ix_reports_filtered", *(getattr(ReportRow, name) for name in FILTERED))
Index("ix_reports_place_start", ReportRow.place_start, ReportRow.id)
Index("ix_reports_received", ReportRow.created_at, ReportRow.id)
Index("ix_reports_due", ReportRow.due_at, ReportRow.id)
# Of the reports with a status, which lists are filtered by most
Index("ix_reports_status_place", ReportRow.status, ReportRow.place_start, ReportRow.id)


class ViewRow(Base):
    """A filter of the list that somebody has named: `query` is its part of the address."""

    __tablename__ = "staff_saved_views"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id = Column(Integer, primary_key=True)
    owner = Column(String(64), nullable=False, index=True)  # a username
    name = Column(String(60), nullable=False)
    query = Column(Text, nullable=False)
    is_default = Column(Boolean, nullable=False, default=False)


class SearchRow(Base):
    """What somebody searched for, so that it stands in no address and no log. Kept for a day."""

    __tablename__ = "staff_searches"

    id = Column(String(32), primary_key=True)  # cannot be guessed
    owner = Column(String(64), nullable=False, index=True)  # a username
    words = Column(EncryptedText, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False, index=True)


class ExportRow(Base):
    """That reports were taken out, by whom and why: rows are added, never changed."""

    __tablename__ = "exports"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(64), nullable=False)  # a username
    what = Column(Text, nullable=False)  # the filter in words
    layout = Column(String(16), nullable=False)
    reports = Column(Integer, nullable=False)
    personal = Column(Boolean, nullable=False)
    reason = Column(EncryptedText, nullable=False)
