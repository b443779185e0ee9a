"""Signing in and out. A refusal never says whether the username exists."""

import logging
from datetime import UTC, datetime

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from bot.staff import accounts, lockout
from bot.staff.context import engine
from bot.staff.guard import IDLE, STARTED, own_path

log = logging.getLogger(__name__)


def sign_in() -> ResponseReturnValue:
    """Show the form, or try what was typed into it."""
    wanted = own_path(request.values.get("next", ""))
    onward = wanted or url_for("reports.listing")
    if request.method != "POST":
        return redirect(onward) if g.staff_user else _form(wanted, username="", refused=False)
    username = request.form.get("username", "")
    outcome = accounts.check(engine(), username, request.form.get("password", ""))
    if outcome.user is None:
        # Not the username: people type their password there by mistake.
        log.warning("a sign-in was refused: %s", outcome.result)
        return _form(wanted, username=username, refused=True), 401
    session.clear()
    login_user(outcome.user)
    session[STARTED] = datetime.now(UTC).timestamp()
    log.info("staff user %d signed in", outcome.user.id)
    return redirect(onward, 303)


def sign_out() -> ResponseReturnValue:
    """Forget the session."""
    session.clear()
    return redirect(url_for("sign_in", signed_out=1), 303)


def _form(wanted: str | None, username: str, refused: bool) -> str:
    return render_template(
        "sign_in.html",
        wanted=wanted,
        username=username,
        refused=refused,
        signed_out="signed_out" in request.args,
        most_tries=lockout.MOST_TRIES,
        locked_minutes=_minutes(lockout.LOCKED_FOR.total_seconds()),
        idle_minutes=_minutes(IDLE.total_seconds()),
    )


def _minutes(seconds: float) -> int:
    return int(seconds // 60)
