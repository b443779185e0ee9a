"""The suggested priority, and the day by which the council says it answers."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.reports.model import Frequency, Level
from bot.reports.priority import suggested
from bot.reports.working_days import LONDON, working_day_after
from tests.reports.test_store import REPORT


@pytest.mark.parametrize(
    ("words", "level", "reason"),
    [
        ("He came at me with a knife last week", Level.HIGH, "weapon"),
        ("they said they know where I live", Level.HIGH, "threat"),
        ("shouting racist names at my children", Level.HIGH, "hate"),
        ("my husband has dementia and it upsets him", Level.HIGH, "vulnerable"),
        ("it wakes our baby", Level.MEDIUM, "child"),
        ("I live alone", Level.MEDIUM, "alone"),
        ("this keeps happening", Level.MEDIUM, "repeat"),
    ],
)
def test_the_words_of_a_report_suggest_a_priority_with_its_reason(words, level, reason):
    priority = suggested(replace(REPORT, description=words))
    assert priority.level is level
    assert reason in priority.reasons


def test_what_has_no_sign_is_low_and_has_no_reason():
    priority = suggested(replace(REPORT, description="A bin was tipped over"))
    assert (priority.level, priority.reasons) == (Level.LOW, ())


def test_diy_is_no_weapon():
    words = "drill and hammer all Sunday, endless hammering"
    assert suggested(replace(REPORT, description=words)).reasons == ()


def test_kind_frequency_and_what_was_added_count_too():
    assert suggested(replace(REPORT, kind="threats")).level is Level.HIGH
    assert "repeat" in suggested(replace(REPORT, frequency=Frequency.MOST_DAYS)).reasons
    added = replace(REPORT, details={"hate": "Race or nationality"})
    assert suggested(added).reasons == ("hate",)


@pytest.mark.parametrize("answer", ["No, I don't think so", "Prefer not to say"])
def test_saying_no_to_hate_is_no_sign_of_it(answer):
    assert suggested(replace(REPORT, details={"hate": answer})).reasons == ()


@pytest.mark.parametrize(
    ("sent", "answered_by"),
    [
        (datetime(2026, 11, 23, 9), date(2026, 11, 26)),  # Monday
        (datetime(2026, 11, 20, 23, 30), date(2026, 11, 25)),  # Friday night
        (datetime(2026, 11, 22, 9), date(2026, 11, 25)),  # Sunday
        (datetime(2026, 12, 23, 9), date(2026, 12, 30)),  # over Christmas, Boxing Day on the 28th
        (datetime(2027, 3, 25, 9), date(2027, 4, 1)),  # Good Friday and Easter Monday
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(sent, answered_by):
    assert working_day_after(sent.replace(tzinfo=LONDON), 3) == answered_by
