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

from bot.staff import lockout, passwords
from bot.staff.tables import StaffUserRow

SHORTEST_PASSWORD = 12
LONGEST_USERNAME = 64


def add(engine: Engine, username: str, password: str) -> "StaffUser":
    """Make an account. Raises AccountError with a text for the person who is adding it."""
    name = _tidy(username)
    if not name or len(name) > LONGEST_USERNAME or not name.isprintable():
        raise UnusableUsername(f"A username has 1 to {LONGEST_USERNAME} characters.")
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(
            f"A password has at least {SHORTEST_PASSWORD} characters. "
            "Three or four random words make a good one."
        )
    row = StaffUserRow(
        username=name,
        password_hash=passwords.hashed(password),
        created_at=datetime.now(UTC),
        failed_count=0,
    )
    with Session(engine) as session:
        session.add(row)
        try:
            session.commit()
        except IntegrityError:
            raise UsernameTaken(f"There is already a staff user called {name}.") from None
        return _user(row)


def check(engine: Engine, username: str, password: str, at: datetime | None = None) -> "Outcome":
    """Try to sign in, `at` this moment unless a test says otherwise."""
    now = at or datetime.now(UTC)
    kept = passwords.decoy()
    with Session(engine) as session:
        row = session.scalar(select(StaffUserRow).where(StaffUserRow.username == _tidy(username)))
        may_try = row is not None and lockout.claim_try(session, row, now)
        kept = row.password_hash if row else kept
        session.commit()  # no transaction stays open during the slow hash
        is_right = passwords.matches(kept, password)
        if row is None or not (may_try and is_right):
            return Outcome(Result.WRONG if row is None or may_try else Result.LOCKED)
        lockout.forgive(row)
        row.last_sign_in = now
        if passwords.is_outdated(kept):
            row.password_hash = passwords.hashed(password)
        session.commit()
        return Outcome(Result.SIGNED_IN, _user(row))


def find(engine: Engine, session_id: str) -> "StaffUser | None":
    """The staff user of a session, or None when the password has changed since it began."""
    number = session_id.partition(".")[0]
    with Session(engine) as session:
        row = session.get(StaffUserRow, int(number)) if number.isdecimal() else None
        user = _user(row) if row else None
    return user if user and user.get_id() == session_id else None


class AccountError(ValueError):
    """An account cannot be made; the text says why and what would do."""


class UnusableUsername(AccountError):
    """Nothing was typed, or too much."""


class PasswordTooShort(AccountError):
    """The password is too easy to guess."""


class UsernameTaken(AccountError):
    """Somebody has this username."""


class Result(StrEnum):
    """How a try to sign in ended. The page words WRONG and LOCKED alike: who exists is secret."""

    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class StaffUser:
    """Somebody who may sign in, as Flask-Login wants them. `stamp` changes with the password."""

    id: int
    username: str
    stamp: str
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        return f"{self.id}.{self.stamp}"


@dataclass(frozen=True)
class Outcome:
    """The result of a try, and who signed in."""

    result: Result
    user: StaffUser | None = None


def _tidy(username: str) -> str:
    return username.strip().casefold()


def _user(row: Any) -> StaffUser:
    stamp = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    return StaffUser(id=row.id, username=row.username, stamp=stamp)
