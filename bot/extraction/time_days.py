"""The days that a text names: "yesterday", "Friday before last", "25/10", "three weeks ago"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from bot.extraction.time_words import time_words

UNITS = {"day": "days", "night": "days", "week": "weeks", "month": "months", "year": "years"}
NIGHT_ENDS = 5  # o'clock: until then "tonight" is the night that began the day before
NUMERIC = re.compile(r"(?<![\d/.£-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/])")
AGO = re.compile(r"\b(\d{1,3}) (day|night|week|month|year)s? (?:ago|back|since)\b")
FOR = re.compile(r"\b(?:for|over|in) (?:about |around |over |nearly |at least )?"
                 r"(?:the |these )?(?:past |last )?(\d{1,3}) (day|night|week|month|year)s?\b"
                 r"(?! (?:ago|old|in the|time))")  # fmt: skip
RECENT = re.compile(r"\b(last|this|the past|past|next) (\d{1,2} )?(week|month|year|weekend)s?\b")
YEAR = re.compile(r"\b(?:in|since|during) (20\d\d)\b")
ORDINAL = re.compile(r"\b(?:the|on) (\d{1,2})(?:st|nd|rd|th)\b(?! (\w+))?")


class NoSuchDate(ValueError):
    """A date that is in no calendar."""


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`; `at` is where they stand in the text; `since` runs until now."""

    first: date
    last: date
    at: int
    since: bool = False


def days_in(said: str, now: datetime) -> list[Span]:
    """All days that `said` (from words_in()) names, as of `now`. Raises NoSuchDate."""
    spans: list[Span] = []
    taken = said
    for reader in (_dates, _relative, _named, _weekdays, _months):
        for span, used in reader(taken, now):
            spans.append(span)
            taken = taken[: used[0]] + "\0" * (used[1] - used[0]) + taken[used[1] :]
    return spans


Read = Iterator[tuple[Span, tuple[int, int]]]


def _dates(said: str, now: datetime) -> Read:
    """25/10, 25.10.2026, 25th of October 2026, October 25, the 25th."""
    for found in NUMERIC.finditer(said):
        day, mark, month, year = found.groups()
        if (mark == "/" and (day, month) != ("24", "7")) or year:
            yield _span(_date(day, int(month), year, now), found), found.span()
    names = "|".join(sorted(time_words().months, key=len, reverse=True))
    before = rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({names})\b(?: (\d{{4}}))?"
    after = (
        rf"\b({names}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:|\.\d| ?[ap]m)(?:,? (\d{{4}}))?"
    )
    for found in re.finditer(before, said):
        month = time_words().months[found[2]]
        yield _span(_date(found[1], month, found[3], now), found), found.span()
    for found in re.finditer(after, said):
        if re.search(r"\d(?:st|nd|rd|th)? (?:of )?$", said[: found.start()]):
            continue
        month = time_words().months[found[1]]
        yield _span(_date(found[2], month, found[3], now), found), found.span()
    for found in ORDINAL.finditer(said):
        follows = re.match(r" (\w+)", said[found.end(1) + 2 :])
        if follows and follows[1] in time_words().not_a_day:
            continue
        if day := _most_recent(int(found[1]), now.date()):
            yield _span(day, found), found.span()


def _relative(said: str, now: datetime) -> Read:
    """Yesterday, last night, tonight, three weeks ago, for the past two months, last week."""
    today = now.date()
    tonight = today - timedelta(days=now.hour < NIGHT_ENDS)
    yesterday = today - timedelta(days=1)
    named = {
        r"day before yesterday|night before last": (today - timedelta(days=2),) * 2,
        r"the other (?:day|night|evening|morning|week)": (today - timedelta(days=7), yesterday),
        r"yesterday|last (?:night|evening)": (yesterday,) * 2,
        r"tonight": (tonight,) * 2,
        r"today|this (?:morning|afternoon|evening)|just now|(?:an|\d) hours? ago"
        r"|\d+ min(?:ute)?s? ago|minutes ago": (today,) * 2,
        r"tomorrow": (today + timedelta(days=1),) * 2,
    }
    for words, (first, last) in named.items():
        for found in re.finditer(rf"\b(?:{words})\b", said):
            yield Span(first, last, found.start()), found.span()
        said = re.sub(rf"\b(?:{words})\b", lambda used: "\0" * len(used[0]), said)
    for found in AGO.finditer(said):
        day = today - relativedelta(**{UNITS[found[2]]: int(found[1])})  # type: ignore[arg-type]
        yield Span(day, day, found.start()), found.span()
    for found in FOR.finditer(said):
        day = today - relativedelta(**{UNITS[found[2]]: int(found[1])})  # type: ignore[arg-type]
        yield Span(day, today, found.start(), since=True), found.span()
    for found in RECENT.finditer(said):
        yield Span(*_recent(found, today), found.start(), since=bool(found[2])), found.span()
    for found in re.finditer(r"\b(?:at|over) the weekend\b", said):
        yield Span(*_weekend(today), found.start()), found.span()


