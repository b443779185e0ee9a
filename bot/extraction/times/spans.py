"""Spans of days, and the sums that every reader of days needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
UNITS = {"day": "days", "night": "days", "week": "weeks", "weekend": "weeks", "month": "months",
         "year": "years"}  # fmt: skip


class NoSuchDate(ValueError):
    """A date that is in no calendar."""


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`; `at` is where they stand in the text; `since` runs until now."""

    first: date
    last: date
    at: int
    since: bool = False


# A span, and the characters that say it
Read = Iterator[tuple[Span, tuple[int, int]]]


def read(
    first: date, last: date, found: re.Match[str], since: bool = False
) -> tuple[Span, tuple[int, int]]:
    """A span that the whole of `found` says."""
    return Span(first, last, found.start(), since), found.span()


def back(day: date, number: int, unit: str) -> date:
    """`day` less `number` of a unit: "month", "night"."""
    return day - relativedelta(**{UNITS[unit]: number})  # type: ignore[arg-type]


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month that `day` is in."""
    first = day.replace(day=1)
    return first, first + relativedelta(months=1) - DAY


def latest(month: int, day: int, today: date) -> date:
    """The most recent such day that is not after `today`. Raises NoSuchDate for 31 June."""
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February, or no day at all
            continue
        if found <= today:
            return found
    raise NoSuchDate


def exact(day: str, month: int, year: str) -> date:
    """The day of a year of two or four digits. Raises NoSuchDate."""
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    except ValueError:
        raise NoSuchDate from None
