"""Finds reports by words, in the database, which knows their digests only (blind.py).

There are two sorts of words: those that everybody on the staff site is shown, and personal ones
(name, contact, what was added, and what is covered in the story), which only some may search.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, false, select, table, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from bot.reports import blind, codes, places
from bot.reports.blind import COMMON, NUMBER, Scope, Sort, Term
from bot.reports.data_keys import search_key
from bot.reports.search_index import LISTED
from bot.reports.tables import ReportRow

LONGEST = 200  # characters of a search
MOST = 3_000  # of the reports with some words the newest are looked at: more helps nobody


@dataclass(frozen=True)
class Hits:
    """What a search has found: the `numbers` of reports. `is_cut`: there are so many that only the
    newest MOST are in it."""

    numbers: tuple[int, ...]
    is_cut: bool = False


def hits(engine: Engine, words: str, personal: bool) -> Hits:
    """What `words` find: the reports with every word, the last one perhaps only begun, and the one
    whose reference it is. `personal`: names and contacts are searched too, and what is covered.
    Nothing in `words` is read as a sign of a language. A list asks the database once and uses what
    was found for its count and its page."""
    reference = select(ReportRow.id).where(ReportRow.reference == codes.tidy_reference(words))
    scopes = (Scope.SHOWN, Scope.PERSONAL) if personal else (Scope.SHOWN,)
    asked = terms(words)
    with Session(engine) as session:
        numbers = set(session.scalars(reference))
        having: list[int] = []
        if asked:
            key = search_key(session.connection())
            digests = [
                [blind.token(key, scope, way) for scope in scopes for way in term] for term in asked
            ]
            found = _matching(digests, str(engine.dialect.name))
            having = list(session.scalars(found))
    return Hits(tuple(numbers.union(having)), len(having) == MOST)


def among(numbers: tuple[int, ...], dialect: str) -> Any:
    """What holds for the reports with these numbers, of which there may be MOST: one value for the
    database, not thousands. `dialect` is "sqlite" or "postgresql"."""
    if dialect == "sqlite":
        listed = text("reports.id IN (SELECT value FROM json_each(:numbers))")
        return listed.bindparams(numbers=json.dumps(numbers))
    return text("reports.id = ANY(:numbers)").bindparams(numbers=list(numbers))


def at_place(connection: Connection, place: str) -> Any:
    """What holds for the reports whose place is the same as `place` (places.same_place)."""
    keys = sorted(places.keys(place))
    if not keys:
        return false()
    key = search_key(connection)
    digests = [[blind.token(key, Scope.PLACE, (Sort.WORD, name)) for name in keys]]
    dialect = str(connection.dialect.name)
    return _holds(digests) if dialect != "sqlite" else ReportRow.id.in_(_in_index(digests))


def is_vague(words: str) -> bool:
    """Whether nothing is in `words` but what stands in nearly every report, or nothing at all."""
    return not terms(words)


def terms(words: str) -> list[list[Term]]:
    """What `words` ask for: each one in the ways of writing it."""
    found = []
    rest = words
    for number in NUMBER.findall(words):
        found.append(blind.numbers(number))
        rest = rest.replace(number, " ", 1)
    telling = [word for word in blind.words(rest) if word not in COMMON]
    found += [[(Sort.WORD, word)] for word in telling[:-1]]
    return found + [[blind.begun(word)] for word in telling[-1:]]


def _matching(digests: list[list[str]], dialect: str) -> Any:
    """The numbers of the reports that have one digest of each group, the newest MOST."""
    if dialect == "sqlite":
        return _in_index(digests).order_by(column("rowid").desc()).limit(MOST)
    # Else the planner may go through all reports in the order of the list, looking at each
    apart = select(ReportRow.id).where(_holds(digests)).cte("matching")
    apart = apart.prefix_with("MATERIALIZED", dialect="postgresql")
    return select(apart.c.id).order_by(apart.c.id.desc()).limit(MOST)


def _in_index(digests: list[list[str]]) -> Any:
    """https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    asked = " AND ".join("({})".format(" OR ".join(_quoted(group))) for group in digests)
    index = table("report_words", column("rowid"))
    return select(index.c.rowid).where(text("report_words MATCH :match").bindparams(match=asked))


def _quoted(group: Iterable[str]) -> Iterable[str]:
    return (f'"{digest}"' for digest in group)


def _holds(digests: list[list[str]]) -> Any:
    """https://www.postgresql.org/docs/current/functions-array.html"""
    names = [f"digests_{number}" for number in range(len(digests))]
    asked = text(" AND ".join(f"{LISTED} && CAST(:{name} AS text[])" for name in names))
    return asked.bindparams(**dict(zip(names, digests, strict=True)))
