"""What an administrator does with somebody else's account: role, closing, a new password.

Each change ends the sessions of that staff user, and is a line in the history, in one transaction.
There is always an administrator left who can sign in.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.staff import account_history, accounts, lockout, passwords
from bot.staff.account_rules import AccountError, tidy
from bot.staff.accounts import StaffUser
from bot.staff.roles import Role
from bot.staff.tables import RecoveryCodeRow, StaffUserRow


@dataclass(frozen=True)
class Account:
    """A staff user as administrators see them; times are in UTC. `locked`: after wrong tries."""

    user: StaffUser
    active: bool
    locked: bool
    single_sign_on: bool
    created_at: datetime
    last_sign_in: datetime | None


def everyone(engine: Engine) -> list[Account]:
    """All accounts, the open ones first, by username."""
    order = (StaffUserRow.active.desc(), StaffUserRow.username)
    with Session(engine) as session:
        return [_account(row) for row in session.scalars(select(StaffUserRow).order_by(*order))]


def one(engine: Engine, id: int) -> Account | None:
    """The account with this number."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, id)
        return _account(row) if row else None


def number_of(engine: Engine, username: str) -> int:
    """The number of the account with this username. Raises NoAccount."""
    with Session(engine) as session:
        id = session.scalar(select(StaffUserRow.id).where(StaffUserRow.username == tidy(username)))
    if id is None:
        raise NoAccount
    return int(id)


def set_role(engine: Engine, id: int, role: Role, by: str) -> None:
    """Raises NoAccount, or LastAdministrator when nobody else could do this."""
    with Session(engine) as session:
        row = _claimed(session, id)
        if row.role != role:
            if role is not Role.ADMINISTRATOR:
                _keep_an_administrator(session, row)
            row.role = role.value
            account_history.record(session, by, row.username, "role", role.value)
            session.commit()


def close(engine: Engine, id: int, by: str) -> None:
    """Let nobody sign in with the account. Raises NoAccount, LastAdministrator."""
    with Session(engine) as session:
        row = _claimed(session, id)
        if row.active:
            _keep_an_administrator(session, row)
            row.active = False
            account_history.record(session, by, row.username, "closed")
            session.commit()


def reopen(engine: Engine, id: int, by: str) -> None:
    """Let a closed account sign in again. Raises NoAccount."""
    with Session(engine) as session:
        row = _claimed(session, id)
        if not row.active:
            row.active = True
            lockout.forgive(row)
            account_history.record(session, by, row.username, "reopened")
            session.commit()


def reset(engine: Engine, id: int, by: str) -> str:
    """Give the account a temporary password, which is returned and kept nowhere; it ends a lock
    too. Raises NoAccount."""
    password = passwords.temporary()
    hashed = passwords.hashed(password)
    with Session(engine) as session:
        row = _claimed(session, id)
        row.password_hash, row.must_change = hashed, True
        lockout.forgive(row)
        account_history.record(session, by, row.username, "reset")
        session.commit()
    return password


def turn_codes_off(engine: Engine, id: int, by: str) -> None:
    """For somebody who has lost the telephone and the recovery codes. Raises NoAccount."""
    with Session(engine) as session:
        row = _claimed(session, id)
        if row.code_secret or row.code_secret_new:
            forget_codes(session, row)
            account_history.record(session, by, row.username, "codes_off")
            session.commit()


def unlink(engine: Engine, id: int, by: str) -> None:
    """Forget who the account is at the single sign-on: whoever has its username there next is
    taken for its owner. Raises NoAccount."""
    with Session(engine) as session:
        row = _claimed(session, id)
        if row.single_sign_on:
            row.single_sign_on = None
            account_history.record(session, by, row.username, "unlinked")
            session.commit()


def forget_codes(session: Session, row: Any) -> None:
    """Take secrets and recovery codes away from a row, in the caller's transaction."""
    row.code_secret = row.code_secret_new = ""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == row.id))


class NoAccount(LookupError):
    """There is no account with this number or name."""


class LastAdministrator(AccountError):
    """Nobody would be left to look after the accounts."""


def _claimed(session: Session, id: int) -> Any:
    """The row, with its sessions ended, and no one else's change between this and the commit.

    PostgreSQL waits for the administrators' rows, SQLite for its one writer.
    """
    administrators = select(StaffUserRow.id).where(_is_administrator()).order_by(StaffUserRow.id)
    session.execute(administrators.with_for_update()).all()
    ended = update(StaffUserRow).where(StaffUserRow.id == id)
    changed = session.execute(
        ended.values(sessions=StaffUserRow.sessions + 1).execution_options(
            synchronize_session=False
        )
    )
    if not changed.rowcount:
        raise NoAccount
    return session.get(StaffUserRow, id)


def _keep_an_administrator(session: Session, row: Any) -> None:
    others = select(func.count()).where(_is_administrator(), StaffUserRow.id != row.id)
    if row.active and row.role == Role.ADMINISTRATOR and not session.scalar(others):
        raise LastAdministrator("last_administrator")


def _is_administrator() -> Any:
    return (StaffUserRow.role == Role.ADMINISTRATOR.value) & StaffUserRow.active.is_(True)


def _account(row: Any) -> Account:
    return Account(
        user=accounts.user_of(row),
        active=row.active,
        locked=row.locked_until is not None and row.locked_until > datetime.now(UTC),
        single_sign_on=bool(row.single_sign_on),
        created_at=row.created_at,
        last_sign_in=row.last_sign_in,
    )
