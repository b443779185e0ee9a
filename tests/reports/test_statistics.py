"""The figures, counted by hand beside the database's counting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.reports import statistics, store
from bot.reports.model import Frequency, Identity, NewReport
from bot.reports.statistics_scope import NO_WARD, Scope, last_weeks, monday
from bot.reports.tables import IncidentRow, ReportRow

SUMMER = datetime(2026, 7, 8, 12, 0, tzinfo=UTC)  # a Wednesday
JULY = Scope(date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def report(engine):
    """Saves a report and changes its row to what a test needs."""
    numbers = iter(range(1_000))

    def _report(created_at=SUMMER, **row):
        made = NewReport(
            key=f"k{next(numbers)}", channel=row.pop("channel", "web"), conversation_id="c",
            kind=row.pop("kind", "noise"), description="music", place="", time="",
            frequency=Frequency.ONCE, identity=Identity.ANONYMOUS,
            first=row.pop("first", None), last=row.pop("last", None), clock=row.pop("clock", ""),
        )  # fmt: skip
        reference = store.save(engine, made, "secret").reference
        mine = update(ReportRow).where(ReportRow.reference == reference)
        with Session(engine) as session:
            session.execute(mine.values(created_at=created_at, **row))
            session.commit()
            return session.query(ReportRow.id).filter_by(reference=reference).scalar()

    return _report


def test_nothing_is_counted_where_nothing_is(engine):
    found = statistics.figures(engine, JULY)
    assert (found.total, found.open, found.overdue, found.repeats) == (0, 0, 0, 0)
    assert found.waiting == statistics.Waiting(0, None, None)
    assert set(found.weeks.values()) == {0} and found.heat.cells == {}
    assert statistics.wards(engine) == []


def test_each_report_counts_once_in_every_table(engine, report):
    report(kind="noise", ward="Verulam", channel="form", level="high", repeat=True)
    report(kind="drugs", ward="", level="low", status="closed", close_reason="resolved")
    report(kind="drugs", ward="Verulam", level="low", status="spam")
    report(kind="drugs", created_at=SUMMER - timedelta(days=60))
    found = statistics.figures(engine, JULY)
    assert found.total == 3
    assert found.kinds == {"noise": 1, "drugs": 2}
    assert found.wards == {"Verulam": 2, "": 1}
    assert found.channels == {"form": 1, "web": 2}
    assert found.levels == {"high": 1, "medium": 0, "low": 2}
    assert found.outcomes == {"open": 1, "resolved": 1, "spam": 1}
    assert found.repeats == 1
    assert statistics.wards(engine) == ["Verulam"]


def test_kind_and_ward_are_what_is_counted(engine, report):
    report(kind="noise", ward="Verulam")
    report(kind="drugs", ward="Verulam", first=date(2026, 7, 6), clock="23:00")
    report(kind="drugs", ward="")
    for scope, total in (
        (Scope(JULY.first, JULY.last, "drugs"), 2),
        (Scope(JULY.first, JULY.last, "drugs", "Verulam"), 1),
        (Scope(JULY.first, JULY.last, "", NO_WARD), 1),
        (Scope(JULY.first, JULY.last, "", "x' OR 1=1 --"), 0),
    ):
        found = statistics.figures(engine, scope)
        assert found.total == sum(found.kinds.values()) == sum(found.weeks.values()) == total
        assert found.open == total and found.heat.said + found.heat.unsaid == total


def test_a_week_begins_at_midnight_in_st_albans(engine, report):
    sunday_night = datetime(2026, 7, 12, 22, 59, tzinfo=UTC)  # 23:59 in St Albans
    report(created_at=sunday_night)
    report(created_at=sunday_night + timedelta(minutes=1))  # Monday 0:00 there, Sunday in UTC
    weeks = statistics.figures(engine, JULY).weeks
    assert (weeks[date(2026, 7, 6)], weeks[date(2026, 7, 13)]) == (1, 1)
    winter = Scope(date(2026, 1, 1), date(2026, 1, 31))
    report(created_at=datetime(2026, 1, 11, 23, 59, 59, tzinfo=UTC))
    report(created_at=datetime(2026, 1, 12, 0, 0, tzinfo=UTC))
    weeks = statistics.figures(engine, winter).weeks
    assert (weeks[date(2026, 1, 5)], weeks[date(2026, 1, 12)]) == (1, 1)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_day_on_which_the_clocks_change_is_counted_whole_and_once(engine, report, day):
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
    for hour in range(30):
        report(created_at=before + timedelta(hours=hour))
    scopes = [Scope(day + timedelta(days=n), day + timedelta(days=n)) for n in (-1, 0, 1)]
    totals = [statistics.figures(engine, scope).total for scope in scopes]
    assert sum(totals) == 30
    assert totals[1] == (23 if day.month == 3 else 25)


def test_the_first_and_the_last_day_count_and_those_beside_them_do_not(engine, report):
    for moment in ("2026-06-30T22:59:59", "2026-06-30T23:00:00", "2026-07-31T22:59:59",
                   "2026-07-31T23:00:00"):  # fmt: skip
        report(created_at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    found = statistics.figures(engine, JULY)
    assert found.total == 2 == sum(found.weeks.values())


def test_hours_to_the_first_action_are_those_of_half_and_of_nine_in_ten(engine, report):
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 30, 100):
        report(answered_at=SUMMER + timedelta(hours=hours))
    report()
    waiting = statistics.figures(engine, JULY).waiting
    assert waiting == statistics.Waiting(answered=10, median=5, ninth=30)


@pytest.mark.parametrize(
    ("took", "hours"),
    [(timedelta(minutes=59, seconds=59), 0), (timedelta(hours=1), 1), (timedelta(hours=47), 47),
     (timedelta(hours=48) - timedelta(seconds=1), 47), (timedelta(days=200), 4800)],
)  # fmt: skip
def test_hours_are_whole_and_rounded_down(engine, report, took, hours):
    report(answered_at=SUMMER + took)
    assert statistics.figures(engine, JULY).waiting.median == hours


def test_overdue_is_what_is_open_unanswered_and_past_its_time_whenever_it_came(engine, report):
    past, long_ago = SUMMER - timedelta(days=1), SUMMER - timedelta(days=900)
    report(created_at=long_ago, due_at=past)
    report(due_at=past, answered_at=past)
    report(due_at=past, status="closed")
    report(due_at=SUMMER + timedelta(days=1))
    found = statistics.figures(engine, JULY, now=SUMMER)
    assert (found.open, found.overdue) == (3, 1)


def test_the_heat_map_has_only_what_says_one_day_and_an_hour(engine, report):
    friday = date(2026, 7, 3)
    id = report(first=friday, last=friday, clock="22:00-02:00")
    report(first=friday, last=friday, clock="22:30")
    report(first=friday, last=friday)  # no hour
    report(first=friday, last=friday + timedelta(days=1), clock="22:00")  # two days
    report(clock="22:00")  # no day
    report(first=friday, last=friday, clock="soon")
    with Session(engine) as session:
        for n, (first, clock, at) in enumerate((
            (friday + timedelta(days=1), "09:15", SUMMER), (None, "09:15", SUMMER),
            (friday, "09:15", SUMMER - timedelta(days=100)),
        )):  # fmt: skip
            session.add(IncidentRow(report_id=id, key=f"i{n}", at=at, words="", first=first,
                                    last=first, clock=clock))  # fmt: skip
        session.commit()
    heat = statistics.figures(engine, JULY).heat
    assert heat == statistics.HeatMap({(4, 22): 2, (5, 9): 1}, said=3, unsaid=5)


def test_the_usual_scope_is_26_weeks_with_this_one():
    scope = last_weeks(date(2026, 11, 30))
    assert len(scope.weeks()) == 26 and scope.weeks()[-1] == date(2026, 11, 30)
    assert scope.first == monday(scope.first) and scope.last == date(2026, 11, 30)
