"""Reads times as people say them: "last night about 11", "every Friday since June".

The words are kept; the first and last day and the hours are what they mean as of now. What cannot
be dated is said to be vague: nothing is guessed. Days are read in days.py and what it calls,
hours in hours.py; all word lists are in data/time-words.yml.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.extraction.times.days import days_in
from bot.extraction.times.hours import hours_in
from bot.extraction.times.spans import NoSuchDate, Span
from bot.extraction.times.words import any_of, time_words, words_in

LONDON = ZoneInfo("Europe/London")
LONGEST = 2000  # characters that are looked at
SINCE = re.compile(r"\bsince\b")
ONWARDS = re.compile(
    r"(?:\bfrom\b.{3,60}?|\b20\d\d) "
    r"(?:onwards?|(?:until|till|til|to) (?:now|today|date|this day))\b"
)
UNTIL = re.compile(r"\b(?:to|till|til|until|through)\b")
EACH = re.compile(
    r"\b(?:every|each|most) (?:(?:single|other|few|second|so|\d+|bank|school) )?(?:day|night|week"
    r"|weekend|month|year|morning|evening|afternoon|time|hour|holiday|now and|often"
    r"|\w+day|minute)s?\b"
    r"|\b(?:once|twice|times) (?:a|1|per|each) (?:day|night|week|month|year)\b"
)
NOT_HABITS = re.compile(r"\b\d{1,3} \w+ (?:ago|back)\b")
# "Now" by itself or at the end of what is said, not "now I want to"
NOW = re.compile(
    r"(?<!till )(?<!til )(?<!until )(?<!by )\bnow(?=\s*(?:[.!?,\0]|$|please|as well|still))"
)


@dataclass(frozen=True)
class When:
    """What a text says of when something happened.

    `first` and `last` are the days, equal for a single one. For what goes on `last` is today; both
    are None when no beginning is told ("every night"). `time` is "23:00", "22:00-02:00" or "".
    `problem` is "", "future" (the only reading is after now), "no_such_date" (31 June) or "vague"
    (nothing that could be dated); with a problem the days are None, and the words are kept.
    """

    words: str
    first: date | None
    last: date | None
    time: str = ""
    ongoing: bool = False
    problem: str = ""


def read_when(text: str, now: datetime) -> When:
    """What `text` says of when; `now` is a time in St Albans. Never raises."""
    words, said = text.strip(), words_in(text[:LONGEST])
    habit = NOT_HABITS.sub("", said)  # "two nights ago" is no habit
    ongoing = bool(_repeats().search(habit) or EACH.search(habit))
    going_on = bool(_ongoing().search(said) or NOW.search(said))
    hours = hours_in(said)
    try:
        spans = days_in(said, now)
    except NoSuchDate:
        return When(words, None, None, hours, ongoing or going_on, "no_such_date")
    today = now.date()
    past = [span for span in spans if span.first <= today]
    if spans and not past:
        return When(words, None, None, hours, ongoing or going_on, "future")
    if not past and going_on:
        return When(words, today, today, hours, True)
    if not past:
        return When(words, None, None, hours, ongoing, "" if ongoing else "vague")
    first = min(span.first for span in past)
    last = min(max(span.last for span in past), today)
    if _runs_until_now(said, past) or _still().search(said):
        return When(words, first, today, hours, True)
    return When(words, first, last, hours, ongoing or going_on)


def read_as_of_now(text: str) -> When:
    """What `text` says of when, said now in St Albans."""
    return read_when(text, datetime.now(LONDON))


def _runs_until_now(said: str, spans: list[Span]) -> bool:
    """ "Since June": from there until today, unless an end is named."""
    if any(span.since for span in spans):
        return True
    if ONWARDS.search(said):
        return True
    found = SINCE.search(said)
    if not found or not any(span.at >= found.start() for span in spans):
        return False
    return not UNTIL.search(said, found.end()) or len(spans) == 1


@lru_cache(maxsize=1)
def _repeats() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(time_words().repeats)})(?!\w)")


@lru_cache(maxsize=1)
def _ongoing() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(time_words().ongoing)})\b")


@lru_cache(maxsize=1)
def _still() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(time_words().still)})\b")
