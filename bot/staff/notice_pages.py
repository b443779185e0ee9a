"""Each staff user's own choice of notices by e-mail."""

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.staff import notice_choices
from bot.staff.context import engine, settings
from bot.staff.notice_choices import Choice
from bot.staff.rights import Right, may, needs

LONGEST_EMAIL = 254  # characters, as RFC 5321 has it

notice_pages = Blueprint("notices", __name__)


@notice_pages.get("/notices")
@needs(Right.OWN_ACCOUNT)
def page() -> ResponseReturnValue:
    """What is chosen, to be changed. Viewers are told that notices are for those who act."""
    return _page(notice_choices.chosen(engine(), g.staff_user.id))


@notice_pages.post("/notices")
@needs(Right.OWN_ACCOUNT)
def choose() -> ResponseReturnValue:
    """Keep the choice, or say what is wrong with the address."""
    if not _may_have():
        abort(403)
    typed = Choice(
        email=request.form.get("email", "").strip(),
        new="new" in request.form,
        overdue="overdue" in request.form,
    )
    if problem := _problem(typed):
        return _page(typed, problem), 422
    notice_choices.choose(engine(), g.staff_user.id, typed)
    flash("saved", "notices")
    return redirect(url_for("notices.page"), 303)


def _page(choice: Choice, problem: str = "") -> str:
    return render_template(
        "notices.html",
        choice=choice,
        problem=problem,
        may_have=_may_have(),
        is_set_up=settings().mail is not None,
    )


def _may_have() -> bool:
    return may(g.staff_user.role, Right.WORK)


def _problem(typed: Choice) -> str:
    if not typed.email:
        return "email_missing" if typed.new or typed.overdue else ""
    try:
        if len(typed.email) > LONGEST_EMAIL:
            return "email_wrong"
        # The council's own mail may have names that are known inside only.
        validate_email(typed.email, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return "email_wrong"
    return ""
