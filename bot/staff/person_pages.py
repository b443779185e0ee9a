"""What is held on one person: found, given out as a file, or erased, each with a reason and a line
in the register, which is written before the file is made."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from bot.reports.model import SHORT_LIMIT
from bot.retention import people, person_erase, register
from bot.retention.people import Asked, Found, Match
from bot.staff import person_data
from bot.staff.context import engine, settings
from bot.staff.form_checks import asked, at_most, complain, needed, tidy
from bot.staff.labels import label
from bot.staff.rights import Right, needs

FIND, EXPORT, ERASE = "find", "export", "erase"

person_pages = Blueprint("persons", __name__)


@person_pages.get("/persons")
@needs(Right.REDACT)
def page() -> ResponseReturnValue:
    """Ask whom it is about."""
    return _page(_form())


@person_pages.post("/persons")
@needs(Right.REDACT)
def do() -> ResponseReturnValue:
    """Find, give out or erase. Posted, so that who it is about stands in no address."""
    made = _form()
    if not made.validate():
        return _page(made), 422
    who = Asked(made.phone.data, made.email.data, made.reference.data, made.name.data)
    found = people.find(engine(), who)
    if found.marks.is_in(made.reason.data):
        made.reason.errors = [label("mistake", "reason_names")]
        return _page(made), 422
    chosen = found.chosen(set(made.also.data or ()))
    act = {FIND: _show, EXPORT: _give_out, ERASE: _erase}.get(made.do.data)
    if act is None:
        abort(400)
    return act(made, found, chosen)


def _show(made: Any, found: Found, chosen: tuple[Match, ...]) -> ResponseReturnValue:
    counts = person_data.counts(found, chosen)
    register.note(engine(), register.LOOKED_UP, g.staff_user.username, counts, made.reason.data)
    return _page(made, found=found)


def _give_out(made: Any, found: Found, chosen: tuple[Match, ...]) -> ResponseReturnValue:
    counts = person_data.counts(found, chosen)
    register.note(engine(), register.GIVEN_OUT, g.staff_user.username, counts, made.reason.data)
    file, _ = person_data.zipped(engine(), settings(), found, chosen)
    name = f"person-{datetime.now(UTC):%Y-%m-%d-%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype="application/zip", headers=headers)


def _erase(made: Any, found: Found, chosen: tuple[Match, ...]) -> ResponseReturnValue:
    if not made.sure.data:
        made.sure.errors = [label("mistake", "not_sure")]
        return _page(made, found=found), 422
    by = g.staff_user.username
    erased = person_erase.erase(engine(), settings(), found, chosen, by, made.reason.data)
    return render_template("persons/erased.html", erased=erased, found=found)


def _page(form: Any, found: Found | None = None) -> str:
    return render_template("persons/person.html", form=form, found=found)


def _form() -> Any:
    def text(name: str, *checks: Any) -> Any:
        return StringField(
            **asked(name), filters=[tidy], validators=[*checks, at_most(SHORT_LIMIT)]
        )

    def somebody(form: Any, _field: Any) -> None:
        if not any(form[name].data for name in ("phone", "email", "reference", "name")):
            complain("nobody")

    class PersonForm(FlaskForm):
        phone = text("person_phone", somebody)
        email = text("person_email")
        reference = text("person_reference")
        name = text("person_name")
        reason = TextAreaField(
            **asked("person_reason"),
            filters=[tidy],
            validators=[needed("why"), at_most(register.LONGEST_REASON)],
        )
        also = SelectMultipleField(validate_choice=False, choices=[])
        sure = BooleanField(**asked("person_sure"))
        do = StringField(default=FIND)

    return PersonForm()
