"""Prepares a report for the page: labels for its values, and where each value came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.reports.model import SavedReport
from bot.staff.labels import label, labels

LONDON = "Europe/London"
CHOICES = frozenset({"kind", "frequency", "identity"})


@dataclass(frozen=True)
class ShownField:
    """One line of a report. `words` is empty when the value itself is in the resident's words;
    `same_as` names the earlier line that already shows those words."""

    label: str
    value: str
    how: str
    words: str
    same_as: str


def shown_fields(report: SavedReport) -> Iterator[ShownField]:
    """Every field that the resident filled in, in the order of labels.yml."""
    first_shown: dict[str, str] = {}
    for name, line in labels()["fields"].items():
        title = line["label"]
        kept = str(getattr(report, name))
        value = label(name, kept) if name in CHOICES else kept
        origin = report.provenance.get(line["source"]) or report.provenance.get(name)
        words = origin.words if origin else ""
        earlier = first_shown.setdefault(words.strip(), title) if words else title
        own = words.strip() == value.strip()
        yield ShownField(
            label=title,
            value=value,
            how=label("how", origin.how) if origin else "",
            words="" if own or earlier != title else words,
            same_as=earlier if earlier != title and not own else "",
        )


def local_time(moment: datetime) -> str:
    """A time as a clock in St Albans shows it: "3 Jul 2026, 14:05"."""
    local = moment.astimezone(ZoneInfo(LONDON))
    # No-break spaces: a narrow column breaks the line after the comma and nowhere else.
    return f"{local.day}\N{NO-BREAK SPACE}{local:%b\N{NO-BREAK SPACE}%Y, %H:%M}"
