"""Makes phone typing easier to read for a machine: case, repeats, digits in words, text-speak,
slips of one letter.

The resident's own words are kept everywhere else; only the understanding sees the tidied text.
"""

import re
import unicodedata
from functools import lru_cache

import yaml

from bot.settings import ROOT
from bot.understanding.misspelt import put_right
from bot.understanding.run_together import SHORTEST, apart

LONGEST = 6000  # characters that are looked at; the web app takes 5,000
BEGINNING = 400  # characters that say what a long story is about
REPEATS = re.compile(r"([^\d])\1{2,}")
WORD = re.compile(r"[^\W_][\w'’]*")
DIGITS_IN_A_WORD = re.compile(r"[a-z]+[013457]{1,2}[a-z]*[a-z]")  # "ag4in", "h3lp", not "b52"
DIGIT_LETTERS = str.maketrans("013457", "oieast")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Zero-width characters, marks of writing direction and soft hyphens: nothing that anybody sees
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Cyrillic and Greek letters that look like Latin ones, in a word that is otherwise Latin
LOOK_LIKE = str.maketrans("аеіорсухкмтвһαορυικ", "aeiopcyxkmtbhaopuik")
LATIN = re.compile(r"[a-z]")


@lru_cache(maxsize=4)  # each part of the pipeline asks for the same message
def tidy(text: str) -> str:
    """`text` in small letters, text-speak written out, misspelt words put right; at most LONGEST
    characters."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    text = CONTROL.sub(" ", UNSEEN.sub("", text)).lower()
    text = REPEATS.sub(r"\1\1", text)
    return put_right(" ".join(WORD.sub(lambda word: _plain(word[0]), text).split()))


def beginning(said: str) -> str:
    """The part of a tidied text that says what it is about."""
    return said[:BEGINNING]


def _plain(word: str) -> str:
    table = text_speak()
    if word in table:
        return table[word]
    if len(word) >= SHORTEST and (spaced := apart(word)) != word:
        return " ".join(table.get(part, part) for part in spaced.split())
    if not word.isascii() and LATIN.search(word):
        word = word.translate(LOOK_LIKE)
    if DIGITS_IN_A_WORD.fullmatch(word):
        return word.translate(DIGIT_LETTERS)
    return word


@lru_cache(maxsize=1)
def text_speak() -> dict[str, str]:
    """Short forms and common misspellings, from data/text-speak.yml."""
    words = yaml.safe_load((ROOT / "data" / "text-speak.yml").read_text(encoding="utf-8"))
    return {str(short): str(full) for short, full in words["text_speak"].items()}
