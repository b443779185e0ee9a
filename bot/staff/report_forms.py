"""The forms on a report's page, by name. Their words are in words/report.yml, group `forms`.

A hidden `version` says which report the page showed, a hidden `key` makes sending twice one entry.
"""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from bot.reports import casework, casework_entries, workflow
from bot.reports.model import DETAIL_LIMIT, Level, Status
from bot.reports.partners import partners
from bot.staff.form_checks import tidy
from bot.staff.labels import label
from bot.staff.report_checks import (
    a_day,
    any_of_them,
    at_most,
    chosen,
    needed,
    one_of_them,
    some_of_them,
)
from bot.staff.report_read import Known

REFERENCE_LIMIT = 40


def _words(limit: int, *checks: Any) -> Any:
    return TextAreaField(filters=[tidy], validators=[*checks, at_most(limit)])


def _labelled(group: str, values: Any) -> list[tuple[str, str]]:
    return [(value, label(group, value)) for value in values]


class ReportForm(Form):
    """A button and nothing else."""

    version = HiddenField()
    key = HiddenField()

    def offer(self, known: Known) -> None:
        """Fill in the choices that depend on the report."""

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        """What is filled in already."""
        return {}


class MoveForm(ReportForm):
    to = RadioField(validate_choice=False, validators=[one_of_them])
    words = _words(DETAIL_LIMIT)

    def offer(self, known: Known) -> None:
        passed_on = bool(known.casework.passed_on)
        moves = workflow.plain_moves(known.report.status)
        self.to.choices = _labelled(
            "status", [to for to in moves if passed_on or to is not Status.REFERRED]
        )


class CloseForm(ReportForm):
    reason = RadioField(validate_choice=False, validators=[one_of_them])
    words = _words(DETAIL_LIMIT, needed)

    def offer(self, known: Known) -> None:
        self.reason.choices = _labelled("close_reason", workflow.CLOSE_REASONS)


class ReasonForm(ReportForm):
    reason = _words(casework.REASON_LIMIT, needed)


class WordsForm(ReportForm):
    words = _words(DETAIL_LIMIT, needed)


class AssignForm(ReportForm):
    to = SelectField(validate_choice=False, validators=[one_of_them])

    def offer(self, known: Known) -> None:
        nobody = ("", label("assignee", "nobody"))
        self.to.choices = [nobody, *((name, name) for name in known.colleagues)]

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        return {"to": known.report.assignee}


class PriorityForm(ReportForm):
    level = RadioField(validate_choice=False, validators=[one_of_them])
    reason = _words(casework.REASON_LIMIT)

    def offer(self, known: Known) -> None:
        suggested = known.report.priority.level
        self.level.choices = [
            (level.value, label("as_suggested" if level is suggested else "priority", level.value))
            for level in Level
        ]

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        return {"level": known.report.level.value}


class InterventionForm(ReportForm):
    kind = SelectField(validate_choice=False, validators=[chosen, one_of_them])
    day = StringField(filters=[tidy], validators=[a_day])
    words = _words(DETAIL_LIMIT)

    def offer(self, known: Known) -> None:
        self.kind.choices = [("", ""), *_labelled("intervention", casework_entries.INTERVENTIONS)]

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        return {"day": known.today}


class ReferralForm(ReportForm):
    partner = SelectField(validate_choice=False, validators=[chosen, one_of_them])
    shared = SelectMultipleField(validate_choice=False, validators=[some_of_them])
    consent = RadioField(validate_choice=False, validators=[one_of_them])
    reason = _words(DETAIL_LIMIT)
    words = _words(DETAIL_LIMIT)

    def offer(self, known: Known) -> None:
        self.partner.choices = [("", ""), *partners().items()]
        self.shared.choices = list(known.shareable.items())
        self.consent.choices = _labelled("consent", casework_entries.CONSENTS)


class MergeForm(ReportForm):
    into = StringField(filters=[tidy], validators=[needed, at_most(REFERENCE_LIMIT)])


class MarksForm(ReportForm):
    marks = SelectMultipleField(validate_choice=False, validators=[any_of_them])

    def offer(self, known: Known) -> None:
        self.marks.choices = _labelled("mark", casework.MARKS)

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        return {"marks": [mark for mark in casework.MARKS if getattr(known.report, mark)]}


class WardForm(ReportForm):
    ward = StringField(filters=[tidy], validators=[at_most(casework.WARD_LIMIT)])

    @staticmethod
    def preset(known: Known) -> dict[str, Any]:
        return {"ward": known.report.ward}


FORMS: dict[str, type[ReportForm]] = {
    "take": ReportForm, "follow": ReportForm, "unfollow": ReportForm, "unmerge": ReportForm,
    "move": MoveForm, "message": WordsForm, "note": WordsForm, "priority": PriorityForm,
    "assign": AssignForm, "intervention": InterventionForm, "referral": ReferralForm,
    "close": CloseForm, "reopen": ReasonForm, "merge": MergeForm, "marks": MarksForm,
    "ward": WardForm, "signpost": WordsForm, "spam": ReasonForm, "transcript": ReasonForm,
}  # fmt: skip


def made(name: str, known: Known, sent: MultiDict[str, str] | None = None) -> ReportForm:
    """The form `name` as it stands for this report, or as it was sent."""
    kind = FORMS[name]
    form = kind(sent) if sent is not None else kind(data=kind.preset(known))
    form.offer(known)
    return form
