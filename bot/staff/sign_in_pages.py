"""Signing in, in one step or two, and out. A refusal never says whether the username exists."""

import logging

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.observability.metrics import metrics
from bot.staff import accounts, lockout, one_time_codes, own_account, sessions
from bot.staff.accounts import Result
from bot.staff.context import engine, settings
from bot.staff.guard import own_path
from bot.staff.rights import Right, needs

log = logging.getLogger(__name__)


def sign_in() -> ResponseReturnValue:
    """Show the form, or try what was typed into it."""
    wanted = own_path(request.values.get("next", ""))
    onward = wanted or url_for("list.listing")
    if request.method != "POST":
        return redirect(onward) if g.staff_user else _form(wanted, username="", refused=False)
    if not settings().passwords_open:
        abort(403)
    username = request.form.get("username", "")
    outcome = accounts.check(engine(), username, request.form.get("password", ""))
    metrics().sign_ins.labels("password", outcome.result).inc()
    if outcome.user is None:
        # Not the username: people type their password there by mistake.
        log.warning("a sign-in was refused: %s", outcome.result)
        return _form(wanted, username=username, refused=True), 401
    if outcome.result is Result.CODE_NEEDED:
        sessions.begin_half(outcome.user, wanted)
        return redirect(url_for("sign_in_code"), 303)
    sessions.begin(outcome.user)
    log.info("staff user %d signed in", outcome.user.id)
    return redirect(onward, 303)


def sign_in_code() -> ResponseReturnValue:
    """After the right password: ask for a one-time code, or try the one that was typed."""
    half = sessions.half() if settings().passwords_open else None
    if g.staff_user or half is None:
        return redirect(url_for("sign_in"), 303)
    user, wanted = half
    if request.method != "POST":
        return _code_form(refused=False)
    outcome = one_time_codes.check(engine(), settings(), user, request.form.get("code", ""))
    metrics().sign_ins.labels("code", outcome.result).inc()
    if outcome.user is None:
        log.warning("a one-time code was refused: %s", outcome.result)
        return _code_form(refused=True), 401
    sessions.begin(outcome.user)
    log.info("staff user %d signed in with a code", outcome.user.id)
    return redirect(wanted or url_for("list.listing"), 303)


@needs(Right.OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End the session, and those of the same person in other browsers: the cookie itself cannot be
    called back, and may have been copied."""
    session.clear()
    own_account.end_sessions(engine(), g.staff_user)
    return redirect(url_for("sign_in", signed_out=1), 303)


def _form(wanted: str | None, username: str, refused: bool) -> str:
    return render_template(
        "sign_in.html",
        wanted=wanted,
        username=username,
        refused=refused,
        signed_out="signed_out" in request.args,
        most_tries=lockout.MOST_TRIES,
        locked_minutes=lockout.locked_minutes(),
        idle_minutes=settings().staff_idle_minutes,
        passwords_open=settings().passwords_open,
        single_sign_on=settings().single_sign_on is not None,
    )


def _code_form(refused: bool) -> str:
    return render_template(
        "accounts/sign_in_code.html",
        refused=refused,
        most_tries=lockout.MOST_TRIES,
        locked_minutes=lockout.locked_minutes(),
    )
