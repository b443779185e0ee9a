"""The written net: words of somebody in danger now, from data/emergency-signs.yml.

Sentence by sentence, so that a calm word somewhere in a long story ("it started last week") does
not silence a sign of danger somewhere else in it.
"""

import re
from functools import lru_cache

import yaml

from bot.settings import ROOT
from bot.understanding.spelling import tidy

WORD = re.compile(r"\w+")
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
    return _has("signs", said) and (not _has("calm", said) or _has("still", said))


def _has(name: str, said: str) -> bool:
    """Whether a phrase of the list `name` is in `said`. Only those that begin with the word at hand
    are tried, a quarter of the time of trying them all (measured on 1,000 characters)."""
    by_word = _patterns(name)
    words = ((word.start(), by_word.get(word[0])) for word in WORD.finditer(said))
    return any(phrases.match(said, start) for start, phrases in words if phrases)


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    path = ROOT / "data" / "emergency-signs.yml"
    lists: dict[str, list[str]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return lists


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    return frozenset(_lists()["alone"])


@lru_cache(maxsize=3)
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    """For each first word of the phrases of a list, a pattern of those that begin with it."""
    by_word: dict[str, list[str]] = {}
    for phrase in _lists()[name]:
        for word in sorted(_first_words(phrase)):
            by_word.setdefault(word, []).append(_pattern(phrase))
    return {word: re.compile(rf"(?:{'|'.join(parts)})(?!\w)") for word, parts in by_word.items()}


def _pattern(phrase: str) -> str:
    """In a phrase `*` stands for up to four words, `(a|b)` for either."""
    gap = r"(?:\W+\w[\w'’]*){0,4}?\W+"
    plain = [("\\ \\*\\ ", gap), ("\\|", "|"), ("\\(", "(?:"), ("\\)", ")"), ("\\ ", r"\W+")]
    part = re.escape(phrase)
    for escaped, pattern in plain:
        part = part.replace(escaped, pattern)
    return part


def _first_words(phrase: str) -> set[str]:
    """Of a phrase that begins with a bracket, those of its choices."""
    begins = phrase[1 : phrase.index(")")].split("|") if phrase.startswith("(") else [phrase]
    return {WORD.findall(choice)[0] for choice in begins}
