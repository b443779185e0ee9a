"""What staff users do with their own account, after saying the present password once more."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.staff import account_history, lockout, passwords
from bot.staff.account_rules import AccountError, UnusablePassword, check_password
from bot.staff.accounts import StaffUser, user_of
from bot.staff.tables import StaffUserRow


class WrongPassword(AccountError):
    """The present password is another one, or there were too many tries."""


def check_present(engine: Engine, user: StaffUser, password: str) -> None:
    """Raises WrongPassword. Wrong ones count as at signing in: a browser that was left open is no
    place to guess."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        may_try = lockout.claim_try(session, row, datetime.now(UTC))
        kept = row.password_hash
        session.commit()
        if not (passwords.matches(kept, password) and may_try):
            raise WrongPassword(
                "password_wrong", tries=lockout.MOST_TRIES, minutes=lockout.locked_minutes()
            )
        lockout.forgive(row)
        session.commit()


def end_sessions(engine: Engine, user: StaffUser) -> None:
    """Sign `user` out of every browser: a copy of the cookie opens nothing any more."""
    ended = update(StaffUserRow).where(StaffUserRow.id == user.id)
    with Session(engine) as session:
        session.execute(ended.values(sessions=StaffUserRow.sessions + 1))
        session.commit()


def change_password(engine: Engine, user: StaffUser, present: str, new: str) -> StaffUser:
    """Returns the user, whose sessions have ended. Raises WrongPassword, UnusablePassword."""
    check_present(engine, user, present)
    if passwords.alike(present, new):
        raise UnusablePassword("password_same")
    check_password(user.username, new)
    hashed = passwords.hashed(new)
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        row.password_hash, row.must_change = hashed, False
        row.sessions += 1
        account_history.record(session, row.username, row.username, "password")
        session.commit()
        return user_of(row)
