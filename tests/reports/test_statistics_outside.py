"""Small numbers cannot be worked out from the figures that leave the house: the tests try."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.reports.clock import midnight
from bot.reports.statistics_outside import blocks, hide, outside
from bot.reports.tables import ReportRow

A_DAY = date(2026, 11, 30)


def possible(cells, total):
    """For each "fewer than 5", every value that fits the total, by trying them all. Whoever tries
    knows the rule too: what is not shown lies between 5 and the smallest number that is shown."""
    rest = total - sum(cell.shown or 0 for cell in cells)
    few = [cell.key for cell in cells if cell.few]
    more = [cell.key for cell in cells if cell.shown is None and not cell.few]
    most = min((cell.shown for cell in cells if cell.shown is not None), default=rest)
    sums = {0}
    for _ in more:
        sums = {
            sum_ + value for sum_ in sums for value in range(5, most + 1) if sum_ + value <= rest
        }
    found = {key: set() for key in few}
    others = {0}
    for _ in few[1:]:
        others = {sum_ + value for sum_ in others for value in range(5)}
    for value in range(5):
        if any(rest - value - other in sums for other in others):
            for key in few:
                found[key].add(value)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=9))
def test_no_small_number_can_be_worked_out_from_the_others_and_the_total(numbers):
    counts = {str(n): number for n, number in enumerate(numbers)}
    cells = hide(counts)
    for cell in cells:
        assert cell.few == (counts[cell.key] < 5)
        assert cell.shown in (None, counts[cell.key]) and not (cell.few and cell.shown is not None)
    if any(cell.shown is not None for cell in cells):  # else nothing tells the total
        for key, values in possible(cells, sum(numbers)).items():
            assert counts[key] in values and len(values) >= 3, (numbers, key, values)


def test_the_tests_own_way_of_working_out_finds_what_is_hidden_badly():
    """Hiding the small number alone would give it away: the one above would see it."""
    cells = [cell._replace(shown=int(cell.key)) if not cell.few else cell
             for cell in hide({"3": 3, "20": 20, "30": 30})]  # fmt: skip
    assert possible(cells, 53) == {"3": {3}}


def test_one_small_number_takes_others_with_it_and_none_is_not_told_from_four():
    for small in range(5):
        told = {c.key: (c.shown, c.few) for c in hide({"a": small, "b": 9, "c": 30, "d": 80})}
        assert told["a"] == (None, True) and told["b"] == (None, False)
        assert told["d"] == (80, False)
    assert all(c.shown == 9 for c in hide({"a": 9, "b": 9}))


def test_blocks_are_whole_weeks_that_never_overlap_and_are_the_same_every_day():
    known = blocks(A_DAY)
    assert len(known) == 8
    for later, earlier in itertools.pairwise(known):
        assert earlier.last + timedelta(days=1) == later.first
    for scope in known:
        assert scope.first.weekday() == 0 and len(scope.weeks()) == 13 and scope.last < A_DAY
    tomorrow = blocks(A_DAY + timedelta(days=1))
    assert set(tomorrow) == set(known)
    assert blocks(date(2024, 3, 31)) == [] and len(blocks(date(2024, 4, 1))) == 1


def fill(engine, day, **rows):
    moment = datetime.combine(day, time(12), UTC)
    base = {
        **dict.fromkeys(("place", "time", "name", "contact", "person", "clock"), ""),
        **dict.fromkeys(("code_digest", "conversation_id", "description"), "x"),
        "status": "new",
        "frequency": "once",
        "identity": "anonymous",
        "sharing": "no",
        "details": {},
        "provenance": {},
        "priority_reasons": [],
        "priority": "low",
        "channel": "web",
        "level": "low",
        "kind": "noise",
        "ward": "Verulam",
        "due_at": moment,
        "created_at": moment,
    }
    with engine.begin() as connection:
        number = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar()
        connection.execute(insert(ReportRow), [
            {**base, "key": f"k{number}", "reference": f"r{number}", **rows}
        ])  # fmt: skip


def test_the_total_of_one_table_does_not_give_away_a_small_number_of_another(engine):
    """Every report has a level and none of these is small, so the levels tell the total."""
    scope = blocks(A_DAY)[0]
    kinds = ["noise"] * 20 + ["drugs"] * 3 + ["begging"] * 12 + ["litter"] * 25
    for n, kind in enumerate(kinds):
        level = ["low", "high", "medium"][n % 3]
        fill(engine, scope.first + timedelta(days=n), kind=kind, level=level)
    found = outside(engine, scope, {"kinds": ["fireworks"], "levels": ["high", "low"]})
    total = sum(cell.shown for cell in found.tables["levels"])
    assert total == 60
    for name, cells in found.tables.items():
        if name != "parts":  # nothing here says when it happened
            for values in possible(cells, total).values():
                assert len(values) >= 3, name
    assert {c.key for c in found.tables["kinds"] if c.few} == {"drugs", "fireworks"}


def test_so_few_reports_that_their_number_would_tell_all_are_not_told_at_all(engine):
    scope = blocks(A_DAY)[0]
    for _ in range(5):
        fill(engine, scope.first)
    found = outside(engine, scope, {"kinds": ["drugs"]})
    assert all(cell.shown is None for cells in found.tables.values() for cell in cells)


def test_a_block_begins_and_ends_at_midnight_in_st_albans():
    scope = blocks(A_DAY)[0]
    assert (scope.begins, scope.ends) == (
        midnight(scope.first), midnight(scope.last + timedelta(days=1)),
    )  # fmt: skip
