"""The figures in the words of the dashboard, in the order in which they are shown."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bot.extraction.words import kinds
from bot.reports.model import Level, Status
from bot.reports.statistics import STILL_OPEN, Counts, Figures
from bot.reports.statistics_outside import Cell, Outside
from bot.reports.statistics_scope import Scope
from bot.staff.charts import Bar, bars
from bot.staff.labels import label, labels
from bot.staff.shown import short_day

GROUPS = {
    "kinds": "kind", "channels": "channel", "levels": "priority", "repeats": "figure_value",
}  # fmt: skip
ENDED = (Status.CLOSED, Status.MERGED, Status.SIGNPOSTED, Status.SPAM)


class Chart(NamedTuple):
    """Bars with a title; `name` is of words/figures.yml."""

    name: str
    bars: list[Bar]


def charts(figures: Figures) -> list[Chart]:
    """Everything that is shown as bars, the longest first."""
    counted = {
        "kinds": figures.kinds,
        "wards": figures.wards,
        "channels": figures.channels,
        "outcomes": figures.outcomes,
        "levels": {level.value: figures.levels.get(level.value, 0) for level in Level},
    }
    return [Chart(name, bars(_rows(name, counts))) for name, counts in counted.items()]


def hours(count: int | None) -> str:
    """Whole hours in words."""
    words = labels()["hours"]
    if count is None:
        return str(words["none"])
    return str(words.get(count) or words["many"]).format(n=f"{count:,}")


def share(part: int, whole: int) -> str:
    """A part of a whole: "30 % (12 of 40)"."""
    if not whole:
        return label("hours", "none")
    return f"{round(100 * part / whole)} % ({part:,} of {whole:,})"


def period(scope: Scope) -> str:
    """From when to when: "1 Jun 2026 to 30 Nov 2026"."""
    return f"{short_day(scope.first)} to {short_day(scope.last)}"


def value_label(name: str, key: str) -> str:
    """What staff read for a value of the table `name`."""
    if name == "weeks":
        return short_day(date.fromisoformat(key))
    if name == "wards":
        return key or label("figure_value", "no_ward")
    if name == "parts":
        number, _, part = key.partition("-")
        return f"{label('weekday', number)}, {label('part', part)}"
    if name == "outcomes":
        own = labels().get("close_reason", {}).get(key) or labels()["figure_value"].get(key)
        return str(own or label("status", key))
    group = {
        "kinds": "kind",
        "channels": "channel",
        "levels": "priority",
        "repeats": "figure_value",
    }
    return label(group[name], key)


def known_values(wards: list[str]) -> dict[str, list[str]]:
    """The values that each table outside has, whether or not a report has them."""
    return {
        "kinds": list(kinds()),
        "wards": [*wards, ""],
        "channels": list(labels()["channel"]),
        "levels": [level.value for level in Level],
        "outcomes": [STILL_OPEN, *(s.value for s in ENDED), *labels().get("close_reason", {})],
    }


def outside_rows(found: Outside) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(table, its lines) of the figures that may leave the house, every number in words."""
    for name, cells in found.tables.items():
        yield name, [(value_label(name, cell.key), _told(cell)) for cell in cells]


def _told(cell: Cell) -> str:
    if cell.shown is not None:
        return f"{cell.shown}"
    return label("figure_value", "few" if cell.few else "not_shown")


def _rows(name: str, counts: Counts) -> list[tuple[str, int, str]]:
    keys = list(counts) if name == "levels" else sorted(counts, key=lambda k: (-counts[k], k))
    return [(value_label(name, key), counts[key], f"{counts[key]:,}") for key in keys]
