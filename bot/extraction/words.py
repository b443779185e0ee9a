"""Looks for the words of data/report-kinds.yml and data/report-choices.yml in a text."""

import re
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

NOT_KNOWN_WORDS = 4
APOSTROPHES = str.maketrans("’‘`", "'''")


def plain(text: str) -> str:
    """`text` in lower case with straight apostrophes and single spaces."""
    return " ".join(text.lower().translate(APOSTROPHES).split())


def has(text: str, words: str) -> bool:
    """Whether `words` stand in `text` as whole words. `text` is plain already."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def kind_of(text: str) -> str | None:
    """The key of the first kind of ASB whose words are in `text`, or None."""
    said = plain(text)
    for key, kind in kinds().items():
        if said == plain(kind["label"]) or any(has(said, words) for words in kind["words"]):
            return key
    return None


def kind_of_topic(intent: str) -> str | None:
    """The kind of ASB that messages of `intent` are about, or None."""
    return next((key for key, kind in kinds().items() if kind.get("topic") == intent), None)


def is_not_asb(text: str) -> bool:
    """Whether `text` is about what councils do not count as ASB, and about no kind of it."""
    said = plain(text)
    listed = _read("report-kinds.yml")["not_asb"]
    return kind_of(text) in (None, "noise", "neighbour", "groups") and any(
        has(said, words) for words in listed
    )


def kind_label(key: str) -> str:
    """What residents and staff see for a kind; the key itself for one that is no longer listed."""
    kind = kinds().get(key)
    return str(kind["label"]) if kind else key


def choice_of(field: str, text: str) -> str | None:
    """The choice of `field` ("frequency", "identity", "fields") that `text` names; of several, the
    one with the longest words, so that "now and then" is not "now"."""
    said = plain(text)
    named = [
        (len(words), str(choice))
        for choice, phrases in choices()[field].items()
        for words in phrases
        if has(said, plain(words))
    ]
    return max(named, key=lambda name: name[0])[1] if named else None


def says_not_known(text: str) -> bool:
    """Whether `text` says in a few words that somebody does not know."""
    return len(text.split()) <= NOT_KNOWN_WORDS and choice_of("not_known", text) is not None


def without_lead_in(text: str, lead_ins: str) -> str:
    """`text` less the phrases of `lead_ins` ("correction_lead_ins") that it begins with."""
    rest = text.strip()
    phrases = sorted(choices()[lead_ins], key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, phrases))})(?!\w)[\s,.:;!-]*", re.I)
    while match := pattern.match(rest.translate(APOSTROPHES)):
        if match.end() == 0:
            break
        rest = rest[match.end() :]
    return rest.strip()


@lru_cache(maxsize=1)
def kinds() -> dict[str, dict[str, Any]]:
    """The kinds of ASB by key, the most serious first."""
    kinds: dict[str, dict[str, Any]] = _read("report-kinds.yml")["kinds"]
    return kinds


@lru_cache(maxsize=1)
def choices() -> dict[str, Any]:
    """Everything in data/report-choices.yml."""
    return _read("report-choices.yml")


@lru_cache(maxsize=4)
def _read(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((ROOT / "data" / name).read_text(encoding="utf-8"))
    return values
