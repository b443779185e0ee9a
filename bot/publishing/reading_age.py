"""How old one has to be to read a text: the Flesch-Kincaid grade, of US schools, and five years.

https://en.wikipedia.org/wiki/Flesch-Kincaid_readability_tests gives the formula. Syllables are
counted by where a word may be hyphenated, which misses some: take the age as a hint.
"""

import re
from functools import lru_cache

from pyphen import Pyphen

from bot.answers.register import MARK

SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
FIRST_GRADE_AGE = 5


def reading_age(text: str) -> float:
    """In years; 0 for a text without words. Each line of a list counts as a sentence."""
    plain = MARK.sub("it", text)
    sentences = [words for part in SENTENCE_END.split(plain) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(_syllables(word.lower()) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return max(0.0, grade + FIRST_GRADE_AGE)


def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


@lru_cache(maxsize=1)
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_GB", left=1, right=1)
