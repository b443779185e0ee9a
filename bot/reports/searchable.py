"""What of a report can be searched and sorted by, kept beside its encrypted texts whenever one of
them changes: digests of its words (blind.py), and a few letters of its place.

What is covered for some staff (covered.py) is found by those only who may see it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect

from bot.reports import places
from bot.reports.blind import Scope, Sort, terms, token
from bot.reports.covered import covered, names_in
from bot.reports.data_keys import search_key

WATCHED = ("reference", "description", "place", "ward", "details", "name", "contact")
GAP = "\N{BULLET}"  # no word


def keep(connection: Any, row: Any) -> None:
    """Set the columns of a row that is about to be written. A statement that writes past the row
    has to set them itself, from `columns`."""
    state = inspect(row)
    if state.pending or any(state.attrs[name].history.has_changes() for name in WATCHED):
        told = {name: getattr(row, name) for name in WATCHED}
        for name, value in columns(search_key(connection), told).items():
            setattr(row, name, value)


def columns(key: bytes, told: Mapping[str, Any]) -> dict[str, str]:
    """The values of the columns `words` and `place_start` for what is in the columns WATCHED."""
    return {
        "words": " ".join(sorted(_tokens(key, told))),
        "place_start": places.sorted_by(told["place"]),
    }


def _tokens(key: bytes, told: Mapping[str, Any]) -> set[str]:
    names, details = names_in(told["name"], told["details"]), told["details"].values()
    story = (told["description"], told["place"])
    plain = terms((told["reference"], told["ward"]))
    shown = plain | terms(covered(text, names, GAP, streets=True) for text in story)
    others = terms((*story, told["name"], told["contact"], *map(str, details))) - shown
    here = {(Sort.WORD, place) for place in places.keys(told["place"])}
    sorts = ((Scope.SHOWN, shown), (Scope.PERSONAL, others), (Scope.PLACE, here))
    return {token(key, scope, term) for scope, found in sorts for term in found}
