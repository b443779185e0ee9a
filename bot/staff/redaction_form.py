"""The form that removes words from a report."""

from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.widgets import HiddenInput

from bot.reports import redaction
from bot.reports.model import DESCRIPTION_LIMIT
from bot.staff.form_checks import asked, at_most, complain, needed, one_of, tidy
from bot.staff.labels import labels
from bot.staff.personal import LONGEST_REASON

FEWEST = 2  # characters


@dataclass(frozen=True)
class Choice:
    """One text to choose: where it stands, what that is called, and the text unless `hidden`."""

    where: str
    label: str
    text: str
    hidden: bool


def make_form(texts: dict[str, str]) -> Any:
    """The form of this request for a report with these texts, by where each stands."""

    def words_are_there(form: Any, field: Any) -> None:
        if form.how.data != "words":
            return
        if not field.data:
            complain("words_missing")
        if len(field.data) < FEWEST:
            complain("words_short")
        chosen = form.field.data
        among = texts.values() if chosen == redaction.EVERYWHERE else [texts.get(chosen, "")]
        if chosen and not any(redaction.holds(text, field.data) for text in among):
            complain("words_not_there")

    def not_whole_everywhere(form: Any, field: Any) -> None:
        if field.data == "whole" and form.field.data == redaction.EVERYWHERE:
            complain("everywhere_whole")

    class RedactionForm(FlaskForm):
        version = IntegerField(widget=HiddenInput())
        field = RadioField(
            **asked("redaction_field"),
            choices=[(where, where) for where in (*texts, redaction.EVERYWHERE)],
            validate_choice=False,
            validators=[needed("field"), one_of({*texts, redaction.EVERYWHERE})],
        )
        how = RadioField(
            **asked("redaction_how"),
            choices=list(labels()["redaction_how"].items()),
            default="words",
            validate_choice=False,
            validators=[
                needed("choose"), one_of(labels()["redaction_how"]), not_whole_everywhere
            ],
        )  # fmt: skip
        words = TextAreaField(
            **asked("redaction_words"),
            filters=[tidy],
            validators=[words_are_there, at_most(DESCRIPTION_LIMIT)],
        )
        reason = TextAreaField(
            **asked("redaction_reason"),
            filters=[tidy],
            validators=[needed("why"), at_most(LONGEST_REASON)],
        )

    return RedactionForm()
