"""Says in words what a list is filtered by."""

from datetime import date
from typing import NamedTuple

from bot.reports import filter_reading
from bot.reports.finding import NOBODY, Filter
from bot.staff.labels import label
from bot.staff.shown import short_day

LABELLED = ("status", "kind", "level", "channel")
GROUPS = {"level": "priority"}


class Part(NamedTuple):
    """One thing that a list is filtered by; `name` is its field ("search" for a search)."""

    name: str
    title: str
    value: str


def parts(wanted: Filter) -> list[Part]:
    """What is asked of the reports, beside the tab."""
    found = [
        Part(name, label("filters", name), _value(name, getattr(wanted, name)))
        for name in filter_reading.NAMES
        if name != "tab" and getattr(wanted, name)
    ]
    if wanted.words:
        found.append(Part("search", label("filters", "words"), f"“{wanted.words.text}”"))
    return found


def in_words(wanted: Filter) -> str:
    """The same as one text, for the record of exports, which must not hold what was searched for:
    that may be somebody's name."""
    told = [label("tabs", wanted.tab)]
    for part in parts(wanted):
        value = label("filters", "some_words") if part.name == "search" else part.value
        told.append(f"{part.title}: {value}" if value else part.title)
    return "; ".join(told)


def _value(name: str, value: object) -> str:
    if isinstance(value, date):
        return short_day(value)
    if value is True:
        return ""
    if name == "assignee" and value == NOBODY:
        return label("filters", "nobody")
    return label(GROUPS.get(name, name), str(value)) if name in LABELLED else str(value)
