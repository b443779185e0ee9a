"""Staff users: who may sign in, and whether a username and password belong together.

An unknown username costs the same slow hash as a known one, so that the wait tells nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.staff import account_history, lockout, passwords
from bot.staff.account_rules import (
    AccountError,
    PasswordTooShort,
    UnusableUsername,
    UsernameTaken,
    check_password,
    check_username,
    tidy,
)
from bot.staff.roles import Role
from bot.staff.tables import StaffUserRow

__all__ = ["AccountError", "PasswordTooShort", "UnusableUsername", "UsernameTaken"]


def add(
    engine: Engine, username: str, password: str, role: Role = Role.OFFICER,
    by: str = account_history.COMMAND, must_change: bool = False,
) -> "StaffUser":  # fmt: skip
    """Make an account. `must_change`: the password is only good for choosing another.

    Raises AccountError with a text for the person who is adding it.
    """
    name = tidy(username)
    check_username(name)
    check_password(name, password)
    row = StaffUserRow(
        username=name,
        role=role.value,
        active=True,
        password_hash=passwords.hashed(password),
        must_change=must_change,
        created_at=datetime.now(UTC),
        failed_count=0,
    )
    with Session(engine) as session:
        session.add(row)
        account_history.record(session, by, name, "added", role.value)
        try:
            session.commit()
        except IntegrityError:
            raise UsernameTaken("username_taken", name=name) from None
        return user_of(row)


def check(engine: Engine, username: str, password: str, at: datetime | None = None) -> "Outcome":
    """Try to sign in, `at` this moment unless a test says otherwise.

    With one-time codes the right password ends in CODE_NEEDED, and wrong tries are not forgiven
    before the code is right too: else whoever has the password could guess codes for ever.
    """
    now = at or datetime.now(UTC)
    kept = passwords.decoy()
    with Session(engine) as session:
        row = session.scalar(select(StaffUserRow).where(StaffUserRow.username == tidy(username)))
        may_try = row is not None and lockout.claim_try(session, row, now)
        kept = row.password_hash if row else kept
        session.commit()  # no transaction stays open during the slow hash
        is_right = passwords.matches(kept, password)
        is_open = row is None or (row.active and row.password_hash == kept)  # as it is by now
        if row is None or not (may_try and is_right and is_open):
            return Outcome(Result.WRONG if row is None or may_try else Result.LOCKED)
        if passwords.is_outdated(kept):
            row.password_hash = passwords.hashed(password)
        if row.code_secret:
            lockout.give_back_try(session, row)
        else:
            lockout.forgive(row)
            row.last_sign_in = now
        session.commit()
        needed = Result.CODE_NEEDED if row.code_secret else Result.SIGNED_IN
        return Outcome(needed, user_of(row))


def find(engine: Engine, session_id: str) -> "StaffUser | None":
    """The staff user of a session; None when the password has changed since it began, the
    account was closed, or an administrator changed it."""
    number = session_id.partition(".")[0]
    with Session(engine) as session:
        row = session.get(StaffUserRow, int(number)) if number.isdecimal() else None
        user = user_of(row) if row and row.active else None
    return user if user and user.get_id() == session_id else None


class Result(StrEnum):
    """How a try to sign in ended. The page words WRONG and LOCKED alike: who exists is secret."""

    SIGNED_IN = "signed_in"
    CODE_NEEDED = "code_needed"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class StaffUser:
    """Somebody who may sign in, as Flask-Login wants them. `stamp` changes with the password, the
    role and whatever else ends the sessions that have begun. `must_change`: the password is a
    temporary one. `has_codes`: signing in needs a one-time code."""

    id: int
    username: str
    stamp: str
    role: Role
    must_change: bool = False
    has_codes: bool = False
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        return f"{self.id}.{self.stamp}"


@dataclass(frozen=True)
class Outcome:
    """The result of a try, and who signed in or has to give a code."""

    result: Result
    user: StaffUser | None = None


def user_of(row: Any) -> StaffUser:
    """What the site needs of a row of the table."""
    parts = f"{row.password_hash} {row.role} {row.sessions}"
    return StaffUser(
        id=row.id,
        username=row.username,
        stamp=hashlib.sha256(parts.encode()).hexdigest()[:16],
        role=Role(row.role),
        must_change=row.must_change,
        has_codes=bool(row.code_secret),
    )
