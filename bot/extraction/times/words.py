"""The word lists of data/time-words.yml, and a text put into those words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import yaml

from bot.extraction.words import plain
from bot.settings import ROOT

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0]")
# As in places_and_times.POSTCODE, but "at10 9pm" is none
POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d(?!am|pm|st|nd|rd|th)[a-z]{2}\b")
PHONE = re.compile(r"(?<![\d/.-])(?!\d\d?-\d\d?-\d\d)(?:\+\d|0)(?:[ -]?\d){9,12}(?![\d/])")
MONEY = re.compile(r"£\s?\d[\d.,]*")
AGE = re.compile(
    r"\b\d{1,3}(?: ?(?:-|to|or) ?\d{1,3})?[ -]?(?:years?|yrs?)[ -]?olds?\b"
    r"|\baged? (?:about |between |around )?\d{1,3}(?: ?(?:and|to|or|-) ?\d{1,3})?\b"
    r"|\b(?:born|dob|date of birth|birthday)(?: is| was)?(?: on)?:? [\d/.-]{6,10}"
)
HALF = re.compile(
    r"\b(?P<part>half|quarter|five|ten|twenty[ -]five|twenty|(?:5|10|20|25)(?= past)|2[05](?= to)) "
    r"(?P<side>past |to )?(?:(?P<hour>1[0-2]|[1-9])|(?P<word>one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve))(?:ish)?\b(?! (?:hours?|minutes?|of|days?)\b|[.:/]\d)"
)
ONE_MAY = re.compile(r"\b(?:no |any|every|some)?one (?:may|march)\b")
RUN_TOGETHER = re.compile(r"(?<![\d:.])(\d{1,2})(?: (?=15|30|45))?([0-5]\d) ?(?=[ap]\.?m\b)")
PARTS = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20}


@dataclass(frozen=True)
class TimeWords:
    """As in the file; months and weekdays count from 1 and 0 as Python's do."""

    spelling: dict[str, str]
    months: dict[str, int]
    ordinals: tuple[str, ...]
    short_weekdays: dict[str, str]
    before_a_short_weekday: tuple[str, ...]
    after_a_short_weekday: tuple[str, ...]
    weekdays: dict[str, int]
    named_days: dict[str, tuple[int, int]]
    seasons: dict[str, tuple[int, int]]
    ongoing: tuple[str, ...]
    still: tuple[str, ...]
    repeats: tuple[str, ...]
    not_a_day: tuple[str, ...]
    things: tuple[str, ...]
    numbered: tuple[str, ...]
    counted: tuple[str, ...]
    how_many: tuple[str, ...]
    streets: tuple[str, ...]
    not_in_a_street: tuple[str, ...]
    lived: tuple[str, ...]
    evening: tuple[str, ...]
    afternoon: tuple[str, ...]
    morning: tuple[str, ...]


@lru_cache(maxsize=1)
def time_words() -> TimeWords:
    """Everything in data/time-words.yml."""
    read = yaml.safe_load((ROOT / "data" / "time-words.yml").read_text(encoding="utf-8"))
    months = {name: i + 1 for i, name in enumerate(read["months"])}
    for short in read.pop("short_months"):
        months[short] = months[next(m for m in read["months"] if m.startswith(short[:3]))]
    read["months"] = months
    read["weekdays"] = {name: i for i, name in enumerate(read["weekdays"])}
    read["spelling"] = {str(typed): str(meant) for typed, meant in read["spelling"].items()}
    for name in ("named_days", "seasons"):
        read[name] = {key: tuple(span) for key, span in read[name].items()}
    values: dict[str, Any] = {field.name: read[field.name] for field in fields(TimeWords)}
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return TimeWords(**values)


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def words_in(text: str) -> str:
    """`text` in small letters, time words written out ("half ten" as 10:30), and the numbers that
    are no times (addresses, ages, counts, telephone numbers) blotted out with null characters."""
    said = plain(UNSEEN.sub("", unicodedata.normalize("NFKC", text))[: len(text)])
    said = ONE_MAY.sub(lambda found: "\0" * len(found[0]), said)
    said = RUN_TOGETHER.sub(r"\1:\2", HALF.sub(_clock, said))
    for pattern, meant in _short_forms():
        said = pattern.sub(lambda found, to=meant: to[found[0]], said)  # type: ignore[misc]
    for pattern in _not_times():
        said = pattern.sub(lambda found: "\0" * len(found[0]), said)
    return said


def _clock(found: re.Match[str]) -> str:
    """ "Twenty past nine" as 9:20, "quarter to 1" as 12:45, "half ten" as 10:30."""
    part, side = found["part"], (found["side"] or "").strip()
    if not side and part != "half":
        return found[0]  # "ten 8"
    hour = int(found["hour"] or time_words().spelling[found["word"]])
    minute = int(part) if part.isdecimal() else sum(PARTS[p] for p in re.split("[ -]", part))
    return f"{hour}:{minute:02}" if side != "to" else f"{hour - 1 or 12}:{60 - minute}"


@lru_cache(maxsize=1)
def _short_forms() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """Ordinals in words before a month, spelling, and short weekdays that are other words too."""
    words = time_words()
    months, short = any_of(words.months), any_of(words.short_weekdays)
    ordinals = {w: f"{i}th" for i, w in enumerate(words.ordinals, 1)}  # fmt: skip
    leads = "|".join(rf"(?<=\b{re.escape(lead)} )" for lead in words.before_a_short_weekday)
    follows = any_of(words.after_a_short_weekday)
    return [
        (re.compile(rf"\b({any_of(ordinals)})(?= of (?:{months})\b)"), ordinals),
        (re.compile(rf"(?<![\w/])({any_of(words.spelling)})(?![\w/])"), words.spelling),
        (re.compile(rf"(?:^|{leads})({short})(?![\w/])(?! (?:on|in|outside|down)\b)"
                    rf"|\b({short})(?= (?:{follows}|the \d|\d)\b)"), words.short_weekdays),
    ]  # fmt: skip


@lru_cache(maxsize=1)
def _not_times() -> list[re.Pattern[str]]:
    words = time_words()
    known = any_of([*words.not_in_a_street, *words.months, *words.weekdays])
    number = r"(?<![\d/:.£])\d{1,4}(?: ?(?:-|/|to|or|and) ?\d{1,4})?"
    return [
        MONEY, PHONE, POSTCODE, AGE,
        re.compile(rf"\b(?:{any_of(words.numbered)})\.? #?\d{{1,4}}[a-z]?(?:/\d+)?\b"
                   r"(?![:/]|\.\d| ?[ap]m)"),
        re.compile(rf"{number} ?(?:(?:{any_of(words.how_many)}) )?(?:{any_of(words.counted)})\b"),
        re.compile(rf"(?<![\d/:.])\d{{1,4}}[a-z]? (?:(?!(?:{known})\b)[a-z][a-z'.-]* ){{1,3}}?"
                   rf"(?:{any_of(words.streets)})\b"),
        re.compile(rf"\b(?:{any_of(words.lived)}) (?:\w+ ){{0,4}}?(?:for |over )"
                   r"(?:about |over |nearly )?\d+ (?:week|month|year)s?"),
    ]  # fmt: skip
