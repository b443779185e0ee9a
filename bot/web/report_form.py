"""The plain report form: the same fields and the same store, when there is no chat."""

import hashlib
import json
import uuid
from typing import Any

from flask import Blueprint, render_template
from flask_limiter import Limiter
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from bot.extraction.contacts import find_contact
from bot.extraction.times import read_as_of_now
from bot.extraction.words import kinds
from bot.reports import store
from bot.reports.model import (
    DESCRIPTION_LIMIT,
    SHORT_LIMIT,
    Frequency,
    Identity,
    NewReport,
    Provenance,
)
from bot.web.parts import parts

REPORTS_A_MINUTE = "5 per minute; 30 per hour"
FIELDS = ("kind", "description", "place", "time", "frequency", "name", "contact")


def make(limiter: Limiter) -> Blueprint:
    """The form and its one page of confirmation, at /report."""
    pages = Blueprint("report_form", __name__)

    @pages.get("/report")
    def show() -> Any:
        form = make_form()
        form.key.data = uuid.uuid4().hex
        return _page(form)

    @pages.post("/report")
    @limiter.limit(REPORTS_A_MINUTE)
    def send() -> Any:
        form = make_form()
        if not form.validate_on_submit():
            return _page(form), 422
        secret = parts().settings.secret_for("follow-up code")
        try:
            receipt = store.save(parts().engine, _report(form), secret)
        except store.NotSaved:
            return _page(form, _text("utter_form_not_saved")), 503
        saved = _text("utter_form_saved")
        return render_template("report_saved.html", receipt=receipt, saved=saved)

    return pages


def make_form() -> Any:
    """The form with its labels, hints and complaints from data/messages/web/report-form.yml."""

    def field(made: type, name: str, *validators: Any, **kwargs: Any) -> Any:
        label, hint = _text(f"utter_form_{name}"), _text(f"utter_form_{name}_hint")
        return made(label, validators=validators, description=hint, **kwargs)

    def required(name: str) -> DataRequired:
        return DataRequired(_text(f"utter_form_{name}_missing"))

    short = Length(max=SHORT_LIMIT, message=_text("utter_form_too_long_short"))

    class ReportForm(FlaskForm):
        key = HiddenField()
        kind = field(
            SelectField,
            "kind",
            required("kind"),
            choices=[
                ("", _text("utter_form_kind_choose")),
                *((key, kind["label"]) for key, kind in kinds().items()),
            ],
        )
        description = field(
            TextAreaField,
            "description",
            required("description"),
            Length(max=DESCRIPTION_LIMIT, message=_text("utter_form_too_long")),
        )
        place = field(StringField, "place", required("place"), short)
        time = field(StringField, "time", required("time"), short)
        frequency = field(
            SelectField,
            "frequency",
            choices=[(f.value, _text(f"utter_report_frequency_{f.value}")) for f in Frequency],
            default=Frequency.UNKNOWN.value,
        )
        name = field(StringField, "name", short)
        contact = field(StringField, "contact", short)

        def validate_contact(self, contact: Any) -> None:
            if contact.data and not find_contact(contact.data):
                raise ValidationError(_text("utter_form_contact_unread"))

    return ReportForm()


def _report(form: Any) -> NewReport:
    said = {name: (form[name].data or "").strip() for name in FIELDS}
    identity = Identity.ANONYMOUS
    if said["name"] or said["contact"]:
        identity = Identity.NAMED if said["name"] else Identity.CONTACT_ONLY
    # Sent twice it is one report; changed and sent again it is another, and nothing is lost.
    page_and_answers = json.dumps([form.key.data or uuid.uuid4().hex, said])
    when = read_as_of_now(said["time"])
    return NewReport(
        key=f"form-{hashlib.sha256(page_and_answers.encode()).hexdigest()}",
        channel="form",
        conversation_id="",
        identity=identity,
        first=when.first,
        last=when.last,
        clock=when.time,
        provenance={name: Provenance("asked", value) for name, value in said.items() if value},
        **{**said, "frequency": Frequency(said["frequency"])},  # type: ignore[arg-type]
    )


def _page(form: Any, problem: str = "") -> str:
    return render_template(
        "report_form.html",
        form=form,
        fields=FIELDS,
        links={name: name for name in FIELDS},
        problem=problem,
        intro=_text("utter_form_intro"),
    )


def _text(name: str) -> str:
    register = parts().register
    return register.fill(register.messages[name].text)
