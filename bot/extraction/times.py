"""Reads times as people say them: "last night about 11", "every Friday since June".

The words are kept; the first and last day and the hours are what they mean as of now. What cannot
be dated is said to be vague: nothing is guessed. Day words are in time_days.py, hours in
time_hours.py, all word lists in data/time-words.yml.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.extraction.time_days import NoSuchDate, Span, days_in
from bot.extraction.time_hours import hours_in
from bot.extraction.time_words import time_words, words_in

LONGEST = 600  # characters that are looked at
SINCE = re.compile(r"\b(?:since|from|ever since)\b(?! \d{1,2} ?(?:am|pm|to|till|until)\b)")
UNTIL = re.compile(r"\b(?:to|till|til|until|through)\b")


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
    ongoing = _goes_on(said)
    hours = hours_in(said)
    try:
        spans = days_in(said, now)
    except NoSuchDate:
        return When(words, None, None, hours, ongoing, "no_such_date")
    today = now.date()
    past = [span for span in spans if span.first <= today]
    if spans and not past:
        return When(words, None, None, hours, ongoing, "future")
    if not past and _is_now(said):
        return When(words, today, today, hours, True)
    if not past:
        return When(words, None, None, hours, ongoing, "" if ongoing else "vague")
    first = min(span.first for span in past)
    last = min(max(span.last for span in past), today)
    if _runs_until_now(said, past):
        return When(words, first, today, hours, True)
    return When(words, first, last, hours, ongoing)


def _runs_until_now(said: str, spans: list[Span]) -> bool:
    """ "Since June": from there until today, unless an end is named."""
    if any(span.since for span in spans):
        return True
    found = SINCE.search(said)
    if not found or not any(span.at >= found.end() for span in spans):
        return False
    return not UNTIL.search(said, found.end()) or len(spans) == 1


def _goes_on(said: str) -> bool:
    listed = time_words().repeats + time_words().ongoing
    return any(re.search(rf"\b{re.escape(words)}\b", said) for words in listed)


def _is_now(said: str) -> bool:
    return any(re.search(rf"\b{re.escape(words)}\b", said) for words in time_words().ongoing)
