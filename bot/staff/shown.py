"""Prepares a report for the page: labels for its values, and where each value came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.extraction.report_fields import report_fields
from bot.extraction.times import LONDON
from bot.reports.model import SavedReport
from bot.reports.priority import reasons
from bot.staff.labels import label, labels

CHOICES = frozenset({"kind", "frequency", "identity", "sharing"})


@dataclass(frozen=True)
class ShownField:
    """One line of a report. `words` is empty when the value itself is in the resident's words;
    `same_as` names the earlier line that already shows those words. `own`: the value is the
    resident's own words when nothing else is shown."""

    label: str
    value: str
    how: str
    words: str
    same_as: str
    own: bool = True


def shown_fields(report: SavedReport) -> Iterator[ShownField]:
    """Every field that everybody is asked, in the order of labels.yml, then what was added."""
    first_shown: dict[str, str] = {}
    for name, line in labels()["fields"].items():
        title = line["label"]
        kept = days(report) if name == "days" else str(getattr(report, name))
        value = label(name, kept) if name in CHOICES else kept
        origin = report.provenance.get(line["source"]) or report.provenance.get(name)
        words = origin.words if origin else ""
        earlier = first_shown.setdefault(words.strip(), title) if words else title
        own = words.strip() == value.strip()
        yield ShownField(
            label=title,
            value=value,
            how=label("how", origin.how) if origin else _how(name, value),
            words="" if own or earlier != title else words,
            same_as=earlier if earlier != title and not own else "",
            own=origin is not None,
        )
    for name, field in report_fields().items():
        if name in report.details:
            yield ShownField(field.label, report.details[name], label("how", "asked"), "", "")


def _how(name: str, value: str) -> str:
    """Where a value comes from that no message of the resident says."""
    known = {"days": "worked_out", "sharing": "chosen"}
    return label("how", known[name]) if name in known and value else ""


def days(report: SavedReport) -> str:
    """The days and hours that the resident's words mean: "20 Nov 2026 – 22 Nov 2026, 23:00"."""
    named = [f"{d.day} {d:%b %Y}" for d in (report.first, report.last) if d]
    return ", ".join(
        part for part in (" \N{EN DASH} ".join(dict.fromkeys(named)), report.clock) if part
    )


def priority_reasons(report: SavedReport) -> list[str]:
    """Why the suggested priority is what it is, as staff read it."""
    known = reasons()
    return [known[key]["label"] if key in known else key for key in report.priority.reasons]


def local_time(moment: datetime) -> str:
    """A time as a clock in St Albans shows it: "3 Jul 2026, 14:05"."""
    local = moment.astimezone(LONDON)
    # No-break spaces: a narrow column breaks the line after the comma and nowhere else.
    return f"{local.day}\N{NO-BREAK SPACE}{local:%b\N{NO-BREAK SPACE}%Y, %H:%M}"
