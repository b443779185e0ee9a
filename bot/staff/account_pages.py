"""One's own account: the password, and one-time codes.

Recovery codes are on the page that answers a form and nowhere else, like a temporary password.
"""

import segno
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.staff import one_time_codes, own_account, sessions
from bot.staff.account_rules import SHORTEST_PASSWORD, AccountError
from bot.staff.context import engine, settings
from bot.staff.labels import label
from bot.staff.rights import Right, needs

account_pages = Blueprint("account", __name__)


@account_pages.before_request
def only_with_passwords() -> None:
    """Where only the provider signs people in, there is no password and no code to look after."""
    if not settings().passwords_open and request.endpoint != "account.page":
        abort(404)


@account_pages.get("/account")
@needs(Right.OWN_ACCOUNT)
def page() -> ResponseReturnValue:
    """What there is to look after."""
    return _page({})


@account_pages.get("/account/password")
@needs(Right.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """The form for another password."""
    return _password_form({})


@account_pages.post("/account/password")
@needs(Right.OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change it; every other browser of this staff user is signed out."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _password_form({"again": AccountError("password_again")}), 422
    try:
        user = own_account.change_password(
            engine(), g.staff_user, request.form.get("present", ""), new
        )
    except own_account.WrongPassword as error:
        return _password_form({"present": error}), 422
    except AccountError as error:
        return _password_form({"new": error}), 422
    sessions.go_on(user)
    flash("password")
    return redirect(url_for("account.page"), 303)


@account_pages.get("/account/codes")
@needs(Right.OWN_ACCOUNT)
def codes() -> ResponseReturnValue:
    """The QR code, if setting up has begun; else the button that begins."""
    if g.staff_user.has_codes:
        return redirect(url_for("account.page"))
    return _codes_form({})


@account_pages.post("/account/codes")
@needs(Right.OWN_ACCOUNT)
def begin_codes() -> ResponseReturnValue:
    """Make the secret that the app is to learn."""
    try:
        one_time_codes.begin(engine(), settings(), g.staff_user)
    except AccountError:
        flash("codes_on")
        return redirect(url_for("account.page"), 303)
    return redirect(url_for("account.codes"), 303)


@account_pages.post("/account/codes/confirm")
@needs(Right.OWN_ACCOUNT)
def confirm_codes() -> ResponseReturnValue:
    """The first code of the app: from now on it counts. Shows the recovery codes."""
    if g.staff_user.has_codes:
        flash("codes_on")
        return redirect(url_for("account.page"), 303)
    typed = request.form.get("code", "")
    try:
        user, recovery = one_time_codes.confirm(engine(), settings(), g.staff_user, typed)
    except AccountError as error:
        return _codes_form({"code": error}), 422
    sessions.go_on(user)
    g.staff_user, g.comes_first = user, ()
    return render_template("accounts/recovery_codes.html", codes=recovery, new=True)


@account_pages.post("/account/codes/recovery")
@needs(Right.OWN_ACCOUNT)
def renew_recovery() -> ResponseReturnValue:
    """Ten new recovery codes in place of the old ones, after the password."""
    try:
        own_account.check_present(engine(), g.staff_user, request.form.get("password", ""))
        recovery = one_time_codes.renew_recovery_codes(engine(), g.staff_user)
    except AccountError as error:
        return _page({"recovery-password": error}), 422
    return render_template("accounts/recovery_codes.html", codes=recovery, new=False)


@account_pages.post("/account/codes/remove")
@needs(Right.OWN_ACCOUNT)
def remove_codes() -> ResponseReturnValue:
    """Sign in with the password alone again, after saying it."""
    try:
        own_account.check_present(engine(), g.staff_user, request.form.get("password", ""))
    except AccountError as error:
        return _page({"remove-password": error}), 422
    sessions.go_on(one_time_codes.remove(engine(), g.staff_user))
    flash("codes_removed")
    return redirect(url_for("account.page"), 303)


def _page(errors: dict[str, AccountError]) -> str:
    return render_template(
        "accounts/account.html",
        errors=errors,
        left=one_time_codes.recovery_codes_left(engine(), g.staff_user),
        most=one_time_codes.RECOVERY_CODES,
        passwords_open=settings().passwords_open,
        required=settings().staff_codes_required,
        single_sign_on=sessions.by_single_sign_on(),
    )


def _password_form(errors: dict[str, AccountError]) -> str:
    return render_template(
        "accounts/password.html",
        errors=errors,
        shortest=SHORTEST_PASSWORD,
        must=g.staff_user.must_change,
    )


def _codes_form(errors: dict[str, AccountError]) -> str:
    secret = one_time_codes.waiting(engine(), settings(), g.staff_user)
    picture = ""
    if secret:
        issuer = label("one_time_codes", "issuer")
        learn = segno.make(one_time_codes.address(secret, g.staff_user.username, issuer))
        picture = learn.svg_inline(scale=5, border=4, light="#fff", omitsize=True)
    return render_template(
        "accounts/codes.html",
        errors=errors,
        secret=secret,
        picture=picture,
        required=settings().staff_codes_required,
    )
