"""Which other reports may be of the same person, of the same place, or of the same thing.

Only hints for an officer, who decides. How often the similar words are right was measured:
tests/reports/alike_pairs.yml and the test beside it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.extraction.words import plain
from bot.reports import search
from bot.reports.model import Status
from bot.reports.tables import ReportRow
from bot.settings import ROOT

CLOSE_IN_TIME = timedelta(days=14)
LOOKED_BACK = timedelta(days=365)  # for the same place
SIMILAR = 0.35  # of 1: the share of their weightier words that two stories have in common
FEWEST = 3  # such words that two stories must share
MOST = 20  # reports of one list
WORD = re.compile(r"[^\W\d_]{3,}")
ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|s)$")


@dataclass(frozen=True)
class Alike:
    """Another report; `reasons` are keys of the staff site's words (group `alike`)."""

    reference: str
    created_at: datetime
    status: Status
    kind: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alikes:
    """Reports by whoever gave the same contact, reports of the same place, and those that may be
    of the same thing; each the newest first, none twice in a list."""

    person: tuple[Alike, ...]
    place: tuple[Alike, ...]
    duplicates: tuple[Alike, ...]


def alikes(engine: Engine, reference: str) -> Alikes:
    """What is like the report `reference`; all empty when there is no such report."""
    row = ReportRow
    brief = (row.id, row.reference, row.created_at, row.status, row.kind, row.person)
    with Session(engine) as session:
        told = select(*brief, row.description, row.place).where(row.reference == reference)
        mine = session.execute(told).first()
        if mine is None:
            return Alikes((), (), ())

        def others(columns: tuple[Any, ...], *which: Any) -> Any:
            found = select(*columns).where(row.id != mine.id, *which)
            return session.execute(found.order_by(row.id.desc()))

        def within(time: timedelta, *which: Any) -> tuple[Any, ...]:
            span = row.created_at.between(mine.created_at - time, mine.created_at + time)
            return (span, row.status != Status.SPAM.value, *which)

        same = row.person == mine.person
        by_person = others(brief, same).fetchmany(MOST) if mine.person else []
        at_place = search.at_place(session.connection(), mine.place)
        here = others(brief, *within(LOOKED_BACK, at_place)).all()
        # Only the texts that have to be compared are read: each is encrypted
        close = within(CLOSE_IN_TIME, row.merged_into == "")
        near = others((*brief, row.description), *close).all()
    words, places = _words(mine.description), {one.id for one in here}
    suspects = ((one, _reasons(mine, words, one, one.id in places)) for one in near)
    return Alikes(
        tuple(_alike(one) for one in by_person),
        tuple(_alike(one) for one in here[:MOST]),
        tuple(_alike(one, why) for one, why in suspects if why)[:MOST],
    )


def similarity(one: str, other: str) -> float:
    """How much of their weightier words two stories share: 0 to 1 (Dice's coefficient); 0 when
    they share fewer than FEWEST."""
    return _shared(_words(one), _words(other))


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> float:
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared >= FEWEST else 0.0


def _reasons(mine: Any, words: frozenset[str], row: Any, is_here: bool) -> tuple[str, ...]:
    """Why `row` may be of the same thing."""
    found = []
    if mine.person and mine.person == row.person:
        found.append("person")
    if mine.kind == row.kind and is_here:
        found.append("place_and_kind")
    if _shared(words, _words(row.description)) >= SIMILAR:
        found.append("words")
    return tuple(found)


def _alike(row: Any, reasons: tuple[str, ...] = ()) -> Alike:
    return Alike(row.reference, row.created_at, Status(row.status), row.kind, reasons)


def _words(story: str) -> frozenset[str]:
    said = plain(story).replace("'", "")
    return frozenset(_stem(word) for word in WORD.findall(said) if word not in _common())


def _stem(word: str) -> str:
    """Without the endings that most often differ: shouting, shouted, shouts."""
    return ENDING.sub("", word)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = (ROOT / "data" / "common-words.yml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)["words"])
