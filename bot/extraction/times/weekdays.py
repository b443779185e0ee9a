"""The weekdays in a text: "last Friday", "Friday before last", "a week last Tuesday"."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.extraction.times.spans import WEEK, Read, read
from bot.extraction.times.words import any_of, time_words

JOINED = re.compile(r" ?(?:and|or|,|&|to) ?")


@dataclass(frozen=True)
class Patterns:
    """As they are written out from the names of the weekdays."""

    times_ago: re.Pattern[str]
    weeks_before: re.Pattern[str]
    weeks_ahead: re.Pattern[str]
    plain: re.Pattern[str]
    week_told_later: re.Pattern[str]


def weekdays(said: str, now: datetime) -> Read:
    """Every weekday in `said`, as of `now`: the most recent one, today included, unless it says
    otherwise. A habit ("every Friday", "Friday nights") is no day."""
    today, numbers = now.date(), time_words().weekdays
    for found in _patterns().times_ago.finditer(said):
        days_ago = (today.weekday() - numbers[found["day"]]) % 7 or 7
        day = today - timedelta(days=days_ago) - (int(found[1]) - 1) * WEEK
        yield read(day, day, found)
    for found in _patterns().weeks_before.finditer(said):
        day = today - timedelta(days=(today.weekday() - numbers[found["day"]]) % 7)
        day -= WEEK * (int(found[1] or 1) + (found["last"] is not None and day == today))
        yield read(day, day, found)
    said = _patterns().weeks_before.sub(lambda used: "\0" * len(used[0]), said)
    if found_ahead := _patterns().weeks_ahead.fullmatch(said):
        yield read(today + WEEK, today + WEEK, found_ahead)
        return
    habit_ends = None
    for found in _patterns().plain.finditer(said):
        days_ago = (today.weekday() - numbers[found["day"]]) % 7
        day = today - timedelta(days=days_ago)
        before, after = found["before"] or "", found["after"] or ""
        joined = habit_ends and JOINED.fullmatch(said, habit_ends, found.start())
        if joined or found["habit"] or found["plural"]:
            habit_ends = found.end()
            continue
        if week := re.search(r"(last|this) week", before + after) or (
            _patterns().week_told_later.match(said, found.end())):  # fmt: skip
            day = today - timedelta(days=today.weekday() - numbers[found["day"]])
            day -= WEEK * (week[1] == "last")
        elif before.startswith(("next", "this coming", "coming")):
            day += WEEK
        elif before == "last ":
            day -= WEEK * (not days_ago)
        day += WEEK * (2 if after == " week" else -after.endswith((" before last", " but 1")))
        yield read(day, day, found)


@lru_cache(maxsize=1)
def _patterns() -> Patterns:
    names, things = any_of(time_words().weekdays), any_of(time_words().things)
    day = rf"(?P<day>{names})"
    return Patterns(
        times_ago=re.compile(rf"\b(\d{{1,2}}) {day}s ago\b"),
        weeks_before=re.compile(
            rf"\b(?:(\d{{1,2}}) weeks?|week) "
            rf"(?:(?:ago )?(?:(?P<last>last )|past )|ago (?:on )?){day}\b"
        ),
        weeks_ahead=re.compile(rf"\d{{1,2}} weeks? (?:on )?(?:{names})[.! ]*"),
        plain=re.compile(
            r"\b(?P<before>last week (?:on )?|last |next |this coming |coming "
            rf"|(?P<habit>every (?:other |single )?|each |most ))?{day}"
            r"(?P<plural>s| (?:morning|afternoon|evening|night)s)?\b"
            r"(?P<after>(?: (?:morning|afternoon|evening|night))?"
            r"(?: before last| but 1| week(?! ago)|(?: of| on)? (?:last|this) week)"
            rf")?\b(?! (?:{things})\b)"
        ),
        week_told_later=re.compile(
            rf"(?:,? (?:and |to |or |until |till |through )?(?:{names}))+"
            r"(?: of)? (last|this) week\b"
        ),
    )  # fmt: skip
