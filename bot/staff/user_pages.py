"""Staff users, for administrators: who there is, adding, roles, closing, new passwords, history.

A temporary password is on the page that answers its form and nowhere else: it is not put into an
address, a cookie or the database, so that loading the page again cannot show it twice.
"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.staff import account_history, accounts, managing, passwords
from bot.staff.account_rules import AccountError, UnusableUsername, UsernameTaken
from bot.staff.context import engine, settings
from bot.staff.managing import Account
from bot.staff.paging import paging
from bot.staff.rights import Right, Role, needs

SHOWN = 20  # lines of the history on the page of one account

user_pages = Blueprint("users", __name__)


@user_pages.get("/users")
@needs(Right.MANAGE_ACCOUNTS)
def listing() -> ResponseReturnValue:
    """Everybody who may sign in, or could once."""
    return render_template("accounts/users.html", accounts=managing.everyone(engine()))


@user_pages.get("/users/new")
@needs(Right.MANAGE_ACCOUNTS)
def form() -> ResponseReturnValue:
    """The form for a new account."""
    return _form({}, "", Role.OFFICER)


@user_pages.post("/users/new")
@needs(Right.MANAGE_ACCOUNTS)
def add() -> ResponseReturnValue:
    """Make an account with a temporary password, which is shown once."""
    username, chosen = request.form.get("username", ""), request.form.get("role", "")
    if chosen not in list(Role):
        return _form({"role": AccountError("role_unknown")}, username, None), 422
    role, password = Role(chosen), passwords.temporary()
    try:
        user = accounts.add(engine(), username, password, role, _me(), must_change=True)
    except (UnusableUsername, UsernameTaken) as error:
        return _form({"username": error}, username, role), 422
    if not settings().passwords_open:
        flash("added")
        return redirect(url_for("users.one", id=user.id), 303)
    return render_template("accounts/temporary.html", user=user, password=password, new=True)


@user_pages.get("/users/history")
@needs(Right.MANAGE_ACCOUNTS)
def history() -> ResponseReturnValue:
    """Every change of every account, the newest first, a page at a time."""
    pages = paging(account_history.count(engine()))
    changes = account_history.newest(engine(), pages.size, pages.start)
    return render_template("accounts/history.html", changes=changes, paging=pages)


@user_pages.get("/users/<int:id>")
@needs(Right.MANAGE_ACCOUNTS)
def one(id: int) -> ResponseReturnValue:
    """One account, and what can be done with it."""
    return _page(_account(id))


@user_pages.post("/users/<int:id>/role")
@needs(Right.MANAGE_ACCOUNTS)
def set_role(id: int) -> ResponseReturnValue:
    chosen = request.form.get("role", "")
    if chosen not in list(Role):
        return _page(_account(id), {"role": AccountError("role_unknown")}), 422
    return _do(id, "role", lambda: managing.set_role(engine(), id, Role(chosen), _me()))


@user_pages.post("/users/<int:id>/close")
@needs(Right.MANAGE_ACCOUNTS)
def close(id: int) -> ResponseReturnValue:
    return _do(id, "closed", lambda: managing.close(engine(), id, _me()))


@user_pages.post("/users/<int:id>/open")
@needs(Right.MANAGE_ACCOUNTS)
def reopen(id: int) -> ResponseReturnValue:
    return _do(id, "reopened", lambda: managing.reopen(engine(), id, _me()))


@user_pages.post("/users/<int:id>/reset")
@needs(Right.MANAGE_ACCOUNTS)
def reset(id: int) -> ResponseReturnValue:
    """Give somebody else a temporary password, which is shown once."""
    account = _somebody_elses(id)
    password = managing.reset(engine(), id, _me())
    return render_template(
        "accounts/temporary.html", user=account.user, password=password, new=False
    )


@user_pages.post("/users/<int:id>/codes-off")
@needs(Right.MANAGE_ACCOUNTS)
def codes_off(id: int) -> ResponseReturnValue:
    _somebody_elses(id)
    return _do(id, "codes_off", lambda: managing.turn_codes_off(engine(), id, _me()))


@user_pages.post("/users/<int:id>/unlink")
@needs(Right.MANAGE_ACCOUNTS)
def unlink(id: int) -> ResponseReturnValue:
    return _do(id, "unlinked", lambda: managing.unlink(engine(), id, _me()))


def _do(id: int, said: str, action: Callable[[], None]) -> ResponseReturnValue:
    account = _account(id)
    try:
        action()
    except AccountError as error:
        return _page(account, {"role" if said == "role" else "close": error}), 422
    flash(said)
    return redirect(url_for("users.one", id=id), 303)


def _account(id: int) -> Account:
    account = managing.one(engine(), id)
    if account is None:
        abort(404)
    return account


def _somebody_elses(id: int) -> Account:
    """One's own password and codes are changed under "Your account", which asks for the present
    password: a browser that was left open is not enough."""
    account = _account(id)
    if id == g.staff_user.id or not settings().passwords_open:
        abort(403)
    return account


def _me() -> str:
    return str(g.staff_user.username)


def _form(errors: dict[str, AccountError], username: str, role: Role | None) -> str:
    return render_template(
        "accounts/new_user.html", errors=errors, username=username, role=role, roles=list(Role)
    )


def _page(account: Account, errors: dict[str, AccountError] | None = None) -> str:
    username = account.user.username
    return render_template(
        "accounts/user.html",
        account=account,
        errors=errors or {},
        roles=list(Role),
        changes=account_history.newest(engine(), SHOWN, whom=username),
        total=account_history.count(engine(), username),
        own=account.user.id == g.staff_user.id,
        passwords_open=settings().passwords_open,
    )
