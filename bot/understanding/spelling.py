"""Makes phone typing easier to read for a machine: case, repeats, digits in words, text-speak.

The resident's own words are kept everywhere else; only the understanding sees the tidied text.
"""

import re
from functools import lru_cache

import yaml

from bot.settings import ROOT

LONGEST = 600  # characters that are looked at: a long story says what it is about by then
REPEATS = re.compile(r"([^\d])\1{2,}")
WORD = re.compile(r"[^\W_][\w'’]*")
DIGITS_IN_A_WORD = re.compile(r"[a-z]+[013457]{1,2}[a-z]*[a-z]")  # "ag4in", "h3lp", not "b52"
DIGIT_LETTERS = str.maketrans("013457", "oieast")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2060\ufeff]")


def tidy(text: str) -> str:
    """`text` in lower case with text-speak written out; at most LONGEST characters."""
    text = INVISIBLE.sub(" ", text)[:LONGEST].lower()
    text = REPEATS.sub(r"\1\1", text)
    return " ".join(WORD.sub(lambda word: _plain(word[0]), text).split())


def _plain(word: str) -> str:
    table = text_speak()
    if word in table:
        return table[word]
    if DIGITS_IN_A_WORD.fullmatch(word):
        return word.translate(DIGIT_LETTERS)
    return word


@lru_cache(maxsize=1)
def text_speak() -> dict[str, str]:
    """Short forms and common misspellings, from data/text-speak.yml."""
    words = yaml.safe_load((ROOT / "data" / "text-speak.yml").read_text(encoding="utf-8"))
    return {str(short): str(full) for short, full in words["text_speak"].items()}
