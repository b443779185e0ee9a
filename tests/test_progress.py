"""How far a report has come."""

import pytest

from bot.progress import QUESTIONS, progress

FORM = "asb_report_form"


def asked(slot, **filled):
    return progress({"requested_slot": slot, **filled}, FORM)


def test_the_first_question_is_one_of_nine():
    assert asked("asb_danger_now") == {"step": 1, "of": 9, "asks": "danger"}


def test_what_was_told_without_being_asked_is_no_step():
    told = {"asb_description": "x", "asb_where": "y", "asb_danger_now": "no"}
    inferred = {slot: {"how": "inferred"} for slot in ("asb_description", "asb_where")}
    assert asked("asb_kind", **told, asb_provenance=inferred) == {
        "step": 2, "of": 7, "asks": "kind"
    }  # fmt: skip


@pytest.mark.parametrize("slot", ["asb_name", "asb_contact", "asb_detail", "asb_change"])
def test_a_part_of_a_question_is_no_further_step(slot):
    most = dict.fromkeys(QUESTIONS[:-2], "told")
    assert asked(slot, **most) == {"step": 8, "of": 9, "asks": slot.removeprefix("asb_")}


def test_the_last_question_is_the_last_step():
    assert asked("asb_confirmed", **dict.fromkeys(QUESTIONS[:-1], "")) == {
        "step": 9, "of": 9, "asks": "confirmed"
    }  # fmt: skip


def test_nothing_is_said_outside_a_report():
    assert progress({"requested_slot": "postcode"}, "officer_form") is None
    assert progress({"requested_slot": None}, FORM) is None
    assert progress({}, None) is None
