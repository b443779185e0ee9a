"""The hours in a text: "about 11", "9.45 this morning", "between 10 and 2", "2300"."""

import re

from bot.extraction.times.words import any_of, time_words

HALF_OF_DAY = r"(a\.?m\b\.?|p\.?m\b\.?)"
TIME = r"(\d{1,2})(?:[:.]([0-5]\d))?"
ABOUT = re.compile(r"\b(?:about|around|at|by|approx|roughly|gone|after|before|from|since)\s*$")
PART = r"(?:night|evening|morning|afternoon)"
PART_BEFORE = re.compile(rf"(?:{PART}|tonight),? $")
DAY_BEFORE = re.compile(r"(?:yesterday|today|day),? $")
PART_BEHIND = re.compile(
    rf" (?:in the |at |on |last |this |on \w+day |\w+day )(?:{PART}s?)\b| tonight\b"
)
DAY_BEHIND = re.compile(r" (?:yesterday|today|on \w+day|\w+day)\b")
CLOCK = re.compile(
    rf"(?<![\d/£.:\0-]){TIME}(ish)?(?:\s*{HALF_OF_DAY}|\s*(o'?clock|(?<=\d\d)\s?(?:hrs|hours|h))\b)?"
    r"(?![\d/\0]|[:.]\d|[a-z%]|-\d|\s*(?:st|nd|rd|th|days?|nights?|weeks?|months?|years?|hours?|minutes?)\b)"
)
DIGITS = re.compile(r"(?<![\d/:.\0-])([01]\d|2[0-3])([0-5]\d)\s?(hrs|hours|h)?(?![\d\w/:.-])")
RANGE = re.compile(
    rf"(?<![\d/:.£\0-]){TIME}\s*{HALF_OF_DAY}?(?: on)?(?: \w+day)?(?: night)?"
    rf"\s*(?:and|to|till|til|until|-|–)\s*"
    rf"(?:about |around )?{TIME}\s*{HALF_OF_DAY}?"
    r"(?![\d/\0]|[:.]\d|[a-z]| (?:days|weeks|months|years|times))"
)
NOON, EARLY = 12, 5  # o'clock: "10 at night" is 22, "4 at night" is 4; "5 in the evening" is 17


def hours_in(said: str) -> str:
    """ "23:00", "22:00-02:00" or "" when no hour is said; `said` is from words_in()."""
    part = _part_of_day(said)
    for found in RANGE.finditer(said):
        if span := _span(found, part, said):
            return span
    for found in CLOCK.finditer(said):
        hour, minute, ish, half, oclock = found.groups()
        if int(hour) < 24 and (half or ish or oclock or minute or _is_an_hour(found, said, part)):
            return f"{_hour(int(hour), half, part):02}:{int(minute or 0):02}"
    for found in DIGITS.finditer(said):
        before, rest = said[: found.start()], said[found.end() :].strip(" .!?")
        if found[1] in ("19", "20") and not found[3] and not before.rstrip().endswith("at"):
            continue  # a year
        last = not rest and (PART_BEFORE.search(before) or DAY_BEFORE.search(before))
        behind = PART_BEHIND.match(said, found.end()) or DAY_BEHIND.match(said, found.end())
        first = not before.strip() and (not rest or behind)
        if found[3] or ABOUT.search(before) or last or first:
            return f"{int(found[1]):02}:{int(found[2]):02}"
    return ""


def _is_an_hour(found: re.Match[str], said: str, part: str) -> bool:
    """Whether a bare number is one: "about 11" with "night" in the text, "last night 11"."""
    before, rest = said[: found.start()], said[found.end() :]
    part_behind = PART_BEHIND.match(said, found.end())
    if ABOUT.search(before):
        return bool(part or part_behind)
    if not rest.strip(" .!?"):
        return PART_BEFORE.search(before) is not None
    return not before.strip() and part_behind is not None


def _span(found: re.Match[str], part: str, said: str) -> str:
    """ "22:00-02:00", or "" for numbers that are no hours ("between 3 and 4 of them")."""
    first, minute, one, last, end_minute, other = found.groups()
    clocks = bool(minute and end_minute)
    if not (one or other or clocks or part) or int(first) > 23 or int(last) > 23:
        return ""
    end = _hour(int(last), other, part)
    begin = _hour(int(first), one or other, part)
    if one and not other:  # "11pm till 2": the first such hour after it
        end = _nearest(int(last), begin, 1)
    elif not one and int(first) <= NOON:  # "11 to 1pm": the last such hour before it
        begin = (
            _nearest(int(first), end, -1)
            if other or part == "afternoon"
            else _hour(int(first), None, part)
        )
    told = one or other or clocks
    if (begin, minute) == (end, end_minute) or (not told and (end - begin) % 24 > NOON):
        return ""
    return f"{begin:02}:{int(minute or 0):02}-{end:02}:{int(end_minute or 0):02}"


def _nearest(hour: int, to: int, way: int) -> int:
    """`hour` before or after noon, whichever comes first from `to` in that direction."""
    both = (hour % NOON, hour % NOON + NOON) if hour <= NOON else (hour, hour)
    return min(both, key=lambda h: ((h - to) * way) % 24 or 24)


def _hour(hour: int, half: str | None, part: str) -> int:
    """The hour of the day: after noon for pm and for the late hours of an evening."""
    half = half.replace(".", "") if half else part
    if half in ("am", "evening", "pm", "afternoon") and hour == NOON:
        return 0 if half in ("am", "evening") else NOON
    later = half in ("pm", "afternoon") or (half == "evening" and hour >= EARLY)
    return hour + NOON if later and hour < NOON else hour


def _part_of_day(said: str) -> str:
    """ "am", "afternoon", "evening" or "": which part of the day the words speak of."""
    words = time_words()
    parts = (("am", words.morning), ("afternoon", words.afternoon), ("evening", words.evening))
    return next((p for p, listed in parts if re.search(rf"\b(?:{any_of(listed)})\b", said)), "")
