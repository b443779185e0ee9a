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
CLOCKS_FORWARD = datetime(2026, 3, 29, 3, 30, tzinfo=LONDON)
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
    ("since about june", "2026-06-01", "2026-11-23", True),
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


# What is said, as of when, first day, last day, hours, whether it goes on, problem
SAID = [
    ("yesterday evening", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("this morning", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("going on now", MONDAY_NOON, "2026-11-23", "2026-11-23", "", True, ""),
    ("at the moment", MONDAY_NOON, "2026-11-23", "2026-11-23", "", True, ""),
    ("it's happening right now", MONDAY_NOON, "2026-11-23", "2026-11-23", "", True, ""),
    ("last Friday", MONDAY_NOON, "2026-11-20", "2026-11-20", "", False, ""),
    ("Friday gone", MONDAY_NOON, "2026-11-20", "2026-11-20", "", False, ""),
    ("Saturday just gone", MONDAY_NOON, "2026-11-21", "2026-11-21", "", False, ""),
    ("Friday before last", MONDAY_NOON, "2026-11-13", "2026-11-13", "", False, ""),
    ("the friday before last", MONDAY_NOON, "2026-11-13", "2026-11-13", "", False, ""),
    ("a week last Tuesday", MONDAY_NOON, "2026-11-10", "2026-11-10", "", False, ""),
    ("a fortnight last friday", MONDAY_NOON, "2026-11-06", "2026-11-06", "", False, ""),
    ("two weeks last Tuesday", MONDAY_NOON, "2026-11-03", "2026-11-03", "", False, ""),
    ("a week ago last friday", MONDAY_NOON, "2026-11-13", "2026-11-13", "", False, ""),
    ("a week ago today", MONDAY_NOON, "2026-11-16", "2026-11-16", "", False, ""),
    ("a week ago", MONDAY_NOON, "2026-11-16", "2026-11-16", "", False, ""),
    ("week before last", MONDAY_NOON, "2026-11-09", "2026-11-15", "", False, ""),
    ("the weekend before last", MONDAY_NOON, "2026-11-14", "2026-11-15", "", False, ""),
    ("month before last", MONDAY_NOON, "2026-09-01", "2026-09-30", "", False, ""),
    ("a couple of weeks ago", MONDAY_NOON, "2026-11-09", "2026-11-09", "", False, ""),
    ("couple of nights ago", MONDAY_NOON, "2026-11-21", "2026-11-21", "", False, ""),
    ("since last summer", MONDAY_NOON, "2026-06-01", "2026-11-23", "", True, ""),
    ("for the last 6 months", MONDAY_NOON, "2026-05-23", "2026-11-23", "", True, ""),
    ("for three weeks now", MONDAY_NOON, "2026-11-02", "2026-11-23", "", True, ""),
    ("for a couple of months", MONDAY_NOON, "2026-09-23", "2026-11-23", "", True, ""),
    ("over the last few weeks", MONDAY_NOON, "2026-11-02", "2026-11-23", "", True, ""),
    ("every night around 11", MONDAY_NOON, "", "", "23:00", True, ""),
    ("over the bank holiday weekend", MONDAY_NOON, "2026-08-29", "2026-08-31", "", False, ""),
    ("bank holiday monday", MONDAY_NOON, "2026-08-31", "2026-08-31", "", False, ""),
    ("august bank holiday", MONDAY_NOON, "2026-08-31", "2026-08-31", "", False, ""),
    ("NYE", MONDAY_NOON, "2025-12-31", "2025-12-31", "", False, ""),
    ("new years eve", MONDAY_NOON, "2025-12-31", "2025-12-31", "", False, ""),
    ("on halloween night", MONDAY_NOON, "2026-10-31", "2026-10-31", "", False, ""),
    ("Christmas Day", MONDAY_NOON, "2025-12-25", "2025-12-25", "", False, ""),
    ("xmas day", MONDAY_NOON, "2025-12-25", "2025-12-25", "", False, ""),
    ("xmas eve", MONDAY_NOON, "2025-12-24", "2025-12-24", "", False, ""),
    ("good friday", MONDAY_NOON, "2026-04-03", "2026-04-03", "", False, ""),
    ("easter monday", MONDAY_NOON, "2026-04-06", "2026-04-06", "", False, ""),
    ("easter sunday", MONDAY_NOON, "2026-04-05", "2026-04-05", "", False, ""),
    ("Oct 25", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("25th October 2026", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("October the 25th", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("sunday 25 october", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("sun 25th oct", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("25-10-2026", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("on the 25th of october", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("25th", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("25 oct 26", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("25 oct '26", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("3rd", MONDAY_NOON, "2026-11-03", "2026-11-03", "", False, ""),
    ("the 3rd of november", MONDAY_NOON, "2026-11-03", "2026-11-03", "", False, ""),
    ("3rd nov", MONDAY_NOON, "2026-11-03", "2026-11-03", "", False, ""),
    ("on the third of november", MONDAY_NOON, "2026-11-03", "2026-11-03", "", False, ""),
    ("midnight last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "00:00", False, ""),
    ("half ten at night yesterday", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:30", False, ""),
    ("half ten at night", MONDAY_NOON, "", "", "22:30", False, "vague"),
    ("quarter past 3 in the morning", MONDAY_NOON, "", "", "03:15", False, "vague"),
    (
        "today quarter past 3 in the morning",
        MONDAY_NOON,
        "2026-11-23",
        "2026-11-23",
        "03:15",
        False,
        "",
    ),
    ("11ish yesterday", MONDAY_NOON, "2026-11-22", "2026-11-22", "11:00", False, ""),
    ("yesterday 2300", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:00", False, ""),
    ("yesterday 23:00hrs", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:00", False, ""),
    (
        "yesterday between 9 and 11pm",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "21:00-23:00",
        False,
        "",
    ),
    ("early hours of Sunday", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("early hours of sunday about 2", MONDAY_NOON, "2026-11-22", "2026-11-22", "02:00", False, ""),
    ("small hours of sunday", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("yesterday 10-11pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:00-23:00", False, ""),
    (
        "yesterday between 11pm and 1am",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "23:00-01:00",
        False,
        "",
    ),
    (
        "yesterday 11:30 pm - 12:15 am",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "23:30-00:15",
        False,
        "",
    ),
    ("last night 10 til 12", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:00-00:00", False, ""),
    ("yesterday 9am to 5pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "09:00-17:00", False, ""),
    ("yesterday 11am to 1pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "11:00-13:00", False, ""),
    ("yesterday from 11 to 1pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "11:00-13:00", False, ""),
    ("every night 11-2am", MONDAY_NOON, "", "", "23:00-02:00", True, ""),
    (
        "between 10pm and midnight on friday",
        MONDAY_NOON,
        "2026-11-20",
        "2026-11-20",
        "22:00-00:00",
        False,
        "",
    ),
    ("yesterday 12am", MONDAY_NOON, "2026-11-22", "2026-11-22", "00:00", False, ""),
    ("yesterday 12pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "12:00", False, ""),
    (
        "yesterday twenty past nine in the evening",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "21:20",
        False,
        "",
    ),
    ("yesterday ten to 8 pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "19:50", False, ""),
    ("five past 10 last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:05", False, ""),
    ("quarter to ten last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "21:45", False, ""),
    (
        "yesterday at 9 o'clock at night",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "21:00",
        False,
        "",
    ),
    ("9 o clock last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "21:00", False, ""),
    ("9:45 this morning", MONDAY_NOON, "2026-11-23", "2026-11-23", "09:45", False, ""),
    ("at about 11 last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:00", False, ""),
    ("last night 11", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:00", False, ""),
    (
        "yesterday at 4 in the afternoon",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "16:00",
        False,
        "",
    ),
    ("yesterday afternoon about 4", MONDAY_NOON, "2026-11-22", "2026-11-22", "16:00", False, ""),
    ("yesterday noon", MONDAY_NOON, "2026-11-22", "2026-11-22", "12:00", False, ""),
    ("half 11 last nite", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:30", False, ""),
    ("10.30 last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:30", False, ""),
    ("last night at 22.45", MONDAY_NOON, "2026-11-22", "2026-11-22", "22:45", False, ""),
    ("yesterday 9.15am", MONDAY_NOON, "2026-11-22", "2026-11-22", "09:15", False, ""),
    ("yesterday at 11 p.m.", MONDAY_NOON, "2026-11-22", "2026-11-22", "23:00", False, ""),
    ("at the weekend", MONDAY_NOON, "2026-11-21", "2026-11-22", "", False, ""),
    ("back in march", MONDAY_NOON, "2026-03-01", "2026-03-31", "", False, ""),
    ("in june 2025", MONDAY_NOON, "2025-06-01", "2025-06-30", "", False, ""),
    ("june 2025", MONDAY_NOON, "2025-06-01", "2025-06-30", "", False, ""),
    ("in august last year", MONDAY_NOON, "2025-08-01", "2025-08-31", "", False, ""),
    ("last june", MONDAY_NOON, "2026-06-01", "2026-06-30", "", False, ""),
    ("last december", MONDAY_NOON, "2025-12-01", "2025-12-31", "", False, ""),
    ("in september", MONDAY_NOON, "2026-09-01", "2026-09-30", "", False, ""),
    ("since sept", MONDAY_NOON, "2026-09-01", "2026-11-23", "", True, ""),
    ("2025", MONDAY_NOON, "2025-01-01", "2025-12-31", "", False, ""),
    ("since 2023", MONDAY_NOON, "2023-01-01", "2026-11-23", "", True, ""),
    ("earlier this year", MONDAY_NOON, "2026-01-01", "2026-11-23", "", False, ""),
    ("earlier this week", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("earlier today", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("earlier on", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("this week", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("this month", MONDAY_NOON, "2026-11-01", "2026-11-23", "", False, ""),
    ("this year", MONDAY_NOON, "2026-01-01", "2026-11-23", "", False, ""),
    ("last summer", MONDAY_NOON, "2026-06-01", "2026-08-31", "", False, ""),
    ("over the summer", MONDAY_NOON, "2026-06-01", "2026-08-31", "", False, ""),
    ("last winter", MONDAY_NOON, "2025-12-01", "2026-02-28", "", False, ""),
    ("last autumn", MONDAY_NOON, "2025-09-01", "2025-11-30", "", False, ""),
    ("late last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("ystrday", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("wensday nite", MONDAY_NOON, "2026-11-18", "2026-11-18", "", False, ""),
    ("tues eve", MONDAY_NOON, "2026-11-17", "2026-11-17", "", False, ""),
    ("fri nite about 10", MONDAY_NOON, "2026-11-20", "2026-11-20", "22:00", False, ""),
    ("sat night", MONDAY_NOON, "2026-11-21", "2026-11-21", "", False, ""),
    ("sunday", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("thursday", MONDAY_NOON, "2026-11-19", "2026-11-19", "", False, ""),
    ("thurs 19th nov", MONDAY_NOON, "2026-11-19", "2026-11-19", "", False, ""),
    ("this sunday just gone", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("sunday night into monday morning", MONDAY_NOON, "2026-11-22", "2026-11-23", "", False, ""),
    ("friday, saturday and sunday", MONDAY_NOON, "2026-11-20", "2026-11-22", "", False, ""),
    ("on friday and again on saturday", MONDAY_NOON, "2026-11-20", "2026-11-21", "", False, ""),
    ("from the 5th to the 9th", MONDAY_NOON, "2026-11-05", "2026-11-09", "", False, ""),
    ("5th-9th november", MONDAY_NOON, "2026-11-05", "2026-11-09", "", False, ""),
    ("between 5 and 9 november", MONDAY_NOON, "2026-11-05", "2026-11-09", "", False, ""),
    (
        "between monday and wednesday last week",
        MONDAY_NOON,
        "2026-11-16",
        "2026-11-18",
        "",
        False,
        "",
    ),
    ("monday last week", MONDAY_NOON, "2026-11-16", "2026-11-16", "", False, ""),
    ("tuesday of last week", MONDAY_NOON, "2026-11-17", "2026-11-17", "", False, ""),
    ("wednesday last week", MONDAY_NOON, "2026-11-18", "2026-11-18", "", False, ""),
    ("wednesday this week", MONDAY_NOON, "", "", "", False, "future"),
    ("the 1st and the 4th of november", MONDAY_NOON, "2026-11-01", "2026-11-04", "", False, ""),
    ("since monday", MONDAY_NOON, "2026-11-23", "2026-11-23", "", True, ""),
    ("since last tuesday", MONDAY_NOON, "2026-11-17", "2026-11-23", "", True, ""),
    ("since yesterday", MONDAY_NOON, "2026-11-22", "2026-11-23", "", True, ""),
    ("since the 1st of october", MONDAY_NOON, "2026-10-01", "2026-11-23", "", True, ""),
    ("since 1/10", MONDAY_NOON, "2026-10-01", "2026-11-23", "", True, ""),
    ("since new year", MONDAY_NOON, "2026-01-01", "2026-11-23", "", True, ""),
    ("since january 2025", MONDAY_NOON, "2025-01-01", "2026-11-23", "", True, ""),
    ("since the start of november", MONDAY_NOON, "2026-11-01", "2026-11-23", "", True, ""),
    ("all last week", MONDAY_NOON, "2026-11-16", "2026-11-22", "", False, ""),
    ("all week", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("all summer", MONDAY_NOON, "2026-06-01", "2026-08-31", "", False, ""),
    ("for 2 hours last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("half an hour ago", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("2 hrs ago", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("ten mins ago", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
    ("5 days ago", MONDAY_NOON, "2026-11-18", "2026-11-18", "", False, ""),
    ("6 months ago", MONDAY_NOON, "2026-05-23", "2026-05-23", "", False, ""),
    ("about a month ago", MONDAY_NOON, "2026-10-23", "2026-10-23", "", False, ""),
    ("over a year ago", MONDAY_NOON, "2025-11-23", "2025-11-23", "", False, ""),
    ("three nights ago", MONDAY_NOON, "2026-11-20", "2026-11-20", "", False, ""),
    ("3 fridays ago", MONDAY_NOON, "2026-11-06", "2026-11-06", "", False, ""),
    ("two tuesdays ago", MONDAY_NOON, "2026-11-10", "2026-11-10", "", False, ""),
    ("the last 3 nights", MONDAY_NOON, "2026-11-20", "2026-11-23", "", True, ""),
    ("past couple of weeks", MONDAY_NOON, "2026-11-09", "2026-11-23", "", True, ""),
    ("every night for two weeks", MONDAY_NOON, "2026-11-09", "2026-11-23", "", True, ""),
    ("every day this week", MONDAY_NOON, "2026-11-23", "2026-11-23", "", True, ""),
    ("every weekend since september", MONDAY_NOON, "2026-09-01", "2026-11-23", "", True, ""),
    ("friday nights", MONDAY_NOON, "", "", "", True, ""),
    ("every other day", MONDAY_NOON, "", "", "", True, ""),
    ("every friday and saturday", MONDAY_NOON, "", "", "", True, ""),
    ("day and night", MONDAY_NOON, "", "", "", True, ""),
    ("most weekends", MONDAY_NOON, "", "", "", True, ""),
    ("daily", MONDAY_NOON, "", "", "", True, ""),
    ("usually after 10pm at night", MONDAY_NOON, "", "", "22:00", True, ""),
    ("always at 3am", MONDAY_NOON, "", "", "03:00", True, ""),
    ("for ages", MONDAY_NOON, "", "", "", True, ""),
    ("every school holidays", MONDAY_NOON, "", "", "", True, ""),
    ("it keeps happening", MONDAY_NOON, "", "", "", True, ""),
    (
        "it started last tuesday and is still going on",
        MONDAY_NOON,
        "2026-11-17",
        "2026-11-23",
        "",
        True,
        "",
    ),
    ("still going on since friday", MONDAY_NOON, "2026-11-20", "2026-11-23", "", True, ""),
    (
        "they have been at it since 3am today",
        MONDAY_NOON,
        "2026-11-23",
        "2026-11-23",
        "03:00",
        True,
        "",
    ),
    ("tmrw night", MONDAY_NOON, "", "", "", False, "future"),
    ("next month", MONDAY_NOON, "", "", "", False, "future"),
    ("in 2030", MONDAY_NOON, "", "", "", False, "future"),
    ("30th november 2026", MONDAY_NOON, "", "", "", False, "future"),
    ("this coming friday", MONDAY_NOON, "", "", "", False, "future"),
    ("tomorow", MONDAY_NOON, "", "", "", False, "future"),
    ("on 3 march 2027", MONDAY_NOON, "", "", "", False, "future"),
    ("in two days", MONDAY_NOON, "", "", "", False, "future"),
    ("next tuesday at 3pm", MONDAY_NOON, "", "", "15:00", False, "future"),
    ("will be playing tonight at 11", MONDAY_NOON, "2026-11-23", "2026-11-23", "23:00", False, ""),
    ("31/06/2026", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("31st of june", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("30 feb", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("29/2/2026", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("45th of may", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("0/5", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("the 32nd", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("31.11.2026", MONDAY_NOON, "", "", "", False, "no_such_date"),
    ("29 february 2027", MONDAY_NOON, "", "", "", False, "no_such_date"),
    (
        "my name is Joe from 12 Oak Road AL1 3JE, call 07700 900123, it was on "
        "the 14th at half 9 in the evening and there was 3 lads",
        MONDAY_NOON,
        "2026-11-14",
        "2026-11-14",
        "21:30",
        False,
        "",
    ),
    (
        "there was about 10 kids on friday night",
        MONDAY_NOON,
        "2026-11-20",
        "2026-11-20",
        "",
        False,
        "",
    ),
    (
        "around 20 lads at 11pm on saturday",
        MONDAY_NOON,
        "2026-11-21",
        "2026-11-21",
        "23:00",
        False,
        "",
    ),
    ("10 Hatfield Road last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("at 11 Hatfield Road last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("flat 12, yesterday at 9pm", MONDAY_NOON, "2026-11-22", "2026-11-22", "21:00", False, ""),
    (
        "3 lads outside number 5 on friday at 10pm",
        MONDAY_NOON,
        "2026-11-20",
        "2026-11-20",
        "22:00",
        False,
        "",
    ),
    (
        "the neighbour at number 25 plays music every night since august",
        MONDAY_NOON,
        "2026-08-01",
        "2026-11-23",
        "",
        True,
        "",
    ),
    (
        "he said he would come back tomorrow, this was on friday",
        MONDAY_NOON,
        "2026-11-20",
        "2026-11-20",
        "",
        False,
        "",
    ),
    ("last night", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("tonight", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("today", AFTER_MIDNIGHT, "2026-11-23", "2026-11-23", "", False, ""),
    ("yesterday", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("an hour ago", AFTER_MIDNIGHT, "2026-11-23", "2026-11-23", "", False, ""),
    ("3 hours ago", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("sunday", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("this evening", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "", False, ""),
    ("at 11 tonight", AFTER_MIDNIGHT, "2026-11-22", "2026-11-22", "23:00", False, ""),
    ("monday", AFTER_MIDNIGHT, "2026-11-23", "2026-11-23", "", False, ""),
    ("last week", AFTER_MIDNIGHT, "2026-11-16", "2026-11-22", "", False, ""),
    ("last night", NEW_YEAR, "2026-12-31", "2026-12-31", "", False, ""),
    ("new years eve", NEW_YEAR, "2026-12-31", "2026-12-31", "", False, ""),
    ("new years day", NEW_YEAR, "2027-01-01", "2027-01-01", "", False, ""),
    ("christmas", NEW_YEAR, "2026-12-25", "2026-12-25", "", False, ""),
    ("last month", NEW_YEAR, "2026-12-01", "2026-12-31", "", False, ""),
    ("last year", NEW_YEAR, "2026-01-01", "2026-12-31", "", False, ""),
    ("2 january", NEW_YEAR, "2026-01-02", "2026-01-02", "", False, ""),
    ("the 31st", NEW_YEAR, "2026-12-31", "2026-12-31", "", False, ""),
    ("this year", NEW_YEAR, "2027-01-01", "2027-01-01", "", False, ""),
    ("boxing day", NEW_YEAR, "2026-12-26", "2026-12-26", "", False, ""),
    ("december", NEW_YEAR, "2026-12-01", "2026-12-31", "", False, ""),
    ("last friday", NEW_YEAR, "2026-12-25", "2026-12-25", "", False, ""),
    ("friday", NEW_YEAR, "2027-01-01", "2027-01-01", "", False, ""),
    ("the other day", NEW_YEAR, "2026-12-25", "2026-12-31", "", False, ""),
    ("since november", NEW_YEAR, "2026-11-01", "2027-01-01", "", True, ""),
    ("29 feb", LEAP_DAY, "2028-02-29", "2028-02-29", "", False, ""),
    ("29/2", LEAP_DAY, "2028-02-29", "2028-02-29", "", False, ""),
    ("a year ago", LEAP_DAY, "2027-02-28", "2027-02-28", "", False, ""),
    ("a month ago", LEAP_DAY, "2028-01-29", "2028-01-29", "", False, ""),
    ("yesterday", LEAP_DAY, "2028-02-28", "2028-02-28", "", False, ""),
    ("the 30th", LEAP_DAY, "2028-01-30", "2028-01-30", "", False, ""),
    ("the 31st", LEAP_DAY, "2028-01-31", "2028-01-31", "", False, ""),
    ("28 feb", LEAP_DAY, "2028-02-28", "2028-02-28", "", False, ""),
    ("1 march", LEAP_DAY, "2027-03-01", "2027-03-01", "", False, ""),
    ("30 feb", LEAP_DAY, "", "", "", False, "no_such_date"),
    ("4 years ago", LEAP_DAY, "2024-02-29", "2024-02-29", "", False, ""),
    ("29 feb 2027", LEAP_DAY, "", "", "", False, "no_such_date"),
    ("last night", CLOCKS_FORWARD, "2026-03-28", "2026-03-28", "", False, ""),
    ("yesterday at 1:30am", CLOCKS_FORWARD, "2026-03-28", "2026-03-28", "01:30", False, ""),
    ("an hour ago", CLOCKS_FORWARD, "2026-03-29", "2026-03-29", "", False, ""),
    ("sunday", CLOCKS_FORWARD, "2026-03-29", "2026-03-29", "", False, ""),
    ("tonight", CLOCKS_FORWARD, "2026-03-28", "2026-03-28", "", False, ""),
    ("last night", CLOCKS_BACK, "2026-10-24", "2026-10-24", "", False, ""),
    ("sat", CLOCKS_BACK, "2026-10-24", "2026-10-24", "", False, ""),
    ("the clocks went back last night", CLOCKS_BACK, "2026-10-24", "2026-10-24", "", False, ""),
    ("today at 1.15am", CLOCKS_BACK, "2026-10-25", "2026-10-25", "01:15", False, ""),
    ("25/10", CLOCKS_BACK, "2026-10-25", "2026-10-25", "", False, ""),
    ("20 to 8 last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "19:40", False, ""),
    ("10 on friday night", MONDAY_NOON, "2026-11-20", "2026-11-20", "22:00", False, ""),
    (
        "from 11pm friday to 3am saturday",
        MONDAY_NOON,
        "2026-11-20",
        "2026-11-21",
        "23:00-03:00",
        False,
        "",
    ),
    ("20-11-2026 19:30", MONDAY_NOON, "2026-11-20", "2026-11-20", "19:30", False, ""),
    ("from june until now", MONDAY_NOON, "2026-06-01", "2026-11-23", "", True, ""),
    ("friday the 13th", MONDAY_NOON, "2026-11-13", "2026-11-13", "", False, ""),
    ("12th last month", MONDAY_NOON, "2026-10-12", "2026-10-12", "", False, ""),
    ("last nights party", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    ("halloween last year", MONDAY_NOON, "2025-10-31", "2025-10-31", "", False, ""),
    ("easter 2025", MONDAY_NOON, "2025-04-18", "2025-04-21", "", False, ""),
    ("summer 2025", MONDAY_NOON, "2025-06-01", "2025-08-31", "", False, ""),
    ("week last friday", MONDAY_NOON, "2026-11-13", "2026-11-13", "", False, ""),
    ("a week friday", MONDAY_NOON, "", "", "", False, "future"),
    ("twice a week", MONDAY_NOON, "", "", "", True, ""),
    ("last sunday but one", MONDAY_NOON, "2026-11-15", "2026-11-15", "", False, ""),
    ("last 24 hours", MONDAY_NOON, "2026-11-22", "2026-11-23", "", False, ""),
    ("twenty fifth of october", MONDAY_NOON, "2026-10-25", "2026-10-25", "", False, ""),
    ("16th, 17th and 18th november", MONDAY_NOON, "2026-11-16", "2026-11-18", "", False, ""),
    ("16/11-18/11", MONDAY_NOON, "2026-11-16", "2026-11-18", "", False, ""),
    ("june and july", MONDAY_NOON, "2026-06-01", "2026-07-31", "", False, ""),
    ("730pm yesterday", MONDAY_NOON, "2026-11-22", "2026-11-22", "19:30", False, ""),
    ("noise from last night", MONDAY_NOON, "2026-11-22", "2026-11-22", "", False, ""),
    (
        "I have lived here for 20 years and last night about 11 they started again",
        MONDAY_NOON,
        "2026-11-22",
        "2026-11-22",
        "23:00",
        False,
        "",
    ),
    ("in a week's time", MONDAY_NOON, "", "", "", False, "future"),
    ("an hour and a half ago", MONDAY_NOON, "2026-11-23", "2026-11-23", "", False, ""),
]


@pytest.mark.parametrize(("said", "now", "first", "last", "clock", "ongoing", "problem"), SAID)
def test_what_is_said_is_read_as_of_then(said, now, first, last, clock, ongoing, problem):
    when = read_when(said, now)
    days = (str(when.first or ""), str(when.last or ""))
    assert (*days, when.time, when.ongoing, when.problem) == (first, last, clock, ongoing, problem)


NO_TIMES = [
    "since lockdown",
    "school holidays",
    "i dunno",
    "cant remember",
    "asdkjh qwe",
    "some time ago",
    "recently",
    "a long time ago",
    "01727 866100",
    "AL3 5JE",
    "they are loud",
    "may be",
    "you may come",
    "they march up and down",
    "call 101",
    "i rang 999",
    "bus 321",
    "a 20 year old",
    "16 yr olds",
    "30 kids",
    "the 2nd house on the left",
    "second floor",
    "it costs £25",
    "25 people",
    "reg AB12 CDE",
    "flat 3/10",
    "24 hours",
    "my sons 18th",
    "no 25 oak avenue",
    "house 11",
    "size 10",
    "route 25",
    "at number 11",
    "about 11 kids",
    "around 20 lads",
    "4x4",
    "m25",
    "a1081",
    "1st avenue",
    "3rd party",
    "1-2 people",
    "2-3 lads",
    "10-12 kids",
    "3.5 tonnes",
    "call me after 5",
    "one of them said no",
    "the second one",
    "sat on the wall",
    "he sat outside",
    "we wed",
    "they were mondaying",
    "junction 22",
    "spring gardens",
    "june brown lives there",
    "april rose",
    "sunday school lane",
    "summer street",
    "christmas tree was burned",
    "august road",
    "the man was about 30",
    "aged between 14 and 16",
    "at 11 Hatfield Road",
    "at 7 oak close",
    "from 10 to 20 people",
    "i live at 2",
    "about 5 of them",
    "for 3 people",
    "what3words ///filled.count.soap",
    "5 star",
    "18.5",
    "0.5",
    "the first time",
    "minute",
    "decade",
    "on the 1st floor",
    "in the end",
    "last time",
    "last one",
    "this one",
    "50/50",
    "1/2 an hour",
    "born 1/2/1985",
    "i now want to report something",
    "each other",
    "if one may bring a chair",
    "told nobody till now",
]


@pytest.mark.parametrize("said", NO_TIMES)
def test_addresses_counts_ages_numbers_and_names_are_no_times(said):
    when = read_when(said, MONDAY_NOON)
    assert (when.first, when.last, when.time, when.problem) == (None, None, "", "vague")


@pytest.mark.parametrize("filler", ["They woke the baby. ", "we was asleep and it was loud, "])
def test_a_day_is_found_at_the_end_of_a_long_story(filler):
    story = filler * (1900 // len(filler)) + "it was about 3am last tuesday"
    when = read_when(story, MONDAY_NOON)
    assert (when.first, when.last, when.time) == (d("2026-11-17"), d("2026-11-17"), "03:00")


def test_marks_that_are_not_seen_do_not_hide_a_time():
    assert read_when("\u202elast\u200b night\u202c about 11", MONDAY_NOON).time == "23:00"
    assert read_when("yes\u00adterday", MONDAY_NOON).first == d("2026-11-22")


NOWS = st.sampled_from(
    [MONDAY_NOON, AFTER_MIDNIGHT, NEW_YEAR, LEAP_DAY, CLOCKS_BACK, CLOCKS_FORWARD]
)
WORDS = sorted({word for row in SAID for word in row[0].split()})


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), NOWS)
def test_time_words_in_any_order_make_ordered_days_that_have_begun(text, now):
    when = read_when(text, now)
    assert (when.first is None) == (when.last is None)
    if when.first:
        assert not when.problem
        assert when.first <= when.last <= now.date()


@given(st.text(alphabet="0123456789/.-: ", max_size=60), NOWS)
def test_digits_alone_are_no_error(text, now):
    when = read_when(text, now)
    assert when.first is None or when.first <= when.last <= now.date()
