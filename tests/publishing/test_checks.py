"""The checks: everything in data/ passes them; numbers, reading age and differences by example."""

from datetime import date

import pytest

from bot.publishing import checks
from bot.publishing import fields as kept
from bot.publishing.differences import differences
from bot.publishing.live import files
from bot.publishing.reading_age import reading_age

from .conftest import ANSWER, fields_of

TODAY = date(2026, 11, 24)


def test_everything_in_data_has_no_problem() -> None:
    written = files()
    for subject in kept.subjects(written):
        fields = kept.of(written, subject)
        assert not checks.check(written, written, subject, fields, date.today()).problems, subject


@pytest.mark.parametrize("value", ["999", "101", "111", "116 123", "18000", "18001 101", "55",
                                   "08 088 088 088", "01727 866100", "+44 1727 866100",
                                   "18001 01727 866100"])  # fmt: skip
def test_numbers_that_can_be_dialled(value: str) -> None:
    assert checks.is_number(value)


@pytest.mark.parametrize("value", ["", "1", "1234567", "01727 86610", "banana", "999; 101",
                                   "+1 212 555 2368", "18001 1234567", "0" * 40, "1-2",
                                   "٩٩٩"])  # fmt: skip
def test_numbers_that_cannot(value: str) -> None:
    assert not checks.is_number(value)


@pytest.mark.parametrize("text", ["2019-20 plan", "18 months", "on 27 June 2019", "in 1998,",
                                  "page 1015", "[emergency] only"])  # fmt: skip
def test_years_and_counts_are_no_numbers_to_call(text: str) -> None:
    fields = fields_of(ANSWER, text=f"[emergency] {text}")
    assert not checks.check(files(), files(), ANSWER, fields, TODAY).problems


def test_plain_words_read_younger_than_officials_write() -> None:
    plain = "Call us if you need help. We will talk to you. You can stay here."
    official = ("The partnership's multidisciplinary strategic considerations necessitate "
                "organisational collaboration regarding vulnerable individuals.")  # fmt: skip
    assert reading_age(plain) < 9 < 16 < reading_age(official)
    assert reading_age("") == reading_age("999 !!") == 0


def test_a_list_is_not_one_long_sentence() -> None:
    points = "It is one of these:\n• a man is hurt\n• a car is on fire\n• a child is lost"
    assert reading_age(points) < reading_age(points.replace("\n", " "))


def test_differences_give_back_both_texts() -> None:
    old, new = "Call 101 now.\n\nOr  write.", "Call 999 at once.\n\nOr  write to us."
    pieces = differences(old, new)
    assert "".join(p.words for p in pieces if p.how != "ins") == old
    assert "".join(p.words for p in pieces if p.how != "del") == new
    assert any(piece.how == "same" and "Call " in piece.words for piece in pieces)


def test_texts_that_are_very_long_are_not_compared_word_by_word() -> None:
    pieces = differences("a " * 20_000, "b")
    assert [piece.how for piece in pieces] == ["del", "ins"]
