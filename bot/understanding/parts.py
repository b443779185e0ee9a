"""Which parts of a message are looked at on their own, besides the whole.

A long story may hide somebody in danger in its last line; a short message may ask two things. Both
get their parts judged by the same classifier. The words that begin a question are data:
data/question-words.yml.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import yaml

from bot.settings import ROOT

WINDOW, STEP = 20, 10  # words: a part of a long story, and how far the next one begins
LONG = 44  # words: a shorter message is read whole by the encoder
FEWEST, MOST = 2, 25  # words of a question that stands beside another
SPLITS = 3  # places where a message is tried in two: each costs two more sentences to judge


class Split(NamedTuple):
    """One way to read a message as two. `asks`: both sides begin as a question or a wish does."""

    left: str
    right: str
    asks: bool


def is_long(said: str) -> bool:
    """Whether tidied text is a story of which the encoder reads the beginning only."""
    return len(said.split()) > LONG


def alarming_window(said: str, alarm: Callable[[str], float]) -> str | None:
    """The part of a long story whose words alarm most; None when the message is short.

    `said` is tidied text, `alarm` tells how much a word speaks for an emergency.
    """
    if not is_long(said):
        return None
    words = said.split()
    weights = [alarm(word) for word in words]
    starts = range(0, len(words) - STEP, STEP)
    start = max(starts, key=lambda at: sum(weights[at : at + WINDOW]))
    return " ".join(words[start : start + WINDOW])


def splits(said: str) -> list[Split]:
    """The ways in which `said` (tidied text) may be two questions: at most SPLITS, likeliest first.

    Those whose sides begin as a question or a wish does come first; the others need more to count
    as two (more_than_one.py), since a story has many an "and" in it.
    """
    joint, opening = _patterns()
    found: dict[str, Split] = {}
    # A question mark or an "and" tells more than a second "who" that follows with nothing between
    for place in sorted(joint.finditer(said), key=lambda place: place[0].isspace()):
        left, right = said[: place.start()].strip(" ,.?!;"), said[place.end() :].strip(" ,.?!;")
        sized = all(FEWEST <= len(side.split()) <= MOST for side in (left, right))
        if sized and right not in found:
            asks = bool(opening.match(left) and opening.match(right))
            found[right] = Split(left, right, asks)
    return sorted(found.values(), key=lambda split: not split.asks)[:SPLITS]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = yaml.safe_load((ROOT / "data" / "question-words.yml").read_text(encoding="utf-8"))
    opening = _any_of(words["openings"])
    before = rf"(?:(?:{_any_of(words['before_an_opening'])})[\s,]+)*"
    joints = (
        rf"[?.!;,\n+&]+\s*(?:(?:{_any_of(words['joints'])})\b)?|\b(?:{_any_of(words['joints'])})\b"
    )
    # A question may also follow another with nothing between: "whats prevent who runs it"
    return (
        re.compile(rf"(?:{joints})|\s(?=(?:{_any_of(words['openings_without_a_joint'])})\b)"),
        re.compile(rf"{before}(?:{opening})\b"),
    )


def _any_of(phrases: list[str]) -> str:
    return "|".join(re.escape(str(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
