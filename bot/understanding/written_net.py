"""The written net: words of somebody in danger now, from data/emergency-signs.yml.

Sentence by sentence, so that a calm word somewhere in a long story ("it started last week") does
not silence a sign of danger somewhere else in it.
"""

import re
from functools import lru_cache

import yaml

from bot.settings import ROOT
from bot.understanding.spelling import tidy

SENTENCE = re.compile(r"[.!?\n;]+\s+")
TOGETHER = 30  # words: a shorter message is read as one, since few write full stops on a phone


def written_net(text: str) -> bool:
    """Whether a sign of danger now is in `text`, and nothing beside it that makes it calm."""
    said = tidy(text)
    if said.strip(".!? ") in _alone():
        return True
    sentences = [said] if len(said.split()) <= TOGETHER else SENTENCE.split(said)
    return any(_is_sign(sentence) for sentence in sentences)


def _is_sign(said: str) -> bool:
    signs, calm, still = _patterns()
    return bool(signs.search(said)) and (not calm.search(said) or bool(still.search(said)))


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    path = ROOT / "data" / "emergency-signs.yml"
    lists: dict[str, list[str]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return lists


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    return frozenset(_lists()["alone"])


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(_any_of(_lists()[name]) for name in ("signs", "calm", "still"))


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """A pattern for whole words, its phrases sorted by the letter that they may begin with: at each
    word only those of its letter are tried, a third of the time (measured on 5,000 characters)."""
    by_letter: dict[str, list[str]] = {}
    for phrase in phrases:
        for letter in sorted(_first_letters(phrase)):
            by_letter.setdefault(letter, []).append(_pattern(phrase))
    groups = [
        f"(?={re.escape(letter)})(?:{'|'.join(parts)})" for letter, parts in by_letter.items()
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)")


def _pattern(phrase: str) -> str:
    """In a phrase `*` stands for up to four words, `(a|b)` for either."""
    gap = r"(?:\W+\w[\w'’]*){0,4}?\W+"
    plain = [("\\ \\*\\ ", gap), ("\\|", "|"), ("\\(", "(?:"), ("\\)", ")"), ("\\ ", r"\W+")]
    part = re.escape(phrase)
    for escaped, pattern in plain:
        part = part.replace(escaped, pattern)
    return part


def _first_letters(phrase: str) -> set[str]:
    if not phrase.startswith("("):
        return {phrase[0]}
    return {choice.lstrip()[0] for choice in phrase[1 : phrase.index(")")].split("|")}
