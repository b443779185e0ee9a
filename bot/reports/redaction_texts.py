"""The texts of a report that may hold personal data, and where each stands: its own columns, what
was added, the words that its fields came from, and the rows that belong to it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports.tables import Base

COLUMNS = ("description", "place", "time", "name", "contact")
# Under which name the resident's words of a column are kept
SOURCES = {
    "description": "asb_description",
    "place": "asb_where",
    "time": "asb_when",
    "name": "asb_name",
    "contact": "asb_contact",
}
FIELDS = {source: field for field, source in SOURCES.items()}
# Rows of a report with a text in them, by what it is called: table and column. A table that this
# process does not use is not there.
ROWS = {
    "incident": ("report_incidents", "words"),
    "message": ("report_messages", "words"),
    "note": ("report_notes", "words"),
    "intervention": ("report_interventions", "words"),
    "referral": ("report_referrals", "words"),
    "referral_reason": ("report_referrals", "reason"),
}


class Texts:
    """The texts of one report row in a session."""

    def __init__(self, session: Session, row: Any) -> None:
        self.row = row
        self.session = session

    def all(self) -> dict[str, str]:
        """Each text that is not empty, by where it stands; of the words of `said` those that are
        no other of these texts."""
        found = {name: str(getattr(self.row, name)) for name in COLUMNS}
        found |= {f"details.{name}": str(text) for name, text in self.row.details.items()}
        for kind, column, row in self._rows():
            found[f"{kind}.{row.id}"] = str(getattr(row, column))
        there = {text.strip() for text in found.values()}
        for name, words in self.said().items():
            if words.strip() not in there:
                found[f"provenance.{name}"] = words
                there.add(words.strip())
        return {where: text for where, text in found.items() if text}

    def said(self) -> dict[str, str]:
        """The words that the report's fields came from, by the names they are kept under."""
        return {name: str(kept["words"]) for name, kept in self.row.provenance.items()}

    def put(self, where: str, text: str) -> None:
        """Write a text where it stands."""
        kind, _, name = where.partition(".")
        if where in COLUMNS:
            setattr(self.row, where, text)
        elif kind == "details":
            self.row.details = {**self.row.details, name: text}
        elif kind == "provenance":
            kept = self.row.provenance
            self.row.provenance = {**kept, name: {**kept[name], "words": text}}
        else:
            column, row = next(
                (column, row)
                for known, column, row in self._rows()
                if (known, str(row.id)) == (kind, name)
            )
            setattr(row, column, text)

    def _rows(self) -> Iterator[tuple[str, str, Any]]:
        classes = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
        for kind, (table, column) in ROWS.items():
            if table in classes:
                row_class = classes[table]
                mine = select(row_class).where(row_class.report_id == self.row.id)
                for row in self.session.scalars(mine.order_by(row_class.id)):
                    yield kind, column, row
