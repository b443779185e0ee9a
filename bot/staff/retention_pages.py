"""Legal holds of a report, and what was purged and would go next."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from bot.reports.changing import Refused
from bot.reports.model import SavedReport
from bot.retention import holds, purge, register, runs
from bot.staff import purge_lines
from bot.staff.context import engine, settings
from bot.staff.form_checks import asked, at_most, needed, tidy
from bot.staff.labels import label
from bot.staff.paging import paging
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs

SHOWN = 200  # references of one rule
RUNS_SHOWN = 7

retention_pages = Blueprint("retention", __name__)


@retention_pages.get("/retention")
@needs(Right.REDACT)
def page() -> ResponseReturnValue:
    """The holds, the last runs and the register; with ?look=1 also what would go now, which reads
    much and so is only worked out when somebody asks."""
    pages = paging(register.count(engine()))
    plan = purge.plan(settings(), engine()) if "look" in request.args else None
    return render_template(
        "retention.html",
        lines=register.newest(engine(), pages.size, pages.start),
        paging=pages,
        runs=[(run, list(purge_lines.of_run(run))) for run in runs.newest(engine(), RUNS_SHOWN)],
        holds=holds.active(engine()),
        hour=settings().retention.purge_hour,
        plan=None if plan is None else list(purge_lines.of_plan(plan, SHOWN)),
    )


@retention_pages.get("/reports/<reference>/hold")
@needs(Right.REDACT)
def hold(reference: str) -> ResponseReturnValue:
    """Ask why a report is put under hold, or why its hold is lifted."""
    report = report_named(reference)
    return _hold_page(report, _form(_is_held(report)))


@retention_pages.post("/reports/<reference>/hold")
@needs(Right.REDACT)
def put_or_lift(reference: str) -> ResponseReturnValue:
    """Put it under hold, or lift the hold: as the form says, which may have been overtaken."""
    report = report_named(reference)
    lifts = request.form.get("do") == "lift"
    made = _form(lifts)
    if not made.validate():
        return _hold_page(report, made), 422
    act = holds.lift if lifts else holds.put
    try:
        act(engine(), report.reference, g.staff_user.username, made.reason.data)
    except Refused as refused:
        return _hold_page(report, made, label("refused", refused.reason)), 409
    flash("lifted" if lifts else "held", "hold")
    return redirect(url_for("reports.one", reference=report.reference), 303)


def _is_held(report: SavedReport) -> bool:
    return any(one.lifted_at is None for one in holds.of_report(engine(), report.reference))


def _hold_page(report: SavedReport, form: Any, refused: str = "") -> str:
    return render_template(
        "hold.html",
        report=report,
        form=form,
        refused=refused,
        holds=holds.of_report(engine(), report.reference),
    )


def _form(lifts: bool) -> Any:
    words = asked("hold_why") if lifts else asked("hold_reason")

    class HoldForm(FlaskForm):
        reason = TextAreaField(
            **words, filters=[tidy], validators=[needed("why"), at_most(holds.LONGEST_REASON)]
        )

    return HoldForm()
