"""Days and times of the year with a name: Christmas, Easter Monday, a bank holiday, last summer."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from bot.extraction.times.spans import DAY, Read, exact, latest, read
from bot.extraction.times.words import any_of, time_words

YEAR = r"(?: (20\d\d)\b| (last|this) year\b)?"
EASTER = re.compile(rf"\b(?:(good friday)|easter (sunday|monday)|easter)\b{YEAR}")
BANK_HOLIDAY = re.compile(
    r"\b(?<!every )(?<!each )(?<!most )"
    r"(?:(?!every|each|most)\w+ )?bank holiday(?: (weekend)| monday| friday)?\b(?!s)"
)


def named(said: str, now: datetime) -> Read:
    """Every such day and season in `said`, the most recent one as of `now`."""
    today = now.date()
    things = any_of(time_words().things)
    days = time_words().named_days
    for found in re.finditer(rf"\b({any_of(days)})\b{YEAR}(?! (?:{things})\b)", said):
        month, number = days[found[1]]
        year = _year(found[2], found[3], today)
        day = exact(str(number), month, str(year)) if year else latest(month, number, today)
        yield read(day, day, found)
    for found in EASTER.finditer(said):
        yield read(*_easter(found, today), found)
    for found in BANK_HOLIDAY.finditer(said):
        if off := _bank_holiday(found[0], today):
            yield read(*(_days_off(off) if found[1] else (off, off)), found)
    leads = r"last|this|since|in|over|during|all|through|since last|since the"
    seasons = any_of(time_words().seasons)
    for found in re.finditer(
        rf"\b(?:(?:{leads})(?: the)? ({seasons})|({seasons})(?= 20))"
        rf"(?: (20\d\d))?\b(?! (?:{things})\b)",
        said,
    ):
        first, last = time_words().seasons[found[1] or found[2]]
        begin = date(int(found[3]), first, 1) if found[3] else latest(first, 1, today)
        length = relativedelta(months=(last - first) % 12 + 1)
        if found[0].startswith("last") and today < begin + length:
            begin -= relativedelta(years=1)
        elif found[0].startswith("this") and today >= begin + length:
            begin += relativedelta(years=1)  # still to come
        yield read(begin, begin + length - DAY, found)


def _year(told: str | None, which: str | None, today: date) -> int | None:
    """Of "Christmas 2024" or "Halloween last year"."""
    return int(told) if told else today.year - (which == "last") if which else None


def _easter(found: re.Match[str], today: date) -> tuple[date, date]:
    """The most recent one: a day of it by name, or Good Friday to Easter Monday."""
    offsets = {"good friday": (-2, -2), "sunday": (0, 0), "monday": (1, 1)}
    first, last = offsets.get(found[1] or found[2] or "", (-2, 1))
    year = _year(found[3], found[4], today)
    sunday = easter(year or today.year)
    if not year and sunday + timedelta(days=first) > today:
        sunday = easter(today.year - 1)
    return sunday + timedelta(days=first), sunday + timedelta(days=last)


def _bank_holiday(words: str, today: date) -> date | None:
    """The most recent one, of the month that `words` name if they do."""
    month = time_words().months.get(words.split()[0])
    return max((day for year in (today.year, today.year - 1) for day in _holidays(year)
                if day <= today and month in (None, day.month)), default=None)  # fmt: skip


def _days_off(day: date) -> tuple[date, date]:
    """The weekend around a bank holiday, with it."""
    first = last = day
    while (first - DAY).weekday() > 4 or first - DAY in _holidays((first - DAY).year):
        first -= DAY
    while (last + DAY).weekday() > 4 or last + DAY in _holidays((last + DAY).year):
        last += DAY
    return first, last


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
