"""Filters of the list: what each finds, in which order, and what is no filter."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.reports import filter_reading, finding, following
from bot.reports.finding import NOBODY, Filter, Tab
from bot.reports.model import Level, Status
from bot.reports.paging import Order

from .made import made

CHANNELS = ("web", "form")
PAST, LATER = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2100))


def references(engine, wanted, *order, **more):
    return [report.reference for report in finding.find(engine, wanted, *order, **more)]


def read(**values):
    return filter_reading.read(values, CHANNELS)


def test_each_tab_holds_what_its_name_says(engine):
    new = made(engine, set={"due_at": LATER})
    late = made(engine, set={"due_at": PAST, "status": "triage", "assignee": "jo"})
    answered = made(engine, set={"due_at": PAST, "answered_at": PAST, "status": "triage",
                                 "assignee": "sam"})  # fmt: skip
    closed = made(engine, set={"due_at": PAST, "status": "closed", "assignee": "jo"})
    for reference in (answered, closed):
        following.follow(engine, reference, "jo")
    following.follow(engine, new, "sam")
    expected = {
        Tab.NEW: {new}, Tab.OVERDUE: {late}, Tab.MINE: {late}, Tab.UNASSIGNED: {new},
        Tab.FOLLOWED: {answered, closed},
        Tab.OPEN: {new, late, answered}, Tab.ALL: {new, late, answered, closed},
    }  # fmt: skip
    for tab, wanted in expected.items():
        assert set(references(engine, Filter(tab=tab, me="jo"))) == wanted, tab
    counted = {tab: len(wanted) for tab, wanted in expected.items()}
    assert finding.tabs(engine, "jo") == counted


@pytest.mark.parametrize("status", list(Status))
def test_open_is_every_status_in_which_something_is_still_to_be_done(engine, status):
    made(engine, set={"status": status.value})
    ended = {"closed", "merged", "signposted", "spam"}
    assert finding.count(engine, Filter(tab=Tab.OPEN)) == (status not in ended)


@pytest.mark.parametrize(
    ("asked", "column", "value", "other"),
    [
        ({"status": "triage"}, "status", "triage", "new"),
        ({"kind": "drugs"}, "kind", "drugs", "noise"),
        ({"ward": "Verulam"}, "ward", "Verulam", ""),
        ({"level": "high"}, "level", "high", "low"),
        ({"channel": "form"}, "channel", "form", "web"),
        ({"assignee": "jo"}, "assignee", "jo", ""),
        ({"assignee": NOBODY}, "assignee", "", "jo"),
        ({"hate": "yes"}, "hate", True, False),
        ({"vulnerable": "yes"}, "vulnerable", True, False),
        ({"repeat": "yes"}, "repeat", True, False),
    ],
)
def test_each_filter_finds_its_own_and_leaves_the_others(engine, asked, column, value, other):
    mine = made(engine, set={column: value})
    made(engine, set={column: other})
    wanted, problems = read(**asked)
    assert not problems
    assert references(engine, wanted) == [mine]
    assert finding.count(engine, wanted) == 1


def test_days_are_those_of_st_albans_and_both_are_included(engine):
    before, first, last, after = (
        made(engine, set={"created_at": datetime(2026, 7, day, hour, 30, tzinfo=UTC)})
        for day, hour in ((2, 22), (2, 23), (4, 22), (4, 23))  # an hour behind, in summer
    )
    wanted, _ = read(since="2026-07-03", until="2026-07-04")
    assert set(references(engine, wanted)) == {first, last}
    assert after in references(engine, read(since="2026-07-05")[0])
    assert before in references(engine, read(until="2026-07-02")[0])


def test_filters_are_added_up(engine):
    mine = made(engine, kind="drugs", set={"level": "high"})
    made(engine, kind="drugs", set={"level": "low"})
    made(engine, kind="noise", set={"level": "high"})
    assert references(engine, read(kind="drugs", level="high")[0]) == [mine]


NASTY = ("' OR 1=1 --", "x'; DROP TABLE reports;--", "<script>alert(1)</script>", "\x00", "é" * 101,
         "{{7*7}}", "%", "\n", "NaN", "null")  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", filter_reading.NAMES)
def test_what_is_no_filter_is_refused_or_finds_nothing(engine, name, nasty):
    made(engine)
    wanted, problems = read(**{name: nasty})
    if name in problems:
        assert getattr(wanted, name) == getattr(Filter(tab=Tab.OPEN), name)
    else:
        assert not nasty.strip() or finding.count(engine, wanted) == 0
    assert finding.count(engine, Filter()) == 1


@pytest.mark.parametrize(
    "day", ["2026-02-30", "30/11/2026", "0001-01-01", "9999-12-31", "2026", "today", "٢٠٢٦-١١-٢٧"]
)
def test_what_is_no_day_is_refused(day):
    assert read(since=day)[1] == {"since": "day"}


def test_a_last_day_before_the_first_is_refused():
    assert read(since="2026-07-03", until="2026-07-02")[1] == {"until": "before"}


def test_a_filter_is_the_same_when_it_is_written_and_read_again():
    values = {
        "tab": "all", "status": "closed", "kind": "drugs", "ward": "St Peters", "level": "low",
        "channel": "form", "assignee": "-", "since": "2026-07-03", "until": "2026-07-04",
        "hate": "yes", "vulnerable": "yes", "repeat": "yes",
    }  # fmt: skip
    wanted, problems = read(**values)
    assert not problems
    assert filter_reading.as_query(wanted) == values
    assert filter_reading.as_query(Filter(tab=Tab.OPEN)) == {}
    assert wanted.since == date(2026, 7, 3)
    for name in filter_reading.NAMES:
        assert not filter_reading.as_query(filter_reading.without(wanted, name)).keys() & (
            {name} - {"tab"}
        )


COLUMN = {Order.RECEIVED: "created_at", Order.DUE: "due_at", Order.PRIORITY: "level",
          Order.KIND: "kind", Order.PLACE: "place", Order.STATUS: "status"}  # fmt: skip
SORTED = {
    Order.RECEIVED: [PAST, PAST + timedelta(seconds=1), LATER],
    Order.DUE: [PAST, PAST + timedelta(seconds=1), LATER],
    Order.PRIORITY: ["high", "medium", "low"],
    Order.KIND: ["drugs", "rubbish", "noise"],  # by label: Drug, Fly-tipping, Noise
    Order.PLACE: ["", "abbey", "Zoo"],
    Order.STATUS: ["new", "triage", "closed"],
}


@pytest.mark.parametrize("order", list(Order))
def test_every_order_is_as_people_expect_it_and_the_other_way_round(engine, order):
    values = SORTED[order]
    sorted_ = [made(engine, set={COLUMN[order]: value}) for value in values]
    assert references(engine, Filter(), order, False) == sorted_
    assert references(engine, Filter(), order, True) == sorted_[::-1]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("backwards", [True, False])
def test_pages_put_together_are_the_whole_list_with_or_without_a_count(engine, order, backwards):
    for number in range(7):
        made(engine, kind=("noise", "drugs", "gone")[number % 3], place="Here")
    whole = references(engine, Filter(), order, backwards, limit=100)
    assert len(set(whole)) == 7
    for total in (None, 7):
        pages = [
            references(engine, Filter(), order, backwards, limit=2, offset=at, total=total)
            for at in (0, 2, 4, 6)
        ]
        assert [reference for page in pages for reference in page] == whole


def test_the_values_in_use_are_listed_once_in_order(engine):
    assert finding.in_use(engine, "ward") == []
    for ward in ("Verulam", "Ashley", "Verulam", ""):
        made(engine, ward=ward)
    assert finding.in_use(engine, "ward") == ["Ashley", "Verulam"]


def test_reports_are_read_a_few_at_a_time(engine):
    made_ = [made(engine) for _ in range(5)]
    batches = [[row.reference for row in rows] for rows in finding.each(engine, Filter(), 2)]
    assert batches == [made_[:2], made_[2:4], made_[4:]]


def test_a_list_knows_nothing_of_who_reported():
    assert not {"name", "contact", "description", "details"} & set(finding.Found.__annotations__)


def test_levels_and_statuses_are_choices(engine):
    made(engine)
    (found,) = finding.find(engine, Filter())
    assert isinstance(found.level, Level)
    assert isinstance(found.status, Status)
