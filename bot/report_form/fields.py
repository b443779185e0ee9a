"""The form: words from data/messages/web, choices and limits as the chat has them. Whoever asks
gives the register whose words it is in."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from bot.answers import Register
from bot.extraction.report_fields import UNSORTED, ReportField, report_fields
from bot.extraction.words import kinds
from bot.report_form.checks import added_in_all, given_for, one_of, said, tidy
from bot.reports.in_words import phrase
from bot.reports.model import DESCRIPTION_LIMIT, SHORT_LIMIT, Frequency, Identity, Sharing

ASKED = ("description", "kind", "place", "time", "frequency", "identity", "name", "contact")
QUESTIONED = ("place", "time", "contact")  # each may be asked about once more
BY_NAME = (Identity.NAMED,)
REACHED = (Identity.NAMED, Identity.CONTACT_ONLY)


def is_added_to(form: Any, change: str) -> bool:
    """Whether to show what may be added: some of it is filled in or wrong, or is to be changed."""
    added = [
        name
        for field in added_fields()
        for name in (f"choice_{field.name}", f"detail_{field.name}")
        if name in form
    ]
    return change in added or any(form[name].data or form[name].errors for name in added)


def make_form(register: Register, **more: Any) -> Any:
    """The form of this request in the words of `register`, filled with what was posted; `more` goes
    to the form, such as `formdata=None` for an empty one."""
    words, choice = partial(_words, register), partial(_choice, register)
    kind_choices = [(key, register.said(kind["label"])) for key, kind in kinds().items()]
    by_name = given_for(register, BY_NAME, "name")
    reached = given_for(register, REACHED, "contact")
    short = said(register, SHORT_LIMIT)
    frequencies = _labelled(register, "utter_report_frequency", Frequency)
    identities = _labelled(register, "utter_form_identity", Identity)
    answers = _labelled(register, "utter_report_sharing", Sharing)

    class ReportForm(FlaskForm):
        key = HiddenField()
        description = words(
            "description", TextAreaField, said(register, DESCRIPTION_LIMIT, "description")
        )
        kind = choice("kind", kind_choices)
        place = words("place", StringField, said(register, SHORT_LIMIT, "place"))
        time = words("time", StringField, said(register, SHORT_LIMIT, "time"))
        frequency = choice("frequency", frequencies)
        identity = choice("identity", identities)
        name = words("name", StringField, by_name, short)
        contact = words("contact", StringField, reached, short)
        sharing = choice("sharing", answers, needed=False)

    for name in QUESTIONED:
        setattr(ReportForm, f"asked_{name}", HiddenField(filters=[tidy]))
    for field in added_fields():
        if field.choices:
            choices = [(one, register.said(one)) for one in field.choices]
            left_out = ("", phrase(register, "utter_form_leave_out"))
            setattr(ReportForm, f"choice_{field.name}", RadioField(
                register.said(field.label), choices=[*choices, left_out], validate_choice=False,
                validators=[one_of(register, field.choices)],
            ))  # fmt: skip
        in_all = added_in_all(register, field.name)
        detail = TextAreaField(_label(register, field), filters=[tidy], validators=[in_all])
        setattr(ReportForm, f"detail_{field.name}", detail)
    return ReportForm(**more)


def added_fields() -> list[ReportField]:
    """What may be added, in order; the last takes whatever belongs to no other."""
    fields = report_fields()
    return [*(field for field in fields.values() if not field.spotted), fields[UNSORTED]]


def _label(register: Register, field: ReportField) -> str:
    if field.name == UNSORTED:
        return phrase(register, "utter_form_anything_else")
    if field.choices:
        return phrase(register, "utter_form_in_your_words")
    return register.said(field.label)


def _words(register: Register, name: str, made: type, *validators: Any) -> Any:
    label = phrase(register, f"utter_form_{name}")
    hint = phrase(register, f"utter_form_{name}_hint")
    return made(label, description=hint, filters=[tidy], validators=validators)


def _choice(
    register: Register, name: str, choices: list[tuple[str, str]], needed: bool = True
) -> Any:
    return RadioField(
        phrase(register, f"utter_form_{name}"),
        description=phrase(register, f"utter_form_{name}_hint"),
        choices=choices,
        validate_choice=False,
        validators=[one_of(register, [key for key, _ in choices], name if needed else "")],
    )


def _labelled(register: Register, prefix: str, values: Iterable[str]) -> list[tuple[str, str]]:
    labels = ((str(value), phrase(register, f"{prefix}_{value}")) for value in values)
    return [(value, label[:1].upper() + label[1:]) for value, label in labels]
