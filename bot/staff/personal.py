"""How much of a report's personal data whoever is signed in may see now, and what the report's page
shows of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from bot.reports import case_review, openings, safety
from bot.reports.covered import covered, names_of
from bot.reports.model import SavedReport
from bot.staff.context import engine, settings
from bot.staff.form_checks import asked, at_most, complain, needed, one_of, tidy
from bot.staff.labels import label, labels
from bot.staff.rights import Right, may
from bot.staff.shown import Sight, as_seen, shown_fields

LONGEST_REASON = 500  # characters
IN_WORDS = "other"  # the reason that needs words


def open_until(reference: str) -> datetime | None:
    """Until when this report is open to whoever is signed in; None when it is not."""
    if not may(g.staff_user.role, Right.OPEN_PERSONAL):
        return None
    return openings.open_until(engine(), reference, g.staff_user.username)


def closed_sight() -> Sight:
    """How much whoever is signed in sees of a report that is not open to them."""
    return Sight.WORKING if may(g.staff_user.role, Right.OPEN_PERSONAL) else Sight.VIEWING


def covering(references: Iterable[str]) -> Callable[[str, str], str]:
    """Covers texts of several reports that are shown together, as on the list: called with the
    reference of a report and a text. Only a viewer's are covered, as on the report's own page."""
    if closed_sight() is not Sight.VIEWING:
        return lambda _reference, text: text
    names, gap = names_of(engine(), references), label("personal", "gap")
    return lambda reference, text: covered(text, names.get(reference, ()), gap, streets=True)


def for_page(report: SavedReport) -> dict[str, Any]:
    """What the templates `report/fields.html`, `report/personal.html`, `report/warnings.html` and
    `report/case_review.html` need."""
    until = open_until(report.reference)
    sight = Sight.OPENED if until else closed_sight()
    months = settings().case_review_months
    return {
        "fields": list(shown_fields(report, sight)),
        "seen": lambda words: as_seen(words, report, sight),
        "open_until": until,
        "opening_form": opening_form(posted=False),
        "warnings": safety.of_report(engine(), report.reference),
        "times_told": case_review.times_told(engine(), report.reference, months),
        "review_months": months,
        "review_reports": settings().case_review_reports,
    }


def opening_form(posted: bool = True) -> Any:
    """The form that asks why, filled with what was posted; empty on a page with other forms."""

    class OpeningForm(FlaskForm):
        reason = RadioField(
            **asked("opening_reason"),
            choices=list(labels()["opening_reason"].items()),
            validate_choice=False,
            validators=[needed("reason"), one_of(labels()["opening_reason"])],
        )
        words = TextAreaField(
            **asked("opening_words"),
            filters=[tidy],
            validators=[_words_for_other, at_most(LONGEST_REASON)],
        )

    return OpeningForm() if posted else OpeningForm(formdata=None)


def _words_for_other(form: Any, field: Any) -> None:
    if form.reason.data == IN_WORDS and not field.data:
        complain("reason_words")
