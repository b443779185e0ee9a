"""Reads a filter of the list from the address of a page, and writes it into one."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.extraction.words import kinds
from bot.reports.finding import Filter, Tab
from bot.reports.model import Level, Status

LONGEST = 100  # characters of any value
MARKS = ("hate", "vulnerable", "repeat")
CHOICES: dict[str, type[StrEnum]] = {"tab": Tab, "status": Status, "level": Level}
DAYS = ("since", "until")
TEXTS = ("kind", "ward", "channel", "assignee")
NAMES = (*CHOICES, *DAYS, *TEXTS, *MARKS)


def read(
    values: Mapping[str, str], channels: Collection[str], me: str = "", tab: Tab = Tab.OPEN
) -> tuple[Filter, dict[str, str]]:
    """The filter that `values` (of an address or a form) ask for, and what is wrong with them: the
    names of fields, each with a key of the staff site's words (group `filter_problems`). A wrong
    value is left out. `tab` is the one when none is named; `channels` are those that there are.
    """
    found: dict[str, Any] = {"tab": tab, "me": me}
    problems = {}
    for name in NAMES:
        value = values.get(name, "").strip()
        if not value:
            continue
        try:
            found[name] = _value(name, value, channels)
        except ValueError:
            problems[name] = "day" if name in DAYS else "unknown"
    since, until = found.get("since"), found.get("until")
    if since and until and since > until:
        problems["until"] = "before"
        del found["until"]
    return Filter(**found), problems


def _value(name: str, value: str, channels: Collection[str]) -> Any:
    if len(value) > LONGEST or not value.isprintable():
        raise ValueError(value)
    if name in CHOICES:
        return CHOICES[name](value)
    if name in DAYS:
        return _day(value)
    known = {"kind": kinds(), "channel": channels, **dict.fromkeys(MARKS, ("yes",))}
    if name in known and value not in known[name]:
        raise ValueError(value)
    return True if name in MARKS else value


def _day(value: str) -> date:
    day = date.fromisoformat(value)
    if not 2000 <= day.year <= 2100:  # beyond, a time zone's arithmetic fails
        raise ValueError(value)
    return day


def as_query(wanted: Filter, tab: Tab = Tab.OPEN) -> dict[str, str]:
    """The part of an address that `read` makes `wanted` of; a search is never in it. `tab` is the
    one that need not be named."""
    query = {}
    for name in NAMES:
        value = getattr(wanted, name)
        if name in MARKS:
            value = "yes" if value else ""
        if value and not (name == "tab" and value is tab):
            query[name] = value.isoformat() if name in DAYS else str(value)
    return query


def without(wanted: Filter, name: str) -> Filter:
    """The same filter when nothing is asked of `name`."""
    return replace(wanted, **{name: getattr(Filter(), name)})