def _recent(found: re.Match[str], today: date) -> tuple[date, date]:
    """Last week, this month, the past 3 weeks, next year."""
    which, number, unit = found.groups()
    if number:
        return today - relativedelta(**{UNITS[unit.replace("weekend", "week")]: int(number)}), today  # type: ignore[arg-type]
    if unit == "weekend":
        first, last = _weekend(today)
        return (
            (first + timedelta(days=7), last + timedelta(days=7))
            if which == "next"
            else (first, last)
        )
    step = {"last": -1, "next": 1}.get(which, 0)
    if which in ("the past", "past"):
        return today - relativedelta(**{UNITS[unit]: 1}), today  # type: ignore[arg-type]
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        last = first + timedelta(days=6)
    elif unit == "month":
        first = today.replace(day=1) + relativedelta(months=step)
        last = first + relativedelta(months=1) - timedelta(days=1)
    else:
        first = today.replace(month=1, day=1) + relativedelta(years=step)
        last = first.replace(month=12, day=31)
    return first, last if step else min(last, today)


def _named(said: str, now: datetime) -> Read:
    """Christmas, bonfire night, Easter, last summer."""
    today = now.date()
    for name, (month, day) in time_words().named_days.items():
        for found in re.finditer(rf"\b{re.escape(name)}\b", said):
            if "\0" not in found[0]:
                yield _span(_not_after(month, day, today), found), found.span()
    for found in re.finditer(r"\beaster\b", said):
        this = easter(today.year)
        sunday = this if this <= today else easter(today.year - 1)
        friday, monday = sunday - timedelta(days=2), sunday + timedelta(days=1)
        yield Span(friday, monday, found.start()), found.span()
    for name, (first, last) in time_words().seasons.items():
        for found in re.finditer(rf"\b(?:last|this|since|in the|over the) {name}\b", said):
            begin = _not_after(first, 1, today)
            end = begin + relativedelta(months=last - first + 1) - timedelta(days=1)
            yield Span(begin, min(end, today), found.start()), found.span()


def _weekdays(said: str, now: datetime) -> Read:
    """Friday, last Friday, Friday gone, Friday before last, a week last Tuesday, next Friday."""
    names = "|".join(time_words().weekdays)
    pattern = (
        rf"\b(?P<before>1 week |last |next |this coming |coming |every |each |most |on )?"
        rf"(?P<day>{names})(?P<plural>s)?\b(?P<after> before last| week| just gone| gone)?"
    )
    today = now.date()
    for found in re.finditer(pattern, said):
        before = (found["before"] or "").strip()
        if found["plural"] or before in ("every", "each", "most"):
            continue  # a habit: it goes on, and no day is meant
        back = (today.weekday() - time_words().weekdays[found["day"]]) % 7
        day = today - timedelta(days=back)
        if before in ("next", "this coming", "coming"):
            day += timedelta(days=7)
        elif before == "last" and not back:
            day -= timedelta(days=7)
        if before == "1 week" or said[: found.start()].endswith("1 week "):
            day -= timedelta(days=7)
        if found["after"] == " before last":
            day -= timedelta(days=7)
        yield Span(day, day, found.start("day")), found.span()


def _months(said: str, now: datetime) -> Read:
    """In June, since last June, the start of November, in 2024."""
    today = now.date()
    names = "|".join(name for name in time_words().months if len(name) > 3)
    leads = r"(?:in|since|last|during|of|from|until|till|to|and|all|early|late|mid|end of|start of)"
    for found in re.finditer(rf"\b{leads} ({names})\b(?: (\d{{4}}))?", said):
        month = time_words().months[found[1]]
        first = _not_after(month, 1, today) if not found[2] else date(int(found[2]), month, 1)
        last = first + relativedelta(months=1) - timedelta(days=1)
        yield (
            Span(first, min(last, today) if first <= today else last, found.start(1)),
            found.span(),
        )
    for found in YEAR.finditer(said):
        first = date(int(found[1]), 1, 1)
        last = date(int(found[1]), 12, 31)
        yield (
            Span(first, min(last, today) if first <= today else last, found.start(1)),
            found.span(),
        )


def _by_now(first: date, last: date, today: date) -> date:
    """The end of a span, but not after today when it has begun."""
    return min(last, today) if first <= today else last


def _date(day: str, month: int, year: str | None, now: datetime) -> date:
    try:
        if not year:
            return _not_after(month, int(day), now.date())
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    except ValueError:
        raise NoSuchDate from None


def _not_after(month: int, day: int, today: date) -> date:
    """The most recent such day that is not in the future. Raises ValueError for 31 June."""
    date(2028, month, day)  # a leap year: what is in no year at all is refused at once
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if found <= today:
            return found
    raise ValueError("no such day")


def _most_recent(day: int, today: date) -> date | None:
    """The last day of a month with this number: "the 25th"."""
    for back in range(3):
        month = today.replace(day=1) - relativedelta(months=back)
        try:
            found = month.replace(day=day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def _weekend(today: date) -> tuple[date, date]:
    """The weekend that is, or the one before."""
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    return saturday, min(saturday + timedelta(days=1), max(today, saturday))


def _span(day: date, found: re.Match[str]) -> Span:
    return Span(day, day, found.start())
