"""Words as keyed digests, so that a database can search texts that it cannot read.

A text becomes a set of tokens: one for each whole word, one for each beginning of a word, because
the last word of a search may be only begun, and one for each beginning of a number, however it is
written. Searching makes the same tokens of what is typed. Whoever has the database without the
key sees which tokens reports share, and how often, but not what they say.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

NUMBER = re.compile(r"\+?\(?\d(?:[\s().-]*\d){5,}")  # six digits and more: a phone number
WORD = re.compile(r"[^\W_]+")
# In nearly every report: telling nothing, and the best begin for whoever counts tokens
COMMON = frozenset(
    ("a", "an", "and", "at", "by", "for", "i", "in", "is", "it", "my", "of", "on", "or", "that",
     "the", "they", "to", "was", "we", "with")
)  # fmt: skip
SHORTEST_BEGUN, LONGEST_BEGUN = 2, 16  # letters; one would begin words in every report
SHORTEST_NUMBER, LONGEST_NUMBER = 6, 20  # digits


class Scope(StrEnum):
    """Who may find a report by a word: whoever sees reports covered, or only those who may see
    names and contacts. PLACE is for finding reports of the same place."""

    SHOWN = "s"
    PERSONAL = "p"
    PLACE = "@"


class Sort(StrEnum):
    """What of a text a token stands for."""

    WORD = "="
    BEGUN = "^"
    NUMBER = "#"


Term = tuple[Sort, str]


def token(key: bytes, scope: Scope, term: Term) -> str:
    """The digest of a term: ten small letters and digits."""
    said = f"{scope}{term[0]}{term[1]}".encode()
    return hashlib.blake2b(said, key=key, digest_size=5).hexdigest()


def words(text: str) -> list[str]:
    """The words of a text in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def terms(texts: Iterable[str]) -> set[Term]:
    """All that texts can be found by."""
    found: set[Term] = set()
    for text in texts:
        for word in set(words(text)) - COMMON:
            found.add((Sort.WORD, word))
            found.update(
                (Sort.BEGUN, word[:end])
                for end in range(SHORTEST_BEGUN, min(len(word), LONGEST_BEGUN) + 1)
            )
        for number in NUMBER.findall(text):
            found.update(_beginnings(number))
    return found


def numbers(typed: str) -> list[Term]:
    """The ways in which a number that is typed may stand in a text: as it is, or as it is called
    from here."""
    digits = re.sub(r"\D", "", typed)
    return [
        (Sort.NUMBER, way[:LONGEST_NUMBER]) for way in dict.fromkeys((digits, national(digits)))
    ]


def begun(word: str) -> Term:
    """A word that may be only begun."""
    if len(word) < SHORTEST_BEGUN:
        return Sort.WORD, word
    return Sort.BEGUN, word[:LONGEST_BEGUN]


def national(digits: str) -> str:
    """A number's digits as it is called from here: 447700900123 is 07700900123."""
    digits = digits.removeprefix("00") if digits.startswith("0044") else digits
    return f"0{digits[2:].lstrip('0')}" if digits.startswith("44") else digits


def _beginnings(number: str) -> Iterable[Term]:
    """Of a number in a text: from each of its groups on, as it is and as it is called from here."""
    groups = re.findall(r"\d+", number)
    for start in range(len(groups)):
        rest = "".join(groups[start:])
        for way in {rest, national(rest)}:
            for end in range(SHORTEST_NUMBER, min(len(way), LONGEST_NUMBER) + 1):
                yield Sort.NUMBER, way[:end]
