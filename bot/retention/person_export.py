"""Everything that is held on one person, as one value and as a file to give out: a ZIP with JSON,
a page to read, and the photos."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.channels.tables import ConversationRow, InboxRow, OutboxRow
from bot.reports.casework_tables import InterventionRow, NoteRow, ReferralRow
from bot.reports.database import Engine
from bot.reports.partners import partners
from bot.reports.personal_tables import CaseReviewRow, OpeningRow, RedactionRow, WarningRow
from bot.reports.photos_files import path_of
from bot.reports.retention_tables import HoldRow
from bot.reports.safety import PERSON
from bot.reports.tables import ChangeRow, IncidentRow, MessageRow, PhotoRow, ReportRow
from bot.retention.people import Found, Match

PARTS: dict[str, Any] = {
    "timeline": ChangeRow, "incidents": IncidentRow, "messages": MessageRow, "notes": NoteRow,
    "actions": InterventionRow, "passed_on": ReferralRow, "removals": RedactionRow,
    "openings": OpeningRow, "holds": HoldRow, "photos": PhotoRow,
}  # fmt: skip
# Our own bookkeeping: numbers, digests, and what is told elsewhere
LEFT_OUT = frozenset(
    ("id", "report_id", "key", "code_digest", "person", "place_start", "version", "subject",
     "holder", "sha256", "conversation_id", "held_by", "held_until", "choices", "order")
)  # fmt: skip
# What was said in a conversation, by its id: None when it cannot be read now
Transcript = Callable[[str], list[dict[str, Any]] | None]


def collect(
    engine: Engine, found: Found, reports: Iterable[Match], transcript: Transcript
) -> dict[str, Any]:
    """All of it as JSON knows it. `complete` is False when a conversation could not be read."""
    told: dict[str, Any] = {"made_at": datetime.now(UTC).isoformat(), "complete": True}
    with Session(engine) as session:
        rows = [session.get(ReportRow, one.id) for one in reports]
        rows = [row for row in rows if row is not None]
        told["reports"] = [_report(session, row, transcript) for row in rows]
        persons, ids = {row.person for row in rows} - {""}, [row.id for row in rows]
        told["warnings"] = [
            _plain(row) for row in session.scalars(_of_person(WarningRow, persons, ids))
            if row.about == PERSON or row.report_id in ids
        ]  # fmt: skip
        told["case_reviews"] = [
            _plain(row) for row in session.scalars(_of_person(CaseReviewRow, persons, ids))
        ]
        told["channels"] = [_channel(session, id, transcript) for id, _ in found.channels]
    told["named_in"] = list(found.named_in)
    said = [*told["reports"], *told["channels"]]
    told["complete"] = all(one["conversation"] is not None for one in said)
    return told


def packed(told: dict[str, Any], page: str, folder: Path) -> bytes:
    """The ZIP: person.json, person.html (`page`), and photos/ with the names that they have there.
    A photo whose file is missing is left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(told, indent=2, ensure_ascii=False))
        archive.writestr("person.html", page)
        for report in told["reports"]:
            for photo in report["photos"]:
                path = path_of(folder, photo["name"])
                if path.is_file():
                    archive.write(path, photo["file"])
    return file.getvalue()


def _report(session: Session, row: Any, transcript: Transcript) -> dict[str, Any]:
    told = _plain(row)
    for part, table in PARTS.items():
        mine = select(table).where(table.report_id == row.id).order_by(table.id)
        told[part] = [_plain(one) for one in session.scalars(mine)]
    for number, photo in enumerate(told["photos"], 1):
        photo["file"] = f"photos/{row.reference}-{number}.jpg"
    for one in told["passed_on"]:
        one["partner"] = partners().get(one["partner"], one["partner"])
    told["conversation"] = transcript(row.conversation_id) if row.conversation_id else []
    return told


def _channel(session: Session, id: str, transcript: Transcript) -> dict[str, Any]:
    told = _plain(session.get(ConversationRow, id))
    told["conversation"] = transcript(id)
    for name, table in (("received", InboxRow), ("sent", OutboxRow)):
        mine = select(table).where(table.conversation_id == id).order_by(table.id)
        told[name] = [_plain(one) for one in session.scalars(mine)]
    return told


def _of_person(table: Any, persons: set[str], ids: list[int]) -> Any:
    mine = or_(table.subject.in_(sorted(persons)), table.report_id.in_(ids))
    return select(table).where(mine).order_by(table.id)


def _plain(row: Any) -> dict[str, Any]:
    names = [column.key for column in type(row).__mapper__.column_attrs]
    return {name: _value(getattr(row, name)) for name in names if name not in LEFT_OUT}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
