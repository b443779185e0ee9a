"""Which parts of a message are judged on their own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.parts import LONG, SPLITS, WINDOW, alarming_window, splits
from bot.understanding.spelling import tidy

CALM = "we have lived here for twenty years and it has always been quiet with nice people " * 4


def alarm(word):
    return 1.0 if word in {"knife", "help"} else 0.0


@pytest.mark.parametrize("before", [0, 5, 30, 200])
@pytest.mark.parametrize("after", [0, 5, 60])
def test_the_alarming_part_of_a_long_story_is_found_wherever_it_stands(before, after):
    calm = (CALM * 5).split()
    story = " ".join([*calm[:before], "he", "has", "a", "knife", "help", *calm[: max(after, LONG)]])
    window = alarming_window(story, alarm)
    assert "knife help" in window
    assert len(window.split()) <= WINDOW


def test_a_short_message_has_no_parts():
    assert alarming_window("he has a knife help", alarm) is None


@pytest.mark.parametrize(
    ("message", "first", "second"),
    [
        ("what is prevent and who are the partners?", "what is prevent", "who are the partners"),
        ("Who runs it? What do they do?", "who runs it", "what do they do"),
        ("whats prevent, also how do i report noise", "what's prevent", "how do i report noise"),
        ("who are the partners what are your aims", "who are the partners", "what are your aims"),
        ("i want to report my neighbour. who is my officer",
         "i want to report my neighbour", "who is my officer"),
    ],
)  # fmt: skip
def test_two_questions_are_told_apart(message, first, second):
    assert (first, second, True) in splits(tidy(message))


def test_a_story_with_and_in_it_does_not_ask_two_things():
    said = tidy("loud music and shouting from next door every night and it wakes the baby")
    assert splits(said) and not any(split.asks for split in splits(said))


def test_what_begins_as_questions_is_tried_first():
    said = tidy("its noisy and dirty here, who do i tell and what can you do")
    assert [split.asks for split in splits(said)] == sorted(
        (split.asks for split in splits(said)), reverse=True
    )


@pytest.mark.parametrize(
    "message",
    ["my mum and dad", "hello and thank you", "who are the partners?", "noise + x", ""],
)
def test_a_message_of_one_piece_is_not_taken_apart(message):
    assert splits(tidy(message)) == []


@settings(deadline=None)  # the first long word has all training sentences read
@given(st.text(max_size=3000))
def test_any_text_can_be_taken_apart(text):
    said = tidy(text)
    assert len(splits(said)) <= SPLITS
    window = alarming_window(said, alarm)
    assert window is None or len(window.split()) <= WINDOW
