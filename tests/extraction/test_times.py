"""Times as people say them, read at fixed moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction.times import read_when

LONDON = ZoneInfo("Europe/London")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=LONDON)
AFTER_MIDNIGHT = datetime(2026, 11, 23, 2, tzinfo=LONDON)
NEW_YEAR = datetime(2027, 1, 1, 10, tzinfo=LONDON)
LEAP_DAY = datetime(2028, 2, 29, 9, tzinfo=LONDON)
CLOCKS_BACK = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON)


def d(text):
    return date.fromisoformat(text)


SINGLE_DAYS = [
    ("last night about 11", "2026-11-22", "23:00"),
    ("lastnight", "2026-11-22", ""),
    ("yesterdy evning", "2026-11-22", ""),
    ("yesterday afternoon at 3pm", "2026-11-22", "15:00"),
    ("this morning at 6", "2026-11-23", "06:00"),
    ("2day", "2026-11-23", ""),
    ("2nite", "2026-11-23", ""),
    ("an hour ago", "2026-11-23", ""),
    ("20 minutes ago", "2026-11-23", ""),
    ("the day before yesterday", "2026-11-21", ""),
    ("night before last", "2026-11-21", ""),
    ("on Friday", "2026-11-20", ""),
    ("last friday", "2026-11-20", ""),
    ("friday gone", "2026-11-20", ""),
    ("saturday just gone around 10pm", "2026-11-21", "22:00"),
    ("wensday", "2026-11-18", ""),
    ("monday", "2026-11-23", ""),
    ("last monday", "2026-11-16", ""),
    ("friday before last", "2026-11-13", ""),
    ("a week last tuesday", "2026-11-10", ""),
    ("a fortnight ago", "2026-11-09", ""),
    ("three weeks ago", "2026-11-02", ""),
    ("couple of days ago", "2026-11-21", ""),
    ("2 months ago", "2026-09-23", ""),
    ("25 October", "2026-10-25", ""),
    ("25th of Oct", "2026-10-25", ""),
    ("October 25th", "2026-10-25", ""),
    ("Oct 25, 2025", "2025-10-25", ""),
    ("25/10", "2026-10-25", ""),
    ("25/10/26", "2026-10-25", ""),
    ("25.10.2026", "2026-10-25", ""),
    ("25-10-2025", "2025-10-25", ""),
    ("24 December", "2025-12-24", ""),
    ("the 25th", "2026-10-25", ""),
    ("on the 3rd at half past nine in the evening", "2026-11-03", "21:30"),
    ("Halloween", "2026-10-31", ""),
    ("bonfire night", "2026-11-05", ""),
    ("New Year's Eve", "2025-12-31", ""),
    ("christmas day", "2025-12-25", ""),
    ("11ish last night", "2026-11-22", "23:00"),
    ("half ten last night", "2026-11-22", "22:30"),
    ("quarter to 12 last night", "2026-11-22", "23:45"),
    ("midnight on saturday", "2026-11-21", "00:00"),
    ("1am Sunday", "2026-11-22", "01:00"),
    ("it was 10.30pm yesterday", "2026-11-22", "22:30"),
    ("yesterday at 2300", "2026-11-22", "23:00"),
    ("yesterday at 23:15", "2026-11-22", "23:15"),
    ("last night between 10 and 2", "2026-11-22", "22:00-02:00"),
    ("yesterday from 9 to 11pm", "2026-11-22", "21:00-23:00"),
    ("we was asleep and about 3am last tuesday they come over the fence again",
     "2026-11-17", "03:00"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "day", "clock"), SINGLE_DAYS)
def test_a_day_is_read_as_of_now(said, day, clock):
    when = read_when(said, MONDAY_NOON)
    assert (when.first, when.last, when.time) == (d(day), d(day), clock)
    assert (when.problem, when.words) == ("", said)


SPANS = [
    ("the other day", "2026-11-16", "2026-11-22", False),
    ("over the weekend", "2026-11-21", "2026-11-22", False),
    ("last weekend", "2026-11-21", "2026-11-22", False),
    ("last week", "2026-11-16", "2026-11-22", False),
    ("last month", "2026-10-01", "2026-10-31", False),
    ("last year", "2025-01-01", "2025-12-31", False),
    ("in 2024", "2024-01-01", "2024-12-31", False),
    ("in June", "2026-06-01", "2026-06-30", False),
    ("start of November", "2026-11-01", "2026-11-23", False),
    ("Friday and Saturday night", "2026-11-20", "2026-11-21", False),
    ("from 1 June to 3 July", "2026-06-01", "2026-07-03", False),
    ("since June", "2026-06-01", "2026-11-23", True),
    ("every Friday since June", "2026-06-01", "2026-11-23", True),
    ("since before Christmas", "2025-12-25", "2026-11-23", True),
    ("on and off since Easter", "2026-04-03", "2026-11-23", True),
    ("for the past three months", "2026-08-23", "2026-11-23", True),
    ("for about 2 weeks", "2026-11-09", "2026-11-23", True),
    ("since 2024", "2024-01-01", "2026-11-23", True),
    ("it's going on now", "2026-11-23", "2026-11-23", True),
]


@pytest.mark.parametrize(("said", "first", "last", "ongoing"), SPANS)
def test_a_span_runs_from_its_first_day_to_its_last_or_to_today(said, first, last, ongoing):
    when = read_when(said, MONDAY_NOON)
    assert (when.first, when.last, when.ongoing) == (d(first), d(last), ongoing)


@pytest.mark.parametrize("said", ["every night", "weekends", "most nights between 10 and 2",
                                  "for years", "fridays", "24/7"])  # fmt: skip
def test_a_habit_without_a_beginning_goes_on_and_has_no_days(said):
    when = read_when(said, MONDAY_NOON)
    assert (when.first, when.last, when.ongoing, when.problem) == (None, None, True, "")


@pytest.mark.parametrize("said", ["tomorrow", "2moro night", "next Friday", "25/12/2030",
                                  "next week", "this coming saturday"])  # fmt: skip
def test_a_day_to_come_is_a_problem(said):
    assert read_when(said, MONDAY_NOON).problem == "future"


@pytest.mark.parametrize("said", ["31 June", "29 Feb 2026", "32/10", "25/13", "31st of november",
                                  "30 February", "0/10"])  # fmt: skip
def test_a_day_in_no_calendar_is_a_problem(said):
    assert read_when(said, MONDAY_NOON).problem == "no_such_date"


@pytest.mark.parametrize(
    "said",
    ["ages ago", "a while back", "not sure", "dont know", "", "  ", "🙂", "asdf", "half term",
     "flat 12", "10 Hatfield Road", "3 lads", "number 5", "07700 900123", "AL1 3JE",
     "on the 2nd floor", "for the third time", "he is 15 years old", "march past my house",
     "the sun was shining", "may I ask", "between 3 and 4 of them"],
)  # fmt: skip
def test_what_names_no_day_is_vague_and_nothing_is_guessed(said):
    when = read_when(said, MONDAY_NOON)
    assert (when.first, when.last, when.problem) == (None, None, "vague")


def test_last_night_and_tonight_after_midnight_are_the_night_that_is():
    assert read_when("last night", AFTER_MIDNIGHT).first == d("2026-11-22")
    assert read_when("tonight", AFTER_MIDNIGHT).first == d("2026-11-22")
    assert read_when("tonight", MONDAY_NOON).first == d("2026-11-23")


def test_the_turn_of_the_year_and_leap_days():
    assert read_when("last night", NEW_YEAR).first == d("2026-12-31")
    assert read_when("28 December", NEW_YEAR).first == d("2026-12-28")
    assert read_when("last month", NEW_YEAR).first == d("2026-12-01")
    assert read_when("today", LEAP_DAY).first == d("2028-02-29")
    assert read_when("29 February", MONDAY_NOON).first == d("2024-02-29")
    assert read_when("a year ago", LEAP_DAY).first == d("2027-02-28")


def test_the_day_of_the_clock_change_is_a_day():
    assert read_when("yesterday", CLOCKS_BACK).first == d("2026-10-24")


PIECES = ["last", "next", "friday", "since", "june", "31", "25/10", "for", "3", "weeks", "ago",
          "10pm", "between", "the", "2nd", "every", "yesterday", "easter", "2026", "half",
          "ten", "at", "29 feb", "00:00", "\u202e", "£5", "1/1/1", "99/99/9999"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=300))
def test_no_text_is_an_error_and_days_are_in_order_and_not_to_come(text):
    when = read_when(text, MONDAY_NOON)
    if when.first:
        assert when.first <= when.last <= MONDAY_NOON.date()
        assert when.problem == ""
    assert when.words == text.strip()


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["9" * 2000, "last friday " * 170, "a" * 2000, "1/" * 1000])
def test_two_thousand_characters_do_not_freeze_it(text):
    assert read_when(text, MONDAY_NOON).words == text.strip()
