"""One-time codes of an authenticator app (TOTP, RFC 6238), and the recovery codes beside them.

A code is good for its half minute and the ones before and after, and works once. Its secret is
encrypted with a key from SECRET_KEY. A recovery code works once; its digest is kept, which is
enough for 79 random bits.
"""

import base64
import hashlib
import logging
import re
from datetime import UTC, datetime
from typing import Any

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.staff import account_history, lockout, passwords
from bot.staff.account_rules import AccountError
from bot.staff.accounts import Outcome, Result, StaffUser, user_of
from bot.staff.managing import forget_codes
from bot.staff.tables import RecoveryCodeRow, StaffUserRow

log = logging.getLogger(__name__)

RECOVERY_CODES = 10
WINDOW = 1  # half minutes before and after that a clock may be wrong


def begin(engine: Engine, settings: Settings, user: StaffUser) -> None:
    """Make a secret that counts as soon as a code confirms it. Raises AccountError."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        if row.code_secret:
            raise AccountError("codes_on")
        row.code_secret_new = _cipher(settings).encrypt(pyotp.random_base32().encode()).decode()
        session.commit()


def waiting(engine: Engine, settings: Settings, user: StaffUser) -> str | None:
    """The secret, in base 32, that waits to be confirmed."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        return _opened(settings, row.code_secret_new)


def address(secret: str, username: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def confirm(
    engine: Engine, settings: Settings, user: StaffUser, typed: str, at: datetime | None = None
) -> tuple[StaffUser, list[str]]:
    """From now on signing in needs a code. Returns the user, whose sessions have ended, and the
    recovery codes, which cannot be read again. Raises AccountError when the code is wrong."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        secret = _opened(settings, row.code_secret_new)
        step = _step(secret, typed, at or datetime.now(UTC)) if secret else None
        if step is None:
            raise AccountError("code_wrong")
        # In one statement: a form that is sent twice at the same moment makes one set of codes.
        kept = row.code_secret_new
        is_waiting = (StaffUserRow.id == row.id) & (StaffUserRow.code_secret_new == kept)
        on = {"code_secret": kept, "code_secret_new": "", "code_step": step}
        ended = StaffUserRow.sessions + 1
        turned_on = update(StaffUserRow).where(is_waiting).values(**on, sessions=ended)
        if not _changed(session, turned_on):
            raise AccountError("codes_on")
        session.refresh(row)
        codes = _new_recovery_codes(session, row)
        account_history.record(session, row.username, row.username, "codes_on")
        session.commit()
        return user_of(row), codes


def check(
    engine: Engine, settings: Settings, user: StaffUser, typed: str, at: datetime | None = None
) -> Outcome:
    """The second step of signing in: a one-time code or a recovery code. Wrong ones are counted
    together with wrong passwords."""
    now = at or datetime.now(UTC)
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        may_try = lockout.claim_try(session, row, now)
        session.commit()
        if not may_try:
            return Outcome(Result.LOCKED)
        if not (
            _use_code(session, settings, row, typed, now) or _use_recovery(session, row, typed)
        ):
            return Outcome(Result.WRONG)
        lockout.forgive(row)
        row.last_sign_in = now
        session.commit()
        return Outcome(Result.SIGNED_IN, user_of(row))


def remove(engine: Engine, user: StaffUser) -> StaffUser:
    """Signing in needs no code any more. Returns the user, whose sessions have ended."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        forget_codes(session, row)
        row.sessions += 1
        account_history.record(session, row.username, row.username, "codes_removed")
        session.commit()
        return user_of(row)


def renew_recovery_codes(engine: Engine, user: StaffUser) -> list[str]:
    """Ten new ones; the old ones work no more. Raises AccountError without one-time codes."""
    with Session(engine) as session:
        row = session.get(StaffUserRow, user.id)
        if not row.code_secret:
            raise AccountError("codes_none")
        codes = _new_recovery_codes(session, row)
        account_history.record(session, row.username, row.username, "recovery_new")
        session.commit()
        return codes


def recovery_codes_left(engine: Engine, user: StaffUser) -> int:
    """How many have not been used."""
    query = select(func.count()).where(
        RecoveryCodeRow.user_id == user.id, RecoveryCodeRow.used_at.is_(None)
    )
    with Session(engine) as session:
        return int(session.scalar(query))


def _new_recovery_codes(session: Session, row: Any) -> list[str]:
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == row.id))
    codes = [passwords.spelled(4) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCodeRow(user_id=row.id, digest=_digest(code)) for code in codes)
    return codes


def _use_code(session: Session, settings: Settings, row: Any, typed: str, now: datetime) -> bool:
    secret = _opened(settings, row.code_secret)
    step = _step(secret, typed, now) if secret else None
    if step is None:
        return False
    # In one statement, so that one code sent twice at the same moment works once.
    is_fresh = (StaffUserRow.id == row.id) & (StaffUserRow.code_step < step)
    return _changed(session, update(StaffUserRow).where(is_fresh).values(code_step=step))


def _use_recovery(session: Session, row: Any, typed: str) -> bool:
    is_unused = (
        (RecoveryCodeRow.user_id == row.id)
        & (RecoveryCodeRow.digest == _digest(typed))
        & RecoveryCodeRow.used_at.is_(None)
    )
    used = update(RecoveryCodeRow).where(is_unused).values(used_at=datetime.now(UTC))
    if not (row.code_secret and _changed(session, used)):
        return False
    account_history.record(session, row.username, row.username, "recovery_used")
    return True


def _changed(session: Session, statement: Any) -> bool:
    return bool(session.execute(statement.execution_options(synchronize_session=False)).rowcount)


def _step(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute that the code belongs to; None when it is wrong."""
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
    except pyotp.OTPVerificationError:
        return None


def _digest(code: str) -> str:
    plain = re.sub(r"[\s-]", "", code).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()


def _cipher(settings: Settings) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(settings.secret_for("one-time codes"))))


def _opened(settings: Settings, kept: str) -> str | None:
    if not kept:
        return None
    try:
        return _cipher(settings).decrypt(kept.encode()).decode()
    except InvalidToken:
        log.error("a secret of one-time codes cannot be read: SECRET_KEY has changed since")
        return None
