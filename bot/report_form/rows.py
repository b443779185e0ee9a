"""The lines of "Check your answers": every question, whether it was answered or not."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bot.answers import Register
from bot.extraction.report_fields import UNSORTED, report_fields
from bot.report_form.fields import ASKED
from bot.reports.in_words import named_lines, phrase
from bot.reports.model import Identity, NewReport


@dataclass(frozen=True)
class Row:
    """One line; `value` is empty when nothing was given, `change` is the field that changes it."""

    label: str
    value: str
    change: str


def rows(report: NewReport, register: Register) -> Iterator[Row]:
    """What the report says, in the order of the form."""
    values: dict[str, Any] = asdict(report)
    told = {
        name: (label, value if values.get(name) or report.details.get(name) else "")
        for name, label, value in named_lines(register, values)
    }
    told["identity"] = (
        phrase(register, "utter_form_identity_label"),
        phrase(register, f"utter_form_identity_{report.identity}"),
    )
    nobody = report.identity is Identity.ANONYMOUS
    for name in ASKED:
        if name in told:
            who = nobody and name in ("name", "contact")
            yield Row(*told[name], change="identity" if who else name)
    for name, field in report_fields().items():
        if name in told or not field.spotted or name == UNSORTED:
            label, value = told.get(name, (field.label, ""))
            found = field.spotted and name != UNSORTED
            yield Row(label, value, change="description" if found else field_for(name))
    if "sharing" in told:
        yield Row(*told["sharing"], change="sharing")


def field_for(detail: str) -> str:
    """The name of the form's first field for a detail."""
    return f"choice_{detail}" if report_fields()[detail].choices else f"detail_{detail}"
