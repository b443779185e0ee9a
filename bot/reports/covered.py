"""Texts of reports without what tells who reported and whom they named, for whoever may not see it:
on the staff site, in what a search finds, and in files that leave it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.extraction.masking import without_contacts, without_name, without_streets
from bot.reports.database import Engine
from bot.reports.tables import ReportRow


def names_in(name: str, details: Mapping[str, str]) -> tuple[str, ...]:
    """Who is named in a report: the reporter (`name`), and the people of its `details`."""
    return (name, *details.get("people", "").split(","))


def names_of(engine: Engine, references: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names of `names_in` for each of the reports that there is of `references`."""
    query = select(ReportRow.reference, ReportRow.name, ReportRow.details)
    query = query.where(ReportRow.reference.in_(set(references)))
    with Session(engine) as session:
        return {
            reference: names_in(name, details)
            for reference, name, details in session.execute(query)
        }


def covered(text: str, names: Iterable[str], gap: str, streets: bool = False) -> str:
    """`text` with `gap` for ways to reach somebody and for `names`; with `streets`, also with stars
    for the last part of each postcode."""
    text = without_contacts(text, gap)
    for name in names:
        text = without_name(text, name, gap)
    return without_streets(text) if streets else text
