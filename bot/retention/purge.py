"""The purge: what is due goes, a little at a time, and a line in the register for it. It may stop
at any moment and go on later, because each run looks again for what is due."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports import photos_unsent
from bot.reports.database import Engine
from bot.retention import due, leftovers, others, register, removing, runs
from bot.retention.cleaning import clean
from bot.retention.conversations import Conversations, opened
from bot.retention.due import Family
from bot.retention.periods import Cutoffs, cutoffs
from bot.retention.removing import Doing
from bot.settings import Settings

log = logging.getLogger(__name__)
CONVERSATIONS, CHANNELS, PHOTOS = "conversations", "channel_conversations", "photos_unsent"
LONGEST_BREATH = 0.05  # seconds
LEFT = "left over"  # files or conversations that could not be removed, and are tried again
# In the order in which they are told
RULES = (
    *due.RULES, CONVERSATIONS, CHANNELS, PHOTOS, *(rule.name for rule in others.RULES),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What a purge would do now: how many go `by_rule`, the references of the `reports` among them
    by rule, those that are `held` though they are due, and open ones that are very old, with when
    they came (UTC)."""

    by_rule: dict[str, int]
    reports: dict[str, list[str]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    old_open: list[tuple[str, datetime]] = field(default_factory=list)


def plan(settings: Settings, engine: Engine, now: datetime | None = None) -> Plan:
    """What is due. Nothing is changed."""
    cuts = cutoffs(settings, now or datetime.now(UTC))
    found = Plan(dict.fromkeys(RULES, 0))
    with Session(engine) as session:
        for rule in due.RULES:
            for family in due.families(session, rule, cuts):
                names = [reference for _, reference in family.members]
                if family.is_held:
                    found.held.extend(names)
                    continue
                found.reports.setdefault(rule, []).extend(names)
                found.by_rule[rule] += len(names)
        for other in others.RULES:
            found.by_rule[other.name] = others.count(session, other, cuts)
        found.by_rule[CHANNELS] = len(others.quiet_channels(session, cuts))
        found.old_open.extend(due.old_open(session, cuts))
        keep = others.held_conversations(session)
    found.by_rule[PHOTOS] = photos_unsent.count_old(engine, cuts.photos_unsent)
    with opened(settings.tracker_database_url) as conversations:
        found.by_rule[CONVERSATIONS] = conversations.count_quiet(cuts.conversations, keep)
    return found


def purge(
    settings: Settings, engine: Engine, by: str, half_done: runs.Run | None = None,
    may_go_on: Callable[[], bool] = lambda: True, now: datetime | None = None,
) -> runs.Run:  # fmt: skip
    """Purge what is due, or go on with the run `half_done`. `by` is who does it. `may_go_on` is
    asked after each transaction; once it says no, the run stays `running`, for another call to end.

    A failure of any kind ends the run as failed, with its kind only: what was done before it stays
    done.
    """
    now = now or datetime.now(UTC)
    run = half_done or runs.begin(engine, by, now)
    doing = Doing("", by, now)
    try:
        with opened(settings.tracker_database_url) as conversations:
            problems: set[str] = set()
            steps = _steps(settings, engine, conversations, doing, problems)
            if not _go(engine, run.id, _breathing(steps), may_go_on):
                return runs.get(engine, run.id)
            if leftovers.sweep(engine, settings.photos_dir, conversations):
                problems.add(LEFT)
            run = runs.get(engine, run.id)
            if run.counts:
                clean(engine, conversations)
        return runs.end(engine, run.id, ", ".join(sorted(problems)))
    except Exception as error:  # of whatever kind: its text may hold what was said
        log.error("the purge failed: %s", type(error).__name__)
        return runs.end(engine, run.id, type(error).__name__)


def _go(
    engine: Engine, run: int, steps: Iterator[tuple[str, int]], may_go_on: Callable[[], bool]
) -> bool:
    """Do the steps and keep count of them; False when they were stopped."""
    counts: Counter[str] = Counter()
    try:
        for rule, number in steps:
            counts[rule] += number
            if not may_go_on():
                return False
        return True
    finally:
        runs.add(engine, run, counts)


def _breathing(steps: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """After each transaction leave the database to others for as long as it took: SQLite lets in
    only who comes just when nobody writes."""
    began = time.monotonic()
    for step in steps:
        took = time.monotonic() - began
        yield step
        time.sleep(min(took, LONGEST_BREATH))
        began = time.monotonic()


def _steps(
    settings: Settings, engine: Engine, conversations: Conversations, doing: Doing,
    problems: set[str],
) -> Iterator[tuple[str, int]]:  # fmt: skip
    """Does one transaction after another; yields the rule and how many went by it. A report that
    cannot be removed is left, with the kind of failure among the problems, and the others go."""
    cuts = cutoffs(settings, doing.now)
    leftovers.sweep(engine, settings.photos_dir, conversations)  # of a run that died
    for rule in due.RULES:
        with Session(engine) as session:
            for family in due.families(session, rule, cuts):
                if family.is_held:
                    continue
                try:
                    gone = _remove(engine, family, doing, cuts)
                except SQLAlchemyError as error:
                    log.error("a report could not be purged: %s", type(error).__name__)
                    problems.add(type(error).__name__)
                    continue
                if gone:
                    yield rule, gone
        leftovers.sweep(engine, settings.photos_dir, conversations)
    with Session(engine) as session:
        keep = others.held_conversations(session)
        quiet = others.quiet_channels(session, cuts)
    for id in quiet:
        with Session(engine) as session:
            if others.forget_channel(session, id, cuts):
                register.add(session, CHANNELS, doing.by, doing.now, {CHANNELS: 1})
                session.commit()
                yield CHANNELS, 1
    for gone in conversations.forget_quiet(cuts.conversations, keep):
        _note(engine, CONVERSATIONS, doing, gone)
        yield CONVERSATIONS, gone
    if gone := photos_unsent.drop_old(engine, settings.photos_dir, cuts.photos_unsent):
        _note(engine, PHOTOS, doing, gone)
        yield PHOTOS, gone
    photos_unsent.tidy(engine, settings.photos_dir, cuts.photos_unsent)
    for other in others.RULES:
        while gone := _apply(engine, other, doing, cuts):
            yield other.name, gone


def _remove(engine: Engine, family: Family, doing: Doing, cuts: Cutoffs) -> int:
    """One report with those merged into it, in one transaction; 0 when somebody has put it under
    hold, or it is no longer due."""
    ids = [id for id, _ in family.members]
    with Session(engine) as session:
        for id in ids:
            conditions = (due.is_due(family.rule, cuts),) if id == ids[-1] else ()
            if (row := removing.lock(session, id, *conditions)) is None:
                session.rollback()
                return 0
            rule = due.MERGED if id != ids[-1] else family.rule
            removing.remove(session, row, Doing(rule, doing.by, doing.now), ids)
        session.commit()
    return len(ids)


def _apply(engine: Engine, rule: others.Rule, doing: Doing, cuts: Cutoffs) -> int:
    with Session(engine) as session:
        gone = others.apply(session, rule, cuts)
        if gone:
            register.add(session, rule.name, doing.by, doing.now, {rule.table.__tablename__: gone})
            session.commit()
        return gone


def _note(engine: Engine, rule: str, doing: Doing, number: int) -> None:
    with Session(engine) as session:
        register.add(session, rule, doing.by, doing.now, {rule: number})
        session.commit()
