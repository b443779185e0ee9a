"""Safety warnings: the list of all, setting one from a report, and ending one."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from bot.reports import safety
from bot.reports.changing import Refused, Stale
from bot.reports.model import SHORT_LIMIT, SavedReport
from bot.staff.context import engine
from bot.staff.form_checks import DayField, a_day, asked, at_most, complain, needed, one_of, tidy
from bot.staff.labels import label, labels
from bot.staff.personal import covering
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs

warning_pages = Blueprint("warnings", __name__)


@warning_pages.get("/warnings")
@needs(Right.READ)
def listing() -> ResponseReturnValue:
    """Those that apply today, then those that have ended."""
    every = safety.every(engine())
    return render_template(
        "warnings.html",
        active=[one for one in every if one.active],
        ended=[one for one in every if not one.active],
        seen=covering(one.reference for one in every),
    )


@warning_pages.get("/reports/<reference>/warning")
@needs(Right.WORK)
def form(reference: str) -> ResponseReturnValue:
    """The form for a new warning, with the place of the report filled in."""
    report = report_named(reference)
    made = _form()
    made.place.data, made.version.data = report.place, report.version
    return _page(report, made)


@warning_pages.post("/reports/<reference>/warning")
@needs(Right.WORK)
def set_one(reference: str) -> ResponseReturnValue:
    """Set it."""
    report = report_named(reference)
    made = _form()
    if not made.validate():
        return _page(report, made), 422
    try:
        safety.set_warning(
            engine(), report.reference, made.version.data, g.staff_user.username,
            made.about.data, made.place.data, made.words.data, made.until.day,
            label("warning_about", made.about.data),
        )  # fmt: skip
    except Stale as stale:
        made.version.data = report.version
        return _page(report, made, since=stale.since), 409
    except Refused as refused:
        return _page(report, made, refused=label("refused", refused.reason)), 422
    return redirect(url_for("reports.one", reference=report.reference), 303)


@warning_pages.get("/warnings/<int:id>/end")
@needs(Right.WORK)
def ending(id: int) -> ResponseReturnValue:
    """Ask why it ends."""
    return _end_page(id, _end_form())


@warning_pages.post("/warnings/<int:id>/end")
@needs(Right.WORK)
def end_one(id: int) -> ResponseReturnValue:
    """End it."""
    made = _end_form()
    if not made.validate():
        return _end_page(id, made), 422
    try:
        if safety.end_warning(engine(), id, g.staff_user.username, made.why.data) is None:
            abort(404)
    except Refused as refused:
        return _end_page(id, made, label("refused", refused.reason)), 422
    return redirect(url_for("warnings.listing"), 303)


def _page(report: SavedReport, form: Any, **more: Any) -> str:
    return render_template(
        "warning.html", report=report, form=form, **{"since": [], "refused": "", **more}
    )


def _end_page(id: int, form: Any, refused: str = "") -> str:
    warning = safety.get(engine(), id)
    if warning is None:
        abort(404)
    return render_template("warning_end.html", warning=warning, form=form, refused=refused)


def _form() -> Any:
    class WarningForm(FlaskForm):
        version = IntegerField(widget=HiddenInput())
        about = RadioField(
            **asked("warning_about"),
            choices=list(labels()["warning_about"].items()),
            validate_choice=False,
            validators=[needed("about"), one_of(labels()["warning_about"])],
        )
        place = StringField(
            **asked("warning_place"),
            filters=[tidy],
            validators=[_place_for_place, at_most(SHORT_LIMIT)],
        )
        words = TextAreaField(
            **asked("warning_words"),
            filters=[tidy],
            validators=[needed("warning_words"), at_most(SHORT_LIMIT)],
        )
        until = DayField(
            **asked("warning_until"),
            filters=[tidy],
            validators=[a_day(future=True)],
        )

    return WarningForm()


def _end_form() -> Any:
    class EndForm(FlaskForm):
        why = TextAreaField(
            **asked("warning_why"),
            filters=[tidy],
            validators=[needed("why"), at_most(SHORT_LIMIT)],
        )

    return EndForm()


def _place_for_place(form: Any, field: Any) -> None:
    if form.about.data == safety.PLACE and not safety.place_key(field.data):
        complain("subject")
