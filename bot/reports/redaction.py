"""Removes words from a report and keeps the original for managers until it is forgotten for good.

What is removed from a field is removed from the resident's words that the report keeps beside its
fields too. The row is changed as an object, so that what is made from it (the words that search
looks in) is made again.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from bot.reports import changing, search_index
from bot.reports.database import Engine
from bot.reports.held import refuse_when_held
from bot.reports.personal_tables import RedactionRow
from bot.reports.redaction_texts import SOURCES, Texts
from bot.reports.tables import ReportRow

EVERYWHERE = "everywhere"
REMOVED = "[removed]"


@dataclass(frozen=True)
class Redaction:
    """One removal; `before` holds each changed text as it was, by where it stands, and is empty
    once it is forgotten. Times are in UTC."""

    id: int
    field: str
    words: str
    before: dict[str, str]
    by: str
    at: datetime
    reason: str
    forgotten_by: str
    forgotten_at: datetime | None

    def is_in(self, text: str) -> bool:
        """Whether the removed words still stand in `text`."""
        return self.words not in ("", REMOVED) and holds(text, self.words)


def texts_of(engine: Engine, reference: str) -> dict[str, str]:
    """Every text of a report that words can be removed from, by where it stands: "description",
    "details.who", "message.12" ..."""
    with Session(engine) as session:
        row = session.scalar(select(ReportRow).where(ReportRow.reference == reference))
        return Texts(session, row).all() if row else {}


def holds(text: str, words: str) -> bool:
    """Whether `words` stand in `text` as whole words."""
    return _pattern(words).search(text) is not None


def redact(
    engine: Engine, reference: str, seen: int | None, by: str, field: str, words: str,
    reason: str, detail: str,
) -> None:  # fmt: skip
    """Remove `words` from one text of the report, or from all (EVERYWHERE); with no words, the
    whole text. `detail` is what the timeline tells. Raises Refused when they are not there, and
    what bot.reports.changing raises."""

    def apply(session: Session, row: Any) -> None:
        texts = Texts(session, row)
        before = _remove(texts, field, words)
        if not before:
            raise changing.Refused("words_gone" if words else "nothing_there")
        removed = words or before[field]
        _scrub_history(session, row.id, removed)
        session.add(
            RedactionRow(
                report_id=row.id, field=field, words=removed, before=before, by=by,
                at=datetime.now(UTC), reason=reason,
            )
        )  # fmt: skip
        flag_modified(row, "details")  # also when only a message changed

    changing.change(engine, reference, seen, by, "redacted", detail, apply)
    with engine.begin() as connection:
        search_index.forget(connection)


def history(engine: Engine, reference: str) -> list[Redaction]:
    """What was removed from a report, the newest first."""
    query = (
        select(RedactionRow)
        .join(ReportRow, ReportRow.id == RedactionRow.report_id)
        .where(ReportRow.reference == reference)
        .order_by(RedactionRow.id.desc())
    )
    with Session(engine) as session:
        return [_redaction(row) for row in session.scalars(query)]


def forget(engine: Engine, reference: str, id: int, by: str) -> bool:
    """Empty the original of one removal for good; False when this report has no such removal.
    Raises Refused when it has been forgotten or the report is under hold, and NoReport."""
    if not any(one.id == id for one in history(engine, reference)):
        return False

    def apply(session: Session, row: Any) -> None:
        refuse_when_held(session, row.id)
        kept = session.get(RedactionRow, id, populate_existing=True)
        if kept.forgotten_at is not None:
            raise changing.Refused("already_forgotten")
        kept.before, kept.words = {}, ""
        kept.forgotten_by, kept.forgotten_at = by, datetime.now(UTC)

    changing.change(engine, reference, None, by, "original_forgotten", "", apply)
    return True


def _remove(texts: Texts, field: str, words: str) -> dict[str, str]:
    """What was changed, as it was. The field named must hold the words; others may."""
    all_texts = texts.all()
    chosen = list(all_texts) if field == EVERYWHERE else [field]
    value = words or all_texts.get(field, "")
    if not value or value == REMOVED:
        return {}
    changed = {}
    for where in chosen:
        text = all_texts.get(where, "")
        after = _pattern(words).sub(lambda _: REMOVED, text) if words else REMOVED
        if after != text:
            changed[where] = (text, after)
    if not changed:
        return {}
    own = "" if words else texts.said().get(SOURCES.get(field, field), "")
    for name, text in texts.said().items():
        after = _pattern(value).sub(lambda _: REMOVED, text)
        if own and text == own and after == text:
            after = REMOVED  # the same in other letters, such as a number without its spaces
        if after != text:
            changed[f"provenance.{name}"] = (text, after)
    for where, (_, after) in changed.items():
        texts.put(where, after)
    return {where: text for where, (text, _) in changed.items()}


def _scrub_history(session: Session, report_id: int, removed: str) -> None:
    """Earlier originals and removals lose the words as well: else forgetting this one would forget
    nothing."""
    pattern = _pattern(removed)
    kept = select(RedactionRow).where(RedactionRow.report_id == report_id)
    for row in session.scalars(kept):
        row.words = pattern.sub(lambda _: REMOVED, row.words)
        row.before = {
            where: pattern.sub(lambda _: REMOVED, text) for where, text in row.before.items()
        }


def _pattern(words: str) -> re.Pattern[str]:
    parts = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){parts}(?!\w)")


def _redaction(row: Any) -> Redaction:
    return Redaction(
        row.id, row.field, row.words, dict(row.before), row.by, row.at, row.reason,
        row.forgotten_by, row.forgotten_at,
    )  # fmt: skip
