"""The versions of each answer and contact: drafts, publishing by a second person, going back.

Nobody publishes what they wrote a part of. Going back to what was published before needs no second
person, because two people have seen it already: it is the quick way out when a live text is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.publishing.fields import Fields, Subject
from bot.reports.publishing_tables import AnswerVersionRow as Row

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
REPLACED = "replaced"
Put = Callable[[Session, "list[Version]", int], None]
TRIES = 5  # at a number that somebody else has taken in the same moment


@dataclass(frozen=True)
class Version:
    """One version; times are in UTC. `publication` is 0 for what was never live. `reason` says why
    a draft was withdrawn, by `ended_by`; REPLACED when another draft was written over it."""

    number: int
    state: str
    fields: Fields
    based_on: int
    written_by: str
    written_at: datetime
    published_by: str
    published_at: datetime | None
    publication: int
    ended_by: str
    ended_at: datetime | None
    note: str
    reason: str


class Stale(Exception):
    """Somebody else was first; `newest` is the version that now stands, 0 for the file."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"version {newest} came first")
        self.newest = newest


class Refused(ValueError):
    """Not allowed; `reason` is a key of the staff site's words (group `refused`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def last_publication(engine: Engine) -> int:
    """How many times anything was published: one look into an index."""
    with Session(engine) as session:
        return _next_publication(session) - 1


def published(engine: Engine) -> dict[Subject, Fields]:
    """The fields of the newest published version of each subject that has one."""
    return {subject: version.fields for subject, version in newest_published(engine).items()}


def newest_published(engine: Engine) -> dict[Subject, Version]:
    """The newest published version of each subject that has one."""
    return _newest(engine, PUBLISHED)


def drafts(engine: Engine) -> dict[Subject, Version]:
    """Every draft that waits for somebody to publish it."""
    return _newest(engine, DRAFT)


def history(engine: Engine, subject: Subject) -> list[Version]:
    """Every version of `subject`, the newest first. Version 0, the file, is not among them."""
    with Session(engine) as session:
        return _history(session, subject)


def draft_of(versions: list[Version]) -> Version | None:
    """The draft that waits, of a history."""
    return next((version for version in versions if version.state == DRAFT), None)


def live_number(versions: list[Version]) -> int:
    """The version that is said now, of a history: 0 for the file."""
    newest = max(versions, key=lambda version: version.publication, default=None)
    return newest.number if newest and newest.publication else 0


def newest_number(versions: list[Version]) -> int:
    """The version that an editor begins from: the draft, else what is live."""
    draft = draft_of(versions)
    return draft.number if draft else live_number(versions)


def writers(versions: list[Version], number: int) -> set[str]:
    """Everybody whose words are in version `number`: who wrote it, and the drafts it began from."""
    by_number = {version.number: version for version in versions}
    found: set[str] = set()
    while (version := by_number.get(number)) and not version.publication:
        found.add(version.written_by)
        number = version.based_on
    return found


def save_draft(
    engine: Engine, subject: Subject, seen: int, fields: Fields, by: str, note: str,
    begun_from: int | None = None,
) -> int:  # fmt: skip
    """Keep a draft, in place of an earlier one, and return its number. `seen` is the version that
    `by` (a username) was shown as the newest; `begun_from` another whose text they took.

    Raises Stale when another is the newest by now.
    """
    now = datetime.now(UTC)
    with Session(engine) as session:
        versions = _history(session, subject)
        if (newest := newest_number(versions)) != seen:
            raise Stale(newest)
        earlier = update(Row).where(Row.subject == str(subject), Row.state == DRAFT)
        ended = {"state": WITHDRAWN, "ended_by": by, "ended_at": now, "reason": REPLACED}
        base = seen if begun_from is None else begun_from
        row = _new(subject, versions, fields, base, by, note, DRAFT)
        number: int = row.number
        try:
            session.execute(earlier.values(**ended))
            session.add(row)
            session.commit()
            return number
        except IntegrityError:
            session.rollback()
            raise Stale(newest_number(_history(session, subject))) from None


def publish(engine: Engine, subject: Subject, number: int, live: int, by: str) -> None:
    """Make draft `number` what is said; `live` is the version that `by` compared it with.

    Raises Refused (`own_draft`, `no_draft`) and Stale.
    """

    def put(session: Session, versions: list[Version], publication: int) -> None:
        if by in writers(versions, number):
            raise Refused("own_draft")
        mine = update(Row).where(_draft(subject, number))
        made = {"state": PUBLISHED, "published_by": by, "published_at": datetime.now(UTC)}
        done = session.execute(mine.values(**made, publication=publication))
        if not done.rowcount:
            raise Refused("no_draft")

    _make_live(engine, subject, live, put)


def roll_back(
    engine: Engine, subject: Subject, to: int, live: int, by: str, note: str = ""
) -> None:
    """Say version `to` again, as a new version; 0 gives the word back to the file. `live` is the
    version that `by` saw as live. Raises Refused (`never_published`) and Stale."""

    def put(session: Session, versions: list[Version], publication: int) -> None:
        earlier = next((v for v in versions if v.number == to and v.publication), None)
        if to and earlier is None:
            raise Refused("never_published")
        row = _new(subject, versions, earlier.fields if earlier else {}, to, by, note, PUBLISHED)
        row.published_by, row.published_at, row.publication = by, row.written_at, publication
        session.add(row)

    _make_live(engine, subject, live, put)


def withdraw(engine: Engine, subject: Subject, number: int, by: str, reason: str) -> None:
    """Take back draft `number`. Raises Refused (`no_draft`)."""
    ended = {"state": WITHDRAWN, "ended_by": by, "ended_at": datetime.now(UTC), "reason": reason}
    with Session(engine) as session:
        done = session.execute(update(Row).where(_draft(subject, number)).values(**ended))
        session.commit()
    if not done.rowcount:
        raise Refused("no_draft")


def _make_live(engine: Engine, subject: Subject, live: int, put: Put) -> None:
    """Run `put` in a transaction of its own; again when something else was published just then.

    The number is read before the history: what is published in between takes the same number, and
    the unique index lets only one of the two through.
    """
    for _ in range(TRIES):
        with Session(engine) as session:
            publication = _next_publication(session)
            versions = _history(session, subject)
            if (now_live := live_number(versions)) != live:
                raise Stale(now_live)
            try:
                put(session, versions, publication)
                session.commit()
                return
            except IntegrityError:
                session.rollback()
    raise Stale(live_number(history(engine, subject)))


def _new(
    subject: Subject, versions: list[Version], fields: Fields, based_on: int, by: str, note: str,
    state: str,
) -> Any:  # fmt: skip
    return Row(
        subject=str(subject), number=max((v.number for v in versions), default=0) + 1,
        state=state, fields=fields, based_on=based_on, written_by=by,
        written_at=datetime.now(UTC), note=note, reason="",
    )  # fmt: skip


def _next_publication(session: Session) -> int:
    return (session.scalar(select(func.max(Row.publication))) or 0) + 1


def _draft(subject: Subject, number: int) -> Any:
    return (Row.subject == str(subject)) & (Row.number == number) & (Row.state == DRAFT)


def _history(session: Session, subject: Subject) -> list[Version]:
    query = select(Row).where(Row.subject == str(subject)).order_by(Row.number.desc())
    return [_version(row) for row in session.scalars(query)]


def _newest(engine: Engine, state: str) -> dict[Subject, Version]:
    query = select(Row).where(Row.state == state).order_by(Row.publication, Row.id)
    with Session(engine) as session:
        return {Subject.of(row.subject): _version(row) for row in session.scalars(query)}


def _version(row: Any) -> Version:
    return Version(
        number=row.number, state=row.state, fields=row.fields, based_on=row.based_on,
        written_by=row.written_by, written_at=row.written_at,
        published_by=row.published_by or "", published_at=row.published_at,
        publication=row.publication or 0, ended_by=row.ended_by or "", ended_at=row.ended_at,
        note=row.note, reason=row.reason,
    )  # fmt: skip
