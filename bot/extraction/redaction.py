"""Takes personal data out of a message by keeping only words that our own training sentences use.

Names, numbers, addresses and misspellings of them cannot be listed; common words can. What is not
among them becomes a gap. spaCy takes out names that are common words as well ("Rose", "Mark"),
where it is loaded anyway (docs/decisions, number 6).
"""

import re
from functools import lru_cache

from bot.extraction.places_and_times import STREET, nlp
from bot.training_words import sentences_using

GAP = "…"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
SHOWN_NUMBERS = {"999", "101", "1", "2", "3", "4", "5", "18000", "18001", "55"}
NAMES = {"PERSON", "GPE", "LOC", "FAC", "ORG", "NORP"}
FEWEST = 7  # sentences that use a word before it counts as common: most first names are in fewer
# What is said in front of a name
INTRODUCES = re.compile(
    r"\b(?:name is|names|named|called|mr|mrs|ms|miss|dr|pc)\.?\s+\w+(?:\s+\w+)?", re.I
)
GAPS = re.compile(rf"{GAP}(?:\s*{GAP})+")


def without_personal_data(text: str, with_spacy: bool = True) -> str:
    """`text` in small letters with a gap for each word that might tell who or where somebody is.

    Empty when fewer than two words are left: nothing can be learnt from those.
    """
    for street in {match[0] for match in STREET.finditer(text)}:
        text = text.replace(street, GAP)
    text = INTRODUCES.sub(GAP, text)
    named = _names_in(text) if with_spacy else set()
    common = common_words()
    kept = [
        word if (word in common and word not in named) or word in SHOWN_NUMBERS else GAP
        for word in re.findall(rf"{WORD.pattern}|{GAP}", text.lower().replace("’", "'"))
    ]
    if sum(word != GAP for word in kept) < 2:
        return ""
    return GAPS.sub(GAP, " ".join(kept))


def _names_in(text: str) -> set[str]:
    """As typed, and with capitals, because few give a name one on a phone."""
    return {
        word.lower()
        for version in (text, text.title())
        for entity in nlp()(version).ents
        if entity.label_ in NAMES
        for word in WORD.findall(entity.text)
    }


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that stand in at least FEWEST of our training sentences."""
    return frozenset(
        word
        for word, count in sentences_using(WORD).items()
        if count >= FEWEST and (word.isalpha() or "'" in word)
    )
