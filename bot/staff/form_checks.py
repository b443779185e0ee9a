"""What is checked in forms of the staff site, and said when it is not right (words/, `mistake`)."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from wtforms import StringField
from wtforms.validators import StopValidation

from bot.reports.clock import today
from bot.staff.labels import label, labels

Check = Callable[[Any, Any], None]


def tidy(value: str | None) -> str:
    """`value` as it was typed, less the spaces around it and the line ends of a posted form."""
    return (value or "").replace("\r\n", "\n").replace("\0", "").strip()


def asked(name: str) -> dict[str, str]:
    """The label and the hint of a field, as words/ has them under `asked`."""
    words = labels()["asked"][name]
    return {"label": words["label"], "description": words.get("hint", "")}


def complain(name: str, **values: str) -> None:
    """Say that a field is not right. Raises StopValidation."""
    raise StopValidation(label("mistake", name).format(**values))


def needed(name: str) -> Check:
    """Something has to be there; `name` is the mistake otherwise."""

    def check(_form: Any, field: Any) -> None:
        if not field.data:
            complain(name)

    return check


def at_most(limit: int) -> Check:
    """At most `limit` characters."""

    def check(_form: Any, field: Any) -> None:
        if len(field.data or "") > limit:
            complain("too_long", length=f"{len(field.data):,}", limit=f"{limit:,}")

    return check


def one_of(choices: Collection[str], name: str = "choose") -> Check:
    """One of `choices`; an empty one is for `needed` to refuse."""

    def check(_form: Any, field: Any) -> None:
        if field.data and field.data not in choices:
            complain(name)

    return check


class DayField(StringField):
    """A day typed as "30 11 2026", also with slashes, dots, dashes or a month in words."""

    SHAPES = ("%d %m %Y", "%d %b %Y", "%d %B %Y", "%Y %m %d")

    @property
    def day(self) -> date | None:
        """The day that was typed; None when none was."""
        typed = " ".join((self.data or "").translate(str.maketrans("/.-,", "    ")).split())
        for shape in self.SHAPES:
            try:
                return datetime.strptime(typed, shape).date()
            except ValueError:
                continue
        return None


def a_day(past: bool = False, future: bool = False) -> Check:
    """A day, or nothing; not after today when it is `past`, not before it when it is `future`."""

    def check(_form: Any, field: DayField) -> None:
        if not field.data:
            return
        if field.day is None or field.day.year < 2000:
            complain("date")
        elif past and field.day > today():
            complain("date_future")
        elif future and field.day < today():
            complain("date_past")

    return check
