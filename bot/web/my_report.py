"""A report that was sent, for whoever has its reference and follow-up code: no chat, no script.

Both are posted, never in an address, so that neither stands in a log or a history.
"""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, render_template
from flask_limiter import Limiter
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from bot.reports import follow_up, store
from bot.reports.history import history, standing
from bot.reports.in_words import day, lines, phrase
from bot.reports.model import DETAIL_LIMIT
from bot.web.parts import parts

TRIES_A_MINUTE = "10 per minute; 60 per hour"
LONGEST_PART = 40  # characters of a reference or code, with room for odd spacing
Show = Callable[[Any, Any], Any]


def make(limiter: Limiter) -> Blueprint:
    """The pages at /my-report."""
    pages = Blueprint("my_report", __name__)

    @pages.get("/my-report")
    def ask() -> Any:
        return render_template("my_report_ask.html", form=_pair_form(), problem="")

    @pages.post("/my-report")
    @limiter.limit(TRIES_A_MINUTE)
    def show() -> Any:
        return _with_pair(_shown)

    @pages.post("/my-report/copy")
    @limiter.limit(TRIES_A_MINUTE)
    def copy() -> Any:
        return _with_pair(_download)

    @pages.post("/my-report/add")
    @limiter.limit(TRIES_A_MINUTE)
    def add() -> Any:
        return _with_pair(_added)

    return pages


def _with_pair(then: Show) -> Any:
    """Look the posted pair up and go on with `then`; a wrong pair is asked for again."""
    form = _pair_form()
    if not form.validate_on_submit():
        return render_template("my_report_ask.html", form=form, problem=""), 422
    try:
        report = follow_up.look_up(parts().engine, form.reference.data, form.code.data)
    except follow_up.NotFound:
        problem = _text("utter_look_up_not_found")
        return render_template("my_report_ask.html", form=form, problem=problem), 404
    except store.NotSaved:
        problem = _text("utter_look_up_failed")
        return render_template("my_report_ask.html", form=form, problem=problem), 503
    return then(form, report)


def _shown(pair: Any, report: Any, said: str = "", form: Any = None, status: int = 200) -> Any:
    whole = store.get(parts().engine, report.reference)
    if form is None:
        form = _add_form()
        form.words.data, form.key.data = "", uuid.uuid4().hex
    page = render_template(
        "my_report.html",
        report=report,
        status=standing(parts().register, report),
        sent=day(report.created_at, parts().register),
        history=list(history(parts().register, report)),
        lines=list(lines(parts().register, asdict(whole))) if whole else [],
        pair=pair,
        form=form,
        said=said,
    )
    return page, status


def _download(_pair: Any, report: Any) -> Any:
    whole = store.get(parts().engine, report.reference)
    register = parts().register
    told = [f"{label}: {value}" for label, value in lines(register, asdict(whole))] if whole else []
    sent = phrase(register, "utter_look_up_sent", reference=report.reference,
                  day=day(report.created_at, register))  # fmt: skip
    now = standing(register, report)
    text = "\n\n".join([sent, now, *told, *history(register, report)]) + "\n"
    headers = {
        "Content-Disposition": f'attachment; filename="{report.reference}.txt"',
        "Cache-Control": "no-store",
    }
    return Response(text, mimetype="text/plain", headers=headers)


def _added(pair: Any, report: Any) -> Any:
    form = _add_form()
    if not form.validate_on_submit():
        return _shown(pair, report, form=form, status=422)
    known = (pair.reference.data, pair.code.data)
    add = follow_up.add_incident if form.what.data == "again" else follow_up.add_message
    try:
        report = add(parts().engine, known, f"page-{form.key.data}", form.words.data.strip())
    except store.NotSaved:
        return _shown(pair, report, said=_text("utter_look_up_failed"), form=form, status=503)
    return _shown(pair, report, said=_text("utter_my_report_added"))


def _pair_form() -> Any:
    def field(name: str) -> Any:
        missing = _text(f"utter_my_report_{name}_missing")
        return StringField(
            _text(f"utter_my_report_{name}"),
            validators=[DataRequired(missing), Length(max=LONGEST_PART, message=missing)],
            description=_text(f"utter_my_report_{name}_hint"),
        )

    class PairForm(FlaskForm):
        reference = field("reference")
        code = field("code")

    return PairForm()


def _add_form() -> Any:
    class AddForm(FlaskForm):
        key = HiddenField()
        what = RadioField(
            _text("utter_my_report_what"),
            choices=[(name, _text(f"utter_my_report_{name}")) for name in ("again", "message")],
            validators=[DataRequired(_text("utter_my_report_what_missing"))],
        )
        words = TextAreaField(
            _text("utter_my_report_words"),
            description=_text("utter_my_report_words_hint"),
            validators=[
                DataRequired(_text("utter_my_report_words_missing")),
                Length(max=DETAIL_LIMIT, message=_text("utter_my_report_words_long")),
            ],
        )

    return AddForm()


def _text(name: str) -> str:
    return phrase(parts().register, name)
