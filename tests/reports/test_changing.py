"""Changes of a report by staff: whole or not at all, and never over somebody else's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.reports import changing, store
from bot.reports.clock import due_at
from bot.reports.model import Frequency, Identity, Level, NewReport
from bot.reports.tables import ChangeRow, ReportRow


@pytest.fixture
def reference(engine):
    report = NewReport(
        key="key-1", channel="web", conversation_id="c", kind="noise", description="music",
        place="", time="", frequency=Frequency.WEEKLY, identity=Identity.ANONYMOUS,
    )  # fmt: skip
    return store.save(engine, report, "secret").reference


def assign(who):
    def apply(_session, row):
        row.assignee = who

    return apply


def test_a_change_stands_in_the_report_and_in_its_timeline(engine, reference):
    seen = store.get(engine, reference).version
    now = changing.change(engine, reference, seen, "jo", "assigned", "jo", assign("jo"))
    report = store.get(engine, reference)
    assert (report.assignee, report.version, now) == ("jo", seen + 1, seen + 1)
    last = store.timeline(engine, reference)[-1]
    assert (last.what, last.by, last.detail) == ("assigned", "jo", "jo")


def test_who_saw_an_older_version_changes_nothing_and_learns_what_came_between(engine, reference):
    seen = store.get(engine, reference).version
    changing.change(engine, reference, seen, "jo", "assigned", "jo", assign("jo"))
    with pytest.raises(changing.Stale) as stale:
        changing.change(engine, reference, seen, "sam", "assigned", "sam", assign("sam"))
    assert [(c.what, c.by) for c in stale.value.since] == [("assigned", "jo")]
    assert store.get(engine, reference).assignee == "jo"
    assert len(store.timeline(engine, reference)) == 2


def test_a_change_that_is_refused_leaves_no_trace(engine, reference):
    def refuse(_session, row):
        row.assignee = "jo"
        raise changing.Refused("not_open")

    before = store.get(engine, reference), store.timeline(engine, reference)
    with pytest.raises(changing.Refused):
        changing.change(engine, reference, None, "jo", "assigned", "jo", refuse)
    assert (store.get(engine, reference), store.timeline(engine, reference)) == before


def test_a_report_that_is_not_there_cannot_be_changed(engine):
    with pytest.raises(changing.NoReport):
        changing.change(engine, "SA-0000-0000", None, "jo", "noted")


def test_the_clock_is_24_hours_for_high_risk_and_three_working_days_else():
    friday = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
    assert due_at(friday, Level.HIGH) == datetime(2026, 12, 19, 16, 0, tzinfo=UTC)
    # Monday, Tuesday, Wednesday; it is over when Thursday begins
    assert due_at(friday, Level.LOW) == datetime(2026, 12, 24, 0, 0, tzinfo=UTC)
    # Christmas, Boxing Day (kept on Monday) and a weekend do not count
    wednesday = datetime(2026, 12, 23, 16, 0, tzinfo=UTC)
    assert due_at(wednesday, Level.MEDIUM) == datetime(2026, 12, 31, 0, 0, tzinfo=UTC)


def test_midnight_is_that_of_st_albans():
    assert due_at(datetime(2026, 7, 6, 9, 0, tzinfo=UTC), Level.LOW) == datetime(
        2026, 7, 9, 23, 0, tzinfo=UTC
    )


def test_a_report_is_overdue_when_nobody_has_answered_in_time(engine, reference):
    assert not store.get(engine, reference).overdue
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with Session(engine) as session:
        session.execute(update(ReportRow).values(due_at=past))
        session.commit()
    assert store.get(engine, reference).overdue
    with Session(engine) as session:
        session.execute(update(ReportRow).values(answered_at=past))
        session.commit()
    assert not store.get(engine, reference).overdue


def test_the_timeline_says_after_which_version_each_change_came(engine, reference):
    changing.change(engine, reference, None, "jo", "assigned", "jo", assign("jo"))
    with Session(engine) as session:
        assert [row.version for row in session.query(ChangeRow).order_by(ChangeRow.id)] == [0, 2]
