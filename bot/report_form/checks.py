"""What an answer of the form must be. WTForms' own checks would have browsers cut a long text."""

from collections.abc import Callable, Collection
from typing import Any

from wtforms.validators import StopValidation

from bot.answers import Register
from bot.extraction.report_fields import joined
from bot.reports.in_words import phrase
from bot.reports.model import DETAIL_LIMIT

Check = Callable[[Any, Any], None]


def tidy(value: str | None) -> str:
    """`value` as it was typed, less the spaces around it and the line ends of a posted form."""
    return (value or "").replace("\r\n", "\n").replace("\0", "").strip()


def said(register: Register, limit: int, missing: str = "") -> Check:
    """At most `limit` characters, and some when the field is needed: `missing` is its name."""

    def check(_form: Any, field: Any) -> None:
        if missing and not field.data:
            _complain(register, f"utter_form_{missing}_missing")
        _within(register, limit, field.data)

    return check


def given_for(register: Register, identities: Collection[str], name: str) -> Check:
    """Needed from somebody who chose one of `identities`."""

    def check(form: Any, field: Any) -> None:
        if form.identity.data in identities and not field.data:
            _complain(register, f"utter_form_{name}_missing")

    return check


def one_of(register: Register, choices: Collection[str], missing: str = "") -> Check:
    """One of `choices`, or nothing when it is not needed."""

    def check(_form: Any, field: Any) -> None:
        if not field.data and missing:
            _complain(register, f"utter_form_{missing}_missing")
        if field.data and field.data not in choices:
            _complain(register, "utter_form_choose_again")

    return check


def added_in_all(register: Register, name: str) -> Check:
    """The choice and the words for one detail, within the limit together."""

    def check(form: Any, field: Any) -> None:
        _within(register, DETAIL_LIMIT, added_to(form, name))

    return check


def added_to(form: Any, name: str) -> str:
    """What was chosen and said for the detail `name`, as it is kept."""
    choice = form[f"choice_{name}"].data if f"choice_{name}" in form else ""
    return joined(choice or "", form[f"detail_{name}"].data)


def _within(register: Register, limit: int, words: str) -> None:
    if len(words) > limit:
        length = f"{len(words):,}"
        _complain(register, "utter_form_too_long", length=length, limit=f"{limit:,}")


def _complain(register: Register, name: str, **values: str) -> None:
    raise StopValidation(phrase(register, name, **values))
