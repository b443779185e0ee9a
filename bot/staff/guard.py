"""Lets nobody past without a sign-in: a route is closed unless it is named in OPEN."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from bot.staff import accounts
from bot.staff.context import engine

OPEN = frozenset({"sign_in", "static", "healthz"})
WITHOUT_ACCOUNTS = frozenset({"static", "healthz"})
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
STARTED = "signed_in_at"


def protect(app: Flask) -> None:
    """Put the guard in front of every request, known address or not."""
    # Without Flask-Login's context processor an error page needs no database.
    manager = LoginManager(app, add_context_processor=False)
    manager.user_loader(lambda session_id: accounts.find(engine(), session_id))
    app.before_request(require_sign_in)


def require_sign_in() -> ResponseReturnValue | None:
    """Send whoever is not signed in to the sign-in page, and remember what they asked for."""
    g.staff_user = None
    if request.endpoint in WITHOUT_ACCOUNTS:
        return None
    if session.get(STARTED, 0) < (datetime.now(UTC) - LONGEST).timestamp():
        session.pop("_user_id", None)
    elif current_user.is_authenticated:
        g.staff_user = current_user._get_current_object()
        session.modified = True  # signs the cookie afresh: its age is the time since the last page
        return None
    if request.endpoint in OPEN:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("sign_in", next=wanted if wanted != "/" else None))


def own_path(text: str) -> str | None:
    """`text` when it is a path on this site; None for anything that may lead elsewhere.

    Browsers read a backslash as a slash and drop tabs and line ends, so none of them may be in it.
    """
    parts = urlsplit(text)
    is_path = text.startswith("/") and not text.startswith("//") and not parts.netloc
    return text if is_path and "\\" not in text and text.isprintable() else None
