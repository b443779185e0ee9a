"""The hours in a text: "about 11", "half ten at night", "between 10 and 2", "2300"."""

import re

from bot.extraction.time_words import time_words

HALF = r"(?P<half>half|quarter) (?P<side>past |to )?"
SUFFIX = r"\s*(?P<suffix>a\.?m\b|p\.?m\b|o'?clock\b)?"
ABOUT = r"(?:about|around|at|by|approx|roughly|gone|just after|just before|after|before|from)"
CLOCK = re.compile(
    rf"(?<![\d/£.])(?:{HALF})?(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?:ish)?{SUFFIX}"
    r"(?![\d/]|\s*(?:days?|weeks?|months?|years?|times?|lads|kids|of them|people|men|houses))"
)
DIGITS = re.compile(
    r"(?<![\d/])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s?(?:hrs|hours|h)?(?!\d)"
)
RANGE = re.compile(
    r"\b(?:between|from)?\s*(\d{1,2}(?:[:.]\d{2})?)\s*(am|pm)?\s*(?:and|to|till|til|until|-)\s*"
    r"(\d{1,2}(?:[:.]\d{2})?)\s*(am|pm)?\b"
)
FIXED = {"midnight": "00:00", "midday": "12:00", "noon": "12:00"}
NOON, EARLY = 12, 6  # o'clock: "10 at night" is 22, "2 at night" is 2


def hours_in(said: str) -> str:
    """ "23:00", "22:00-02:00" or "" when no hour is said; `said` is from words_in()."""
    for word, clock in FIXED.items():
        if re.search(rf"\b{word}\b", said):
            return clock
    if span := _span(said):
        return span
    if found := _clear(said):
        return _clock(int(found["hour"]), int(found["minute"] or 0), found, said)
    if found := DIGITS.search(said):
        leads = re.search(rf"\b{ABOUT}\s*$", said[: found.start()])
        if leads or "hrs" in found[0] or "hours" in found[0]:
            return f"{found['hour']}:{found['minute']}"
    return ""


def _span(said: str) -> str:
    found = RANGE.search(said)
    if not found:
        return ""
    first, one, last, other = found.groups()
    leads = found[0].lstrip().startswith(("between", "from"))
    if not (one or other or (leads and _part_of_day(said))):
        return ""
    begin, end = (part.replace(".", ":").partition(":") for part in (first, last))
    if int(begin[0]) > 23 or int(end[0]) > 23:
        return ""
    half = other or one or _part_of_day(said)
    to = _hour(int(end[0]), half)
    from_ = _hour(int(begin[0]), one or half)
    return f"{from_:02}:{begin[2] or '00'}-{to:02}:{end[2] or '00'}"


def _clear(said: str) -> re.Match[str] | None:
    """The first number that is surely an hour: with am or pm, minutes, or "about" before it."""
    for found in CLOCK.finditer(said):
        before = said[: found.start()]
        leads = re.search(rf"\b{ABOUT}\s*$", before) and _part_of_day(said)
        if found["suffix"] or found["half"] or leads or found["minute"] or "ish" in found[0]:
            return found
    return None


def _clock(hour: int, minute: int, found: re.Match[str], said: str) -> str:
    half = (found["suffix"] or "").replace(".", "")[:2]
    hour = _hour(hour, half if half in ("am", "pm") else _part_of_day(said))
    if found["half"]:
        minute = 30 if found["half"] == "half" else 15
        if (found["side"] or "").strip() == "to":
            hour, minute = (hour - 1) % 24, 60 - minute
    return f"{hour % 24:02}:{minute:02}"


def _hour(hour: int, half: str) -> int:
    """The hour of the day: after noon for pm and for the late hours of an evening."""
    if half in ("am", "evening") and hour == NOON:
        return 0
    if half == "pm" or (half == "evening" and hour >= EARLY):
        return hour if hour >= NOON else hour + NOON
    return hour


def _part_of_day(said: str) -> str:
    """ "am", "evening" or "": which half of the day the words speak of."""
    for half, words in (("am", time_words().morning), ("evening", time_words().evening)):
        if any(re.search(rf"\b{re.escape(word)}\b", said) for word in words):
            return half
    return ""
