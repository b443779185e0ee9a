"""Opening the personal data of a report, with a reason; and who has opened what, for managers."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.reports import openings
from bot.reports.model import SavedReport
from bot.staff.context import engine
from bot.staff.labels import label
from bot.staff.paging import paging
from bot.staff.personal import opening_form
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs

AFTERWARDS = frozenset({"reports.one", "print.page", "redaction.form"})

personal_pages = Blueprint("personal", __name__)


@personal_pages.get("/reports/<reference>/open")
@needs(Right.OPEN_PERSONAL)
def opening(reference: str) -> ResponseReturnValue:
    """Ask why."""
    report = report_named(reference)
    return _asked(report, opening_form(), request.args.get("then", ""))


@personal_pages.post("/reports/<reference>/open")
@needs(Right.OPEN_PERSONAL)
def open_now(reference: str) -> ResponseReturnValue:
    """Record the reason, and go on to what was asked for."""
    report = report_named(reference)
    form, then = opening_form(), request.form.get("then", "")
    if not form.validate():
        return _asked(report, form, then), 422
    reason, words = form.reason.data, form.words.data
    # The words stand in the list of openings only: the timeline takes nothing back.
    openings.open_personal(
        engine(), report.reference, g.staff_user.username, reason, words,
        label("opening_reason", reason),
    )  # fmt: skip
    endpoint = then if then in AFTERWARDS else "reports.one"
    personal = 1 if endpoint == "print.page" else None
    return redirect(url_for(endpoint, reference=report.reference, personal=personal), 303)


@personal_pages.get("/openings")
@needs(Right.REDACT)
def listing() -> ResponseReturnValue:
    """Every opening, the newest first."""
    pages = paging(openings.count(engine()))
    return render_template(
        "openings.html",
        openings=openings.newest(engine(), pages.size, pages.start),
        paging=pages,
    )


def _asked(report: SavedReport, form: Any, then: str) -> str:
    return render_template("opening.html", report=report, opening_form=form, then=then)
