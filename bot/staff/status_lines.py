"""The status as lines of words: for the page, and for `assistant status`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from bot.reports.retention_tables import FAILED
from bot.reports.switches import WHAT, Turn
from bot.staff import purge_lines
from bot.staff.labels import label, labels
from bot.staff.shown import local_time
from bot.staff.status import Database, Status

LONGEST_WITHOUT = timedelta(hours=26)  # a nightly backup, and time to make it
PURGE_IS_LATE = timedelta(days=3)  # it runs every night, unless somebody turned that off


class Line(NamedTuple):
    """One line: what it is about, how it is in words, and whether that is a worry."""

    name: str
    told: str
    is_bad: bool = False


def lines(status: Status) -> Iterator[Line]:
    """Everything but the switches."""
    words = labels()["status_words"]
    for part in status.parts:
        told = words["answers" if part.answers else "silent"]
        if part.since:
            told = words["since"].format(told=told, since=local_time(part.since))
        yield Line(label("process", part.name), told, not part.answers)
    yield Line(words["reports"], _database(status.reports), not status.reports.answers)
    yield Line(
        words["conversations"], _database(status.conversations), not status.conversations.answers
    )
    model = status.model
    made = local_time(model.made_at) if model.made_at else ""
    told = words["model_made"].format(file=model.file, made=made) if made else words["no_model"]
    yield Line(words["model"], told, not made)
    yield Line(words["data"], model.data or words["not_known"])
    yield from _notices(status)
    yield _messages(status)
    yield _backup(status)
    yield _purge(status)
    for disk in status.disks:
        told = words["free"].format(free=f"{disk.free:.1f}", whole=f"{disk.whole:.1f}")
        yield Line(words["disk"].format(folder=disk.folder), told, disk.free < 1)


def switch_lines(off: dict[str, Turn]) -> Iterator[tuple[str, Line]]:
    """Each switch by its key."""
    words = labels()["status_words"]
    for what in WHAT:
        turn = off.get(what)
        told = words["on"]
        if turn:
            told = words["off"].format(by=turn.by, at=local_time(turn.at), reason=turn.reason)
        yield what, Line(label("switch", what), told, turn is not None)


def _notices(status: Status) -> Iterator[Line]:
    words = labels()["status_words"]
    if status.notices is None:
        yield Line(words["notices"], words["not_known"], True)
        return
    count = status.notices
    told = words["notices_count"].format(
        waiting=count.waiting, refused=count.refused, given_up=count.given_up
    )
    if not status.sends_notices:
        told = words["notices_unset"]
    yield Line(words["notices"], told, bool(count.refused or count.given_up))


def _messages(status: Status) -> Line:
    words = labels()["status_words"]
    if status.messages is None:
        return Line(words["messages"], words["not_known"], True)
    waiting, failed = (status.messages.get(state, 0) for state in ("waiting", "failed"))
    told = words["messages_count"].format(waiting=waiting, failed=failed)
    return Line(words["messages"], told, bool(failed))


def _backup(status: Status) -> Line:
    """Old ones are a worry; none at all is not, because there are other ways to make them."""
    words = labels()["status_words"]
    last = status.backup
    if last is None:
        return Line(words["backup"], words["backup_none"])
    told = words["backup_at"].format(at=local_time(last.at), by=last.by)
    return Line(words["backup"], told, status.at - last.at > LONGEST_WITHOUT)


def _purge(status: Status) -> Line:
    words = labels()["status_words"]
    if status.purges is None:
        return Line(words["purge"], words["not_known"], True)
    if not status.purges:
        return Line(words["purge"], words["no_purge"])
    last = status.purges[0]
    is_late = status.at - last.began_at > PURGE_IS_LATE
    return Line(words["purge"], purge_lines.told(last), last.state == FAILED or is_late)


def _database(database: Database) -> str:
    words = labels()["status_words"]
    told = words["answers" if database.answers else "silent"]
    kind = label("database", database.kind)
    if database.migration:
        return str(words["migration"].format(kind=kind, told=told, migration=database.migration))
    return f"{kind}: {told}"
