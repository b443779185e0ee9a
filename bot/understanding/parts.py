"""Which parts of a message are looked at on their own, besides the whole.

A long story may hide somebody in danger in its last line; a short message may ask two things. Both
get their parts judged by the same classifier. The words that begin a question are data:
data/question-words.yml.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import yaml

from bot.settings import ROOT

WINDOW, STEP = 20, 10  # words: a part of a long story, and how far the next one begins
LONG = 44  # words: a shorter message is read whole by the encoder
FEWEST, MOST = 2, 25  # words of a question that stands beside another
SPLITS = 2  # places where a message is tried in two: each costs two more sentences to judge
Split = tuple[str, str]


def alarming_window(said: str, alarm: Callable[[str], float]) -> str | None:
    """The part of a long story whose words alarm most; None when the message is short.

    `said` is tidied text, `alarm` tells how much a word speaks for an emergency.
    """
    words = said.split()
    if len(words) <= LONG:
        return None
    weights = [alarm(word) for word in words]
    starts = range(0, len(words) - STEP, STEP)
    start = max(starts, key=lambda at: sum(weights[at : at + WINDOW]))
    return " ".join(words[start : start + WINDOW])


def splits(said: str) -> list[Split]:
    """The ways in which `said` (tidied text) may be two questions: at most SPLITS, likeliest first.

    Each side must begin as a question or a wish does, so that a story with "and" in it stays one.
    """
    joint, opening = _patterns()
    found: list[Split] = []
    # A question mark or an "and" tells more than a second "who" that follows with nothing between
    for place in sorted(joint.finditer(said), key=lambda place: place[0].isspace()):
        left, right = said[: place.start()].strip(" ,.?!;"), said[place.end() :].strip(" ,.?!;")
        sized = all(FEWEST <= len(side.split()) <= MOST for side in (left, right))
        is_new = not any(right == other for _, other in found)
        if sized and is_new and opening.match(left) and opening.match(right):
            found.append((left, right))
    return found[:SPLITS]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = yaml.safe_load((ROOT / "data" / "question-words.yml").read_text(encoding="utf-8"))
    opening = _any_of(words["openings"])
    before = rf"(?:(?:{_any_of(words['before_an_opening'])})[\s,]+)*"
    joints = (
        rf"[?.!;,\n]+\s*(?:(?:{_any_of(words['joints'])})\b)?|\b(?:{_any_of(words['joints'])})\b"
    )
    # A question may also follow another with nothing between: "whats prevent who runs it"
    return (
        re.compile(rf"(?:{joints})|\s(?=(?:{_any_of(words['openings_without_a_joint'])})\b)"),
        re.compile(rf"{before}(?:{opening})\b"),
    )


def _any_of(phrases: list[str]) -> str:
    return "|".join(re.escape(str(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
