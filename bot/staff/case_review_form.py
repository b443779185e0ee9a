"""The form that records an ASB Case Review."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from bot.reports.case_review_record import RecordedReview, Review
from bot.reports.model import DETAIL_LIMIT, SHORT_LIMIT
from bot.staff.form_checks import DayField, a_day, asked, at_most, complain, one_of, tidy
from bot.staff.labels import labels

MET = {"met": True, "not_met": False, "open": None}


def make_form() -> Any:
    """The form of this request."""

    class ReviewForm(FlaskForm):
        seen = IntegerField(widget=HiddenInput())
        told_on = DayField(
            **asked("told_on"),
            filters=[tidy],
            validators=[a_day(past=True), _with("told_by", "told_on")],
        )
        told_by = StringField(
            **asked("told_by"),
            filters=[tidy],
            validators=[_with("told_on", "told_by"), at_most(SHORT_LIMIT)],
        )
        asked_on = DayField(**asked("asked_on"), filters=[tidy], validators=[a_day(past=True)])
        met = RadioField(
            **asked("met"),
            choices=list(labels()["review_met"].items()),
            default="open",
            validate_choice=False,
            validators=[one_of(MET)],
        )
        counted = TextAreaField(
            **asked("counted"), filters=[tidy], validators=[_counted, at_most(DETAIL_LIMIT)]
        )
        decided_on = DayField(
            **asked("decided_on"),
            filters=[tidy],
            validators=[a_day(past=True), _with("decision", "decided_on")],
        )
        decision = TextAreaField(
            **asked("decision"),
            filters=[tidy],
            validators=[_with("decided_on", "decision"), at_most(DETAIL_LIMIT)],
        )
        contact = StringField(
            **asked("review_contact"), filters=[tidy], validators=[at_most(SHORT_LIMIT)]
        )

    return ReviewForm()


def filled(form: Any, recorded: list[RecordedReview]) -> None:
    """Fill the form with what was recorded last."""
    if not recorded:
        form.seen.data = 0
        return
    review = recorded[0].review
    form.seen.data = recorded[0].number
    for name in ("told_on", "asked_on", "decided_on"):
        day = getattr(review, name)
        form[name].data = f"{day.day} {day.month} {day.year}" if day else ""
    for name in ("told_by", "counted", "decision", "contact"):
        form[name].data = getattr(review, name)
    form.met.data = next(key for key, met in MET.items() if met is review.met)


def review_of(form: Any) -> Review:
    """What a form without mistakes says."""
    return Review(
        told_on=form.told_on.day,
        told_by=form.told_by.data,
        asked_on=form.asked_on.day,
        met=MET[form.met.data or "open"],
        counted=form.counted.data,
        decided_on=form.decided_on.day,
        decision=form.decision.data,
        contact=form.contact.data,
    )


def _with(other: str, mistake: str) -> Any:
    """Needed when `other` is filled in."""

    def check(form: Any, field: Any) -> None:
        if form[other].data and not field.data:
            complain(mistake)

    return check


def _counted(form: Any, field: Any) -> None:
    if form.met.data in ("met", "not_met") and not field.data:
        complain("counted")
