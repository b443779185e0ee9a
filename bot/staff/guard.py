"""Lets nobody past without a sign-in and the right that a route needs (rights.py): a route is
closed unless it is named in OPEN, and closed to everybody when it names no right. Whoever has a
temporary password, or no one-time codes where they are required, sees to that first."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from bot.staff import accounts, sessions
from bot.staff.context import engine, settings
from bot.staff.rights import may

log = logging.getLogger(__name__)

OPEN = frozenset(
    {"sign_in", "sign_in_code", "single_sign_on.begin", "single_sign_on.back", "static", "healthz"}
)
WITHOUT_ACCOUNTS = frozenset({"static", "healthz"})
LONGEST = timedelta(hours=12)
PASSWORD_PAGES = ("account.password", "account.change_password")
CODE_PAGES = ("account.codes", "account.begin_codes", "account.confirm_codes")


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
    if not sessions.is_good(settings(), LONGEST):
        session.pop("_user_id", None)
    elif current_user.is_authenticated:
        g.staff_user = current_user._get_current_object()
        session.modified = True  # signs the cookie afresh: its age is the time since the last page
        g.comes_first = what_comes_first()
        if g.comes_first and request.endpoint not in {*OPEN, *g.comes_first, "sign_out"}:
            return redirect(url_for(g.comes_first[0]), 303)
        require_right()
        return None
    if request.endpoint in OPEN:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("sign_in", next=wanted if wanted != "/" else None))


def what_comes_first() -> tuple[str, ...]:
    """The only pages that open yet, the first of them first; empty when all do."""
    user = g.staff_user
    if sessions.by_single_sign_on():
        return ()  # the provider has passwords and codes of its own
    if user.must_change:
        return PASSWORD_PAGES
    return CODE_PAGES if settings().staff_codes_required and not user.has_codes else ()


def require_right() -> None:
    """Answer 403 when the page that was asked for needs what this staff user may not do."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN:
        return
    needed = getattr(current_app.view_functions[endpoint], "needs", None)
    if needed is None:
        log.error("the route %s names no right, and so opens to nobody", endpoint)
    if needed is None or not may(g.staff_user.role, needed):
        log.warning("staff user %d was refused what needs %s", g.staff_user.id, needed)
        abort(403)


def own_path(text: str) -> str | None:
    """`text` when it is a path on this site; None for anything that may lead elsewhere.

    Browsers read a backslash as a slash and drop tabs and line ends, so none of them may be in it.
    """
    parts = urlsplit(text)
    is_path = text.startswith("/") and not text.startswith("//") and not parts.netloc
    return text if is_path and "\\" not in text and text.isprintable() else None
