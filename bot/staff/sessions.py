"""What the signed cookie of a staff user holds: who they are, since when, and how they came in.

Every step begins with an empty session, so that nothing planted before it lasts.
"""

from datetime import UTC, datetime, timedelta

from flask import session
from flask_login import login_user

from bot.settings import Settings
from bot.staff import accounts
from bot.staff.accounts import StaffUser
from bot.staff.context import engine

LONGEST_HALF = timedelta(minutes=10)  # from the right password to the code
STARTED = "signed_in_at"
HOW = "signed_in_by"
HALF = "half_signed_in"
PASSWORD = "password"  # noqa: S105
SINGLE_SIGN_ON = "single sign-on"


def begin(user: StaffUser, how: str = PASSWORD) -> None:
    """Sign `user` in, in a session of its own."""
    session.clear()
    login_user(user)
    session[STARTED] = _now()
    session[HOW] = how


def go_on(user: StaffUser) -> None:
    """Keep the browser signed in whose user has just ended all sessions of their own."""
    started, how = session[STARTED], session[HOW]
    begin(user, how)
    session[STARTED] = started  # the day's end stays where it was


def is_good(settings: Settings, longest: timedelta) -> bool:
    """Whether the session is young enough, and began in a way that is still open."""
    young = session.get(STARTED, 0) >= _now() - longest.total_seconds()
    still_open = settings.single_sign_on if by_single_sign_on() else settings.passwords_open
    return young and bool(still_open)


def by_single_sign_on() -> bool:
    """Whether the provider vouched for whoever is signed in."""
    return session.get(HOW) == SINGLE_SIGN_ON


def begin_half(user: StaffUser, wanted: str | None) -> None:
    """Remember that the password was right. This opens no page but the one for the code."""
    session.clear()
    session[HALF] = {"id": user.get_id(), "at": _now(), "wanted": wanted}


def half() -> tuple[StaffUser, str | None] | None:
    """Who still has to give a code, and the page they wanted."""
    kept = session.get(HALF)
    if not kept or kept["at"] < _now() - LONGEST_HALF.total_seconds():
        return None
    user = accounts.find(engine(), kept["id"])
    return (user, kept["wanted"]) if user else None


def _now() -> float:
    return datetime.now(UTC).timestamp()
