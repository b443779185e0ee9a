"""The form: words from data/messages/web, choices and limits as the chat has them."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from bot.extraction.report_fields import UNSORTED, ReportField, report_fields
from bot.extraction.words import kinds
from bot.reports.in_words import phrase
from bot.reports.model import DESCRIPTION_LIMIT, SHORT_LIMIT, Frequency, Identity, Sharing
from bot.web.parts import parts
from bot.web.report_form.checks import added_in_all, given_for, one_of, said, tidy

ASKED = ("description", "kind", "place", "time", "frequency", "identity", "name", "contact")
QUESTIONED = ("place", "time", "contact")  # each may be asked about once more
BY_NAME = (Identity.NAMED,)
REACHED = (Identity.NAMED, Identity.CONTACT_ONLY)


def make_form() -> Any:
    """The form of this request, filled with what was posted."""

    class ReportForm(FlaskForm):
        key = HiddenField()
        description = _words("description", TextAreaField, said(DESCRIPTION_LIMIT, "description"))
        kind = _choice("kind", [(key, said_in(kind["label"])) for key, kind in kinds().items()])
        place = _words("place", StringField, said(SHORT_LIMIT, "place"))
        time = _words("time", StringField, said(SHORT_LIMIT, "time"))
        frequency = _choice("frequency", _labelled("utter_report_frequency", Frequency))
        identity = _choice("identity", _labelled("utter_form_identity", Identity))
        name = _words("name", StringField, given_for(BY_NAME, "name"), said(SHORT_LIMIT))
        contact = _words("contact", StringField, given_for(REACHED, "contact"), said(SHORT_LIMIT))
        sharing = _choice("sharing", _labelled("utter_report_sharing", Sharing), needed=False)

    for name in QUESTIONED:
        setattr(ReportForm, f"asked_{name}", HiddenField(filters=[tidy]))
    for field in added_fields():
        if field.choices:
            choices = [(choice, said_in(choice)) for choice in field.choices]
            left_out = ("", text("utter_form_leave_out"))
            setattr(ReportForm, f"choice_{field.name}", RadioField(
                said_in(field.label), choices=[*choices, left_out], validate_choice=False,
                validators=[one_of(field.choices)],
            ))  # fmt: skip
        label = text("utter_form_in_your_words") if field.choices else said_in(field.label)
        if field.name == UNSORTED:
            label = text("utter_form_anything_else")
        words = TextAreaField(label, filters=[tidy], validators=[added_in_all(field.name)])
        setattr(ReportForm, f"detail_{field.name}", words)
    return ReportForm()


def added_fields() -> list[ReportField]:
    """What may be added, in order; the last takes whatever belongs to no other."""
    fields = report_fields()
    return [*(field for field in fields.values() if not field.spotted), fields[UNSORTED]]


def said_in(words: str) -> str:
    """`words` of data/ in the language of the request."""
    return parts().register.said(words)


def text(name: str, **values: str) -> str:
    """The text of a message in data/messages, filled."""
    return phrase(parts().register, name, **values)


def _words(name: str, made: type, *validators: Any) -> Any:
    label, hint = text(f"utter_form_{name}"), text(f"utter_form_{name}_hint")
    return made(label, description=hint, filters=[tidy], validators=validators)


def _choice(name: str, choices: list[tuple[str, str]], needed: bool = True) -> Any:
    return RadioField(
        text(f"utter_form_{name}"),
        description=text(f"utter_form_{name}_hint"),
        choices=choices,
        validate_choice=False,
        validators=[one_of([key for key, _ in choices], name if needed else "")],
    )


def _labelled(prefix: str, values: Iterable[str]) -> list[tuple[str, str]]:
    labels = ((str(value), text(f"{prefix}_{value}")) for value in values)
    return [(value, label[:1].upper() + label[1:]) for value, label in labels]
