"""Puts right a word that is one slip away from one that our training sentences often use:
"consulation", "anonimous", "neighbourhod".

The encoder knows whole words and takes what it does not know to pieces, so that a slip in the word
that matters may cost the meaning. Only words of no dictionary are touched, and none of a message in
another language. symspellpy finds the neighbours and brings the English dictionary
(docs/decisions/0021-misspelt-words.md).
"""

import re
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from symspellpy import SymSpell, Verbosity
from symspellpy.suggest_item import SuggestItem

from bot.training_words import OTHER_LANGUAGES, sentences_using

SHORTEST, LONGEST = 5, 20  # letters of a word that is put right: shorter ones have many neighbours
FEWEST = 8  # sentences that use a word, before others are taken for it: slips are in fewer
FEWEST_UNLISTED = 12  # and when the dictionary does not have it
DICTIONARY = "frequency_dictionary_en_82_765.txt"
WORD = re.compile(r"[^\W\d_][\w'’]*")


def put_right(said: str) -> str:
    """`said` (small letters) with its misspelt words put right. As it is when more than half of
    its words are unknown: it is in another language, or no words at all."""
    words = WORD.findall(said)
    known, _ = _words()
    unknown = {word for word in words if word not in known}
    if not unknown or sum(word in unknown for word in words) > max(2, len(words) / 2):
        return said
    return WORD.sub(lambda word: _right(word[0]) if word[0] in unknown else word[0], said)


@lru_cache(maxsize=20_000)
def _right(word: str) -> str:
    """The commonest word that is one slip away, and rather one with the same letters: "tiping" is
    "tipping" before it is "typing", "neice" is "niece". `word` itself when there is none."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
        return word
    near = _neighbours(_words()[1], word)
    if not near:
        return word
    best: str = max(near, key=lambda n: (_same_letters(n.term, word), n.count, n.term)).term
    return best


def _neighbours(words: SymSpell, word: str) -> list[SuggestItem]:
    """Those of `words` that are one slip away, or `word` itself when it is one of them."""
    found: list[SuggestItem] = words.lookup(word, Verbosity.CLOSEST, max_edit_distance=1)
    return found


def _same_letters(one: str, other: str) -> bool:
    """Whether two words differ by letters that are swapped, or doubled in one of them only."""
    return sorted(one) == sorted(other) or _undoubled(one) == _undoubled(other)


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], SymSpell]:
    """The words that are left alone, and those that others may be taken for: the same in every
    process, so the commonest come first, and by the alphabet when they are as common."""
    listed = (files("symspellpy") / DICTIONARY).read_text(encoding="utf-8-sig")
    english = {line.split()[0] for line in listed.splitlines()}
    foreign = sentences_using(WORD, OTHER_LANGUAGES)
    used = sentences_using(WORD) - foreign
    usable = [
        (word, count)
        for word, count in sorted(used.items(), key=lambda one: (-one[1], one[0]))
        if len(word) >= SHORTEST - 1 and word.isalpha()
    ]
    near = SymSpell(max_dictionary_edit_distance=1)
    for word, count in usable:
        if word in english and count >= FEWEST:
            near.create_dictionary_entry(word, count)
    for word, count in usable:  # "harpenden", but not "comunity", however many wrote that
        if word not in english and count >= FEWEST_UNLISTED and not _neighbours(near, word):
            near.create_dictionary_entry(word, count)
    return frozenset(english | set(near.words) | foreign.keys()), near
