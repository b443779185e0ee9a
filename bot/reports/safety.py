"""Safety warnings for whoever visits or calls: about a person (whoever gave the same contact) or a
place. One shows on every report that it applies to until it ends. One about a place outlives the
report that it was set from; all others go with it, or move to another report of that person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.extraction.places_and_times import POSTCODE
from bot.extraction.words import has, plain
from bot.reports import changing, clock
from bot.reports.database import Engine
from bot.reports.personal_tables import WarningRow
from bot.reports.tables import ReportRow

PERSON, PLACE = "person", "place"
SHORTEST_PLACE = 5  # characters; fewer would stand in many places


@dataclass(frozen=True)
class SafetyWarning:
    """One warning. `place` is empty for a person; `until` is its last day, None without an end;
    `reference` is the report where it was set, empty when that is gone; times are in UTC."""

    id: int
    about: str
    place: str
    words: str
    until: date | None
    by: str
    at: datetime
    reference: str
    ended_by: str
    ended_at: datetime | None
    ended_why: str

    @property
    def active(self) -> bool:
        """Whether it still applies."""
        return self.ended_at is None and (self.until is None or self.until >= clock.today())


def set_warning(
    engine: Engine, reference: str, seen: int | None, by: str, about: str, place: str,
    words: str, until: date | None, detail: str = "",
) -> None:  # fmt: skip
    """Set a warning from the report `reference`: about its reporter, or about `place`. `detail` is
    what the timeline tells, which takes no words back. Raises ValueError for a place that is too
    short, and what bot.reports.changing raises."""
    kept = "" if about == PERSON else place_key(place)
    if about == PLACE and not kept:
        raise ValueError("a place is a postcode or some letters")

    def apply(session: Session, row: Any) -> None:
        if about == PERSON and not row.person:
            raise changing.Refused("no_person")
        session.add(
            WarningRow(
                report_id=row.id, about=about, subject=row.person if about == PERSON else "",
                place=kept, words=words, until=until, by=by, at=datetime.now(UTC),
            )
        )  # fmt: skip

    changing.change(engine, reference, seen, by, "warning_set", detail, apply)


def end_warning(engine: Engine, id: int, by: str, why: str) -> str | None:
    """End a warning; the reference of the report where it was set (empty when that is gone), or
    None when there is no such warning. Raises Refused when it has ended."""
    with Session(engine) as session:
        found = _all(session, WarningRow.id == id)
    if not found:
        return None

    def apply(session: Session, _row: Any) -> None:
        still = (WarningRow.id == id) & WarningRow.ended_at.is_(None)
        done = session.execute(
            update(WarningRow)
            .where(still)
            .values(ended_by=by, ended_at=datetime.now(UTC), ended_why=why)
            .execution_options(synchronize_session=False)
        )
        if not done.rowcount:
            raise changing.Refused("already_ended")

    if found[0].reference:
        changing.change(engine, found[0].reference, None, by, "warning_ended", "", apply)
    else:
        with Session(engine) as session:
            apply(session, None)
            session.commit()
    return found[0].reference


def get(engine: Engine, id: int) -> SafetyWarning | None:
    """One warning, ended or not."""
    with Session(engine) as session:
        return next(iter(_all(session, WarningRow.id == id)), None)


def of_report(engine: Engine, reference: str) -> list[SafetyWarning]:
    """The warnings that apply to a report today, the newest first."""
    with Session(engine) as session:
        row = session.execute(
            select(ReportRow.person, ReportRow.place).where(ReportRow.reference == reference)
        ).first()
        if row is None:
            return []
        mine = (WarningRow.about == PERSON) & (WarningRow.subject == row.person)
        found = _all(
            session,
            WarningRow.ended_at.is_(None),
            or_(WarningRow.about == PLACE, mine) if row.person else WarningRow.about == PLACE,
        )
    places = _keys(row.place)
    return [
        one
        for one in found
        if one.active and (one.about == PERSON or _applies(one.place, row.place, places))
    ]


def every(engine: Engine) -> list[SafetyWarning]:
    """All warnings, the newest first."""
    with Session(engine) as session:
        return _all(session)


def place_key(words: str) -> str:
    """A place as warnings keep it: its postcode, or its words in small letters; empty when that is
    too little."""
    if found := POSTCODE.search(words):
        return _postcode(found[0])
    said = plain(words)
    return said if len(said) >= SHORTEST_PLACE else ""


def _applies(subject: str, place: str, postcodes: Iterable[str]) -> bool:
    return subject in postcodes or has(plain(place), subject)


def _keys(place: str) -> set[str]:
    return {_postcode(found[0]) for found in POSTCODE.finditer(place)}


def _postcode(typed: str) -> str:
    letters = "".join(typed.split()).upper()
    return f"{letters[:-3]} {letters[-3:]}"


def _all(session: Session, *which: Any) -> list[SafetyWarning]:
    query = (
        select(WarningRow, ReportRow.reference)
        .outerjoin(ReportRow, ReportRow.id == WarningRow.report_id)
        .where(*which)
        .order_by(WarningRow.id.desc())
    )
    return [
        SafetyWarning(
            id=row.id,
            about=row.about,
            place=row.place,
            words=row.words,
            until=row.until,
            by=row.by,
            at=row.at,
            reference=reference or "",
            ended_by=row.ended_by,
            ended_at=row.ended_at,
            ended_why=row.ended_why,
        )
        for row, reference in session.execute(query)
    ]
