"""The database tables of staff users, on the reports' own base so that one history serves both."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text

from bot.reports.tables import Base, UtcDateTime


class StaffUserRow(Base):
    """One person who may sign in. `failed_count` counts the tries since the last good one.

    A row is never deleted: usernames stand in the timelines of reports. `sessions` goes up when the
    sessions that have begun must end. The secrets of one-time codes are encrypted; the new one
    waits for the code that confirms it. `single_sign_on` is a digest of who the provider says it
    is.
    """

    __tablename__ = "staff_users"

    id = Column(Integer, primary_key=True)
    username = Column(String(64), nullable=False, unique=True)
    role = Column(String(32), nullable=False)
    active = Column(Boolean, nullable=False, default=True)
    password_hash = Column(Text, nullable=False)
    must_change = Column(Boolean, nullable=False, default=False)  # the password is a temporary one
    created_at = Column(UtcDateTime, nullable=False)
    failed_count = Column(Integer, nullable=False, default=0)
    locked_until = Column(UtcDateTime, nullable=True)
    last_sign_in = Column(UtcDateTime, nullable=True)
    sessions = Column(Integer, nullable=False, default=0)
    code_secret = Column(Text, nullable=False, default="")
    code_secret_new = Column(Text, nullable=False, default="")
    code_step = Column(Integer, nullable=False, default=0)  # the half minute of the last good code
    single_sign_on = Column(String(64), nullable=True, unique=True)


class RecoveryCodeRow(Base):
    """The digest of one code that takes the place of a one-time code, once."""

    __tablename__ = "staff_recovery_codes"

    id = Column(Integer, primary_key=True)
    user_id = Column(Integer, ForeignKey("staff_users.id"), nullable=False, index=True)
    digest = Column(String(64), nullable=False)
    used_at = Column(UtcDateTime, nullable=True)


class AccountChangeRow(Base):
    """One change of an account: rows are added, never changed. `by` and `whom` are usernames,
    but `by` is "command" when the `assistant` command did it."""

    __tablename__ = "staff_account_changes"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    by = Column(String(64), nullable=False)
    whom = Column(String(64), nullable=False, index=True)
    what = Column(String(64), nullable=False)
    detail = Column(String(64), nullable=False, default="")
