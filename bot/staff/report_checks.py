"""What an answer in a form of a report must be. The words of a mistake are in words/report.yml."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms.validators import StopValidation

from bot.staff.labels import label

Check = Callable[[Any, Any], None]


def needed(_form: Any, field: Any) -> None:
    """Something was typed."""
    if not field.data:
        raise StopValidation(label("mistakes", "needed"))


def chosen(_form: Any, field: Any) -> None:
    """Something was chosen from a list, whose first line is empty."""
    if not field.data:
        raise StopValidation(label("mistakes", "choose"))


def at_most(limit: int) -> Check:
    """No more than `limit` characters."""

    def check(_form: Any, field: Any) -> None:
        if len(field.data or "") > limit:
            raise StopValidation(label("mistakes", "too_long"))

    return check


def one_of_them(_form: Any, field: Any) -> None:
    """One of the field's choices."""
    if field.data not in dict(field.choices):
        raise StopValidation(label("mistakes", "choose"))


def some_of_them(_form: Any, field: Any) -> None:
    """At least one of the field's choices, and nothing else."""
    any_of_them(_form, field)
    if not field.data:
        raise StopValidation(label("mistakes", "choose_some"))


def any_of_them(_form: Any, field: Any) -> None:
    """Nothing but the field's choices, or none of them."""
    if not set(field.data or ()) <= dict(field.choices).keys():
        raise StopValidation(label("mistakes", "choose_some"))


def a_day(_form: Any, field: Any) -> None:
    """A day as browsers send it: 2026-11-30."""
    try:
        date.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(label("mistakes", "day")) from None
