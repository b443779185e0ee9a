"""The days that a text names, counted from today: "yesterday", "last week", "3 weeks ago"."""

import re
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.extraction.times.dates import dates, months
from bot.extraction.times.named import named
from bot.extraction.times.spans import DAY, WEEK, Read, Span, back, month_of, read
from bot.extraction.times.weekdays import weekdays

NIGHT_ENDS = 5  # o'clock: until then "tonight" is the night that began the day before
UNIT = r"(day|night|week|month|year)s?"
BY_DAY = [  # first and last day before today; None: tonight
    (re.compile(r"\b(?:day|night|evening) before (?:yesterday|last)\b"), (2, 2)),
    (re.compile(r"\bthe other (?:day|night|evening|morning|week)\b"), (7, 1)),
    (re.compile(r"\b(?:yesterday|last (?:night|evening))\b"), (1, 1)),
    (re.compile(r"\b(?:tonight|this evening)\b"), None),
    (re.compile(r"\b(?:today|this (?:morning|afternoon)|just now|earlier on|(?:a )?(?:few )?"
                r"(?:minutes|moments?) ago)\b"), (0, 0)),
    (re.compile(r"\btomorrow\b"), (-1, -1)),
]  # fmt: skip
HOURS_AGO = re.compile(r"\b(?:(\d{1,3})|half an?) (hour|minute)s?(?: and a half)? ago\b")
LAST_HOURS = re.compile(r"\b(?:last|past) (\d{1,3}) hours\b")
AGO = re.compile(rf"\b(\d{{1,3}}) {UNIT} (?:ago|back|since)(?: today)?\b")
FOR = re.compile(rf"\b(?:for|over|in) (?:about |around |over |nearly |at least )?"
                 rf"(?:the |these )?(past |last )?(\d{{1,3}}) {UNIT}\b"
                 rf"(?!'| (?:ago|old|in the|in a row|time|last|during|from now))")  # fmt: skip
AHEAD = re.compile(
    rf"(?P<alone>^)?\bin (\d{{1,3}}) {UNIT}(?:'s?)?(?: time| from now|(?(alone)[.! ]*$|(?!)))"
)
BEFORE_LAST = re.compile(r"\b(week|weekend|month|year) before last\b")
RECENT = re.compile(r"\b(last|this|the past|past|next|all) (?:(\d{1,2}) (day|night|week|month|year)"
                    r"s?|(week|month|year|weekend)s?)\b(?! before| of\b)")  # fmt: skip
WEEKEND = re.compile(r"\b(?:at|over|on|during) (?:the )?weekend\b")


def days_in(said: str, now: datetime) -> list[Span]:
    """All days that `said` (from words_in()) names, as of `now`. Raises NoSuchDate."""
    spans: list[Span] = []
    for reader in (dates, named, months, weekdays, _relative):
        used = list(reader(said, now))
        spans += [span for span, _ in used]
        for _, (start, end) in used:
            said = said[:start] + "\0" * (end - start) + said[end:]
    return spans


def _relative(said: str, now: datetime) -> Read:
    """Yesterday, last night, tonight, three weeks ago, for the past two months, last week."""
    today = now.date()
    tonight = int(now.hour < NIGHT_ENDS)
    for found in HOURS_AGO.finditer(said):
        length = timedelta(**{f"{found[2]}s": int(found[1] or 0)})
        day = _earlier(now, length)
        yield read(day, day, found)
    for found in LAST_HOURS.finditer(said):
        yield read(_earlier(now, timedelta(hours=int(found[1]))), today, found)
    for found in AGO.finditer(said):
        day = back(today, int(found[1]), found[2])
        yield read(day, day, found)
    said = AGO.sub(lambda used: "\0" * len(used[0]), said)
    for pattern, ago in BY_DAY:
        begin, end = ago or (tonight, tonight)
        for found in pattern.finditer(said):
            yield read(today - begin * DAY, today - end * DAY, found)
        said = pattern.sub(lambda used: "\0" * len(used[0]), said)
    for found in AHEAD.finditer(said):
        day = back(today, -int(found[2]), found[3])
        yield read(day, day, found)
    said = AHEAD.sub(lambda used: "\0" * len(used[0]), said)
    for found in FOR.finditer(said):
        yield read(back(today, int(found[2]), found[3]), today, found, since=True)
    said = FOR.sub(lambda used: "\0" * len(used[0]), said)
    for found in BEFORE_LAST.finditer(said):
        first, last = _unit("last", found[1], today)
        yield read(
            back(first, 1, found[1]), first - DAY if "end" not in found[1] else last - WEEK, found
        )
    for found in RECENT.finditer(said):
        if found[2]:
            yield read(back(today, int(found[2]), found[3]), today, found, since=True)
        else:
            yield read(*_unit(found[1], found[4], today), found)
    for found in WEEKEND.finditer(said):
        yield read(*_unit("this", "weekend", today), found)


def _earlier(now: datetime, length: timedelta) -> date:
    """The day it was `length` ago, also when the clocks have changed since."""
    return (now.astimezone(UTC) - length).astimezone(now.tzinfo).date()


def _unit(which: str, unit: str, today: date) -> tuple[date, date]:
    """Last week, this month, the past year, next weekend."""
    step = {"last": -1, "next": 1}.get(which, 0)
    if "past" in which:
        return back(today, 1, unit), today
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        behind = which == "last" and today.weekday() > 4
        saturday += WEEK * (1 if step == 1 else -behind)
        return saturday, saturday + DAY
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + step * WEEK
        return first, first + 6 * DAY
    if unit == "month":
        return month_of(today.replace(day=1) + relativedelta(months=step))
    return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
