"""Dates of the calendar in a text: "25/10", "5th-9th November", "the 25th", "June 2025"."""

import re
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from bot.extraction.times.spans import NoSuchDate, Read, exact, latest, month_of, read
from bot.extraction.times.words import any_of, time_words

ISO = re.compile(r"(?<![\d/.-])(20\d\d)-(\d\d)-(\d\d)(?![\d-])")
# "1/2 an hour" and "24/7" are none
NUMERIC = re.compile(
    r"(?<![\d/.£])(?!24/7\b)(\d{1,2})(?:(/)|[.-](?=\d{1,2}[.-]\d))(\d{1,2})"
    r"(?:(?:/|[.-])(\d{4}|\d{2}))?(?![\d/])"
    r"(?! (?:an? |\d hours?|of |hours?|past|mile|way|term|full|empty))"
)
ONLY_ORDINAL = re.compile(r"(?:it was |on |the )*(\d{1,2})(?:st|nd|rd|th)[.! ]*")
AFTER_A_DAY = re.compile(r"\d(?:st|nd|rd|th)? (?:of )?$")
ONLY_YEAR = re.compile(r"(?:about |around |in |back in )*((?:19|20)\d\d)[.! ]*")
YEAR = re.compile(r"\b(?:in|since|during|of|year) (20\d\d)\b(?! ?(?:hours|hrs|h)\b)")
LEADS = r"in|since|last|this|during|early|late|mid|by|around|before|after|end of|start of"
LEADS += r"|beginning of|middle of|all through|back in|until|week of|weekend of|weekend in"
WEAK_LEADS = r"from|of|till|til|to|and|or|all|through|-"


def dates(said: str, now: datetime) -> Read:
    """25/10, 25.10.2026, 2026-10-25, 25th of October, October 25, the 25th. Raises NoSuchDate."""
    today = now.date()
    for found in ISO.finditer(said):
        day = exact(found[3], int(found[2]), found[1])
        yield read(day, day, found)
    for found in NUMERIC.finditer(said):
        if int(found[1]) > 31 and int(found[3]) > 31:
            continue  # "50/50"
        day = _date(found[1], int(found[3]), found[4], today)
        yield read(day, day, found)
    yield from _with_months(said, today)
    if (only := ONLY_ORDINAL.fullmatch(said)) and int(only[1]) > 31:
        raise NoSuchDate
    for found in _ordinal().finditer(said):
        follows = re.match(r" (of them|\w+)", said[found.end() :])
        if not found["month"] and follows and follows[1] in time_words().not_a_day:
            continue
        if which := found["month"]:
            month = today.replace(day=1) - relativedelta(months=which == "last")
            day = exact(found["day"], month.month, str(month.year))
            yield read(day, day, found)
        elif recent := _most_recent(int(found["day"]), today):
            yield read(recent, recent, found)


def _with_months(said: str, today: date) -> Read:
    """25th of Oct 2026, Sunday 25 October last year, 5th-9th November, Oct 25."""
    day_first, month_first = _patterns()
    for found in (*day_first.finditer(said), *month_first.finditer(said)):
        if found.re is month_first and AFTER_A_DAY.search(said, 0, found.start()):
            continue
        month = time_words().months[found["month"]]
        last = _date(found["day"], month, _year(found, today), today)
        begin = found.groupdict().get("from")
        yield read(latest(month, int(begin), last) if begin else last, last, found)


def months(said: str, now: datetime) -> Read:
    """In June, since last June, the start of November, June 2025, in 2024."""
    today = now.date()
    names = any_of(time_words().months)
    things = any_of(time_words().things)
    found_months = list(re.finditer(
        rf"(?:\b(?P<lead>{LEADS}|{WEAK_LEADS}) )?\b(?P<month>{names})\b"
        rf"(?: (?P<year>20\d\d)\b| (?P<which>last|this) year\b)?(?! (?:{things})\b|')",
        said))  # fmt: skip
    only = re.fullmatch(rf"(?:about |around |sometime |maybe |back )*(?:{names})[.! ]*", said)
    joined = {f for one, other in pairwise(found_months) for f in (one, other)
              if other["lead"] and one.end() + 1 == other.start()}  # fmt: skip
    for found in found_months:
        sure = found["year"] or found["which"] or re.fullmatch(LEADS, found["lead"] or "")
        onwards = found["lead"] == "from" and re.match(r" (?:un|on|to|till)", said[found.end() :])
        if not (only or sure or onwards or found in joined):
            continue
        month = time_words().months[found["month"]]
        first = _date("1", month, _year(found, today), today)
        if found["lead"] == "last" and first == today.replace(day=1):
            first -= relativedelta(years=1)
        yield read(*month_of(first), found)
    only_year = ONLY_YEAR.fullmatch(said)
    for found in [only_year] if only_year else YEAR.finditer(said):
        yield read(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31), found)


@lru_cache(maxsize=1)
def _ordinal() -> re.Pattern[str]:
    """The 25th, Friday 13th, 12th of last month, and "25th" when nothing else is said."""
    lead = rf"(?:the|on|since|on the|(?:{any_of(time_words().weekdays)})(?: the)?)"
    return re.compile(
        rf"(?:\b{lead} |^(?=\d+\w\w[.! ]*$)|(?<!\S)(?=\d+\w\w (?:of )?(?:last|this) month))"
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?:(?: of)? (?P<month>last|this) month\b)?"
    )


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names, weekdays = any_of(time_words().months), any_of(time_words().weekdays)
    weekday = rf"(?:\b(?:{weekdays}),? (?:the )?)?"
    first = (r"(?:(?<![\d/:.])(?P<from>\d{1,2})(?:(?:st|nd|rd|th),? ?"
             r"(?:\d{1,2}(?:st|nd|rd|th),? ?)*"
             r"(?:-|to|and|until|till|or|&|,)| ?(?:-|to)|(?<=between \d) and|(?<=between \d\d) and"
             rf"| and(?= (?:{weekdays}) )) ?(?:the )?)?")  # fmt: skip
    year = (
        r"(?:,? (?P<year>20\d\d)\b| ?'(?P<short>\d\d)\b"
        r"|(?: of)? (?P<which>last|this) year\b| (?P<end>[12]\d)(?=[.! ]*$))?"
    )
    return (
        re.compile(
            rf"{weekday}{first}{weekday}(?<![\d/:.])(?P<day>\d{{1,2}}) ?(?:st|nd|rd|th)? ?(?:of )?"
            rf"(?P<month>{names})\b{year}"
        ),
        re.compile(
            rf"{weekday}\b(?P<month>{names}) (?:the )?(?P<day>\d{{1,2}})"
            rf"(?:st|nd|rd|th)?\b(?!:|\.\d| ?[ap]m|\s*o'clock){year}"
        ),
    )


def _year(found: re.Match[str], today: date) -> str | None:
    groups = found.groupdict()
    if which := groups.get("which"):
        return str(today.year - (which == "last"))
    return groups.get("year") or groups.get("short") or groups.get("end")


def _date(day: str, month: int, year: str | None, today: date) -> date:
    return exact(day, month, year) if year else latest(month, int(day), today)


def _most_recent(day: int, today: date) -> date | None:
    """The last day of a month with this number: "the 25th"."""
    for months_back in range(3):
        month = today.replace(day=1) - relativedelta(months=months_back)
        try:
            found = month.replace(day=day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
