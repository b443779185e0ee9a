"""The word lists of data/time-words.yml, and a text put into those words."""

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.extraction.words import plain
from bot.settings import ROOT


@dataclass(frozen=True)
class TimeWords:
    """As in the file; months and weekdays count from 1 and 0 as Python's do."""

    spelling: dict[str, str]
    months: dict[str, int]
    weekdays: dict[str, int]
    named_days: dict[str, tuple[int, int]]
    seasons: dict[str, tuple[int, int]]
    ongoing: tuple[str, ...]
    repeats: tuple[str, ...]
    not_a_day: tuple[str, ...]
    evening: tuple[str, ...]
    morning: tuple[str, ...]


@lru_cache(maxsize=1)
def time_words() -> TimeWords:
    """Everything in data/time-words.yml."""
    read = yaml.safe_load((ROOT / "data" / "time-words.yml").read_text(encoding="utf-8"))
    months = {name: i + 1 for i, name in enumerate(read["months"])}
    months |= {name: months[next(m for m in read["months"] if m.startswith(name[:3]))]
               for name in read["short_months"]}  # fmt: skip
    return TimeWords(
        spelling={str(typed): str(meant) for typed, meant in read["spelling"].items()},
        months=months,
        weekdays={name: i for i, name in enumerate(read["weekdays"])},
        named_days={name: tuple(day) for name, day in read["named_days"].items()},
        seasons={name: tuple(span) for name, span in read["seasons"].items()},
        **{
            name: tuple(read[name])
            for name in ("ongoing", "repeats", "not_a_day", "evening", "morning")
        },
    )


def words_in(text: str) -> str:
    """`text` in small letters, with shortened and misspelt time words written out."""
    said = plain(text)
    return _spelling().sub(lambda found: time_words().spelling[found[0]], said)


@lru_cache(maxsize=1)
def _spelling() -> re.Pattern[str]:
    typed = sorted(time_words().spelling, key=len, reverse=True)
    return re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, typed))})(?![\w/])")
