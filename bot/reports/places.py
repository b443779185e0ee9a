"""When two places are the same: a postcode in common, or the same words around no more than what
people put around a name."""

import re

from bot.extraction.words import plain

# Anywhere in capitals without spaces: "AL1 3JE", "al13je"
POSTCODE = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}(?![A-Z0-9])")
FILLERS = re.compile(r"\b(?:the|in|on|at|near|by|outside|opposite|st albans|around|along|of)\b")
LETTERS = 4  # of a street's name, by which lists are sorted


def postcodes(text: str) -> frozenset[str]:
    """The postcodes in `text`, in capitals without spaces."""
    return frozenset("".join(found.split()) for found in POSTCODE.findall(text.upper()))


def bare(words: str) -> str:
    """A place without what people put around its name: "the park on Holywell Hill!" """
    said = re.sub(r"[^\w\s]", " ", plain(words).replace("'", ""))
    return " ".join(FILLERS.sub(" ", said).split())


def same_place(one: str, other: str) -> bool:
    """Whether two places have a postcode in common, or are the same words."""
    return bool(keys(one) & keys(other))


def keys(place: str) -> frozenset[str]:
    """What places have in common that are the same."""
    name = bare(place)
    return postcodes(place) | ({name} if name else frozenset())


def sorted_by(place: str) -> str:
    """What lists sort a place by, which the database can read: the first letters of its street,
    without the number of a house."""
    named = (word for word in place.lower().split() if not any(map(str.isdigit, word)))
    return "".join(letter for word in named for letter in word if letter.isalpha())[:LETTERS]
