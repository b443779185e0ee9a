"""The database table of staff users, on the reports' own base so that one history serves both."""

from sqlalchemy import Column, Integer, String, Text

from bot.reports.tables import Base, UtcDateTime


class StaffUserRow(Base):
    """One person who may sign in. `failed_count` counts the tries since the last good one."""

    __tablename__ = "staff_users"

    id = Column(Integer, primary_key=True)
    username = Column(String(64), nullable=False, unique=True)
    password_hash = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    failed_count = Column(Integer, nullable=False, default=0)
    locked_until = Column(UtcDateTime, nullable=True)
    last_sign_in = Column(UtcDateTime, nullable=True)
