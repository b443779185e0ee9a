"""What the understanding sees of phone typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.spelling import LONGEST, tidy


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("nxt door ag4in", "next door again"),
        ("HELPPPP MEEEE", "help mee"),
        ("call 999", "call 999"),
        ("0800 000 1111", "0800 000 1111"),
        ("u r gr8 m8", "you are great mate"),
        ("AL1 3JE", "al1 3je"),
        ("priority 4", "priority 4"),
        ("null\x00byte\u200b", "null byte"),
        ("", ""),
    ],
)
def test_phone_typing_is_read(typed, seen):
    assert tidy(typed) == seen


@given(st.text(max_size=2000))
def test_any_text_is_tidied_and_bounded(text):
    assert len(tidy(text)) <= LONGEST * 20


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("helpmesomeoneisinthehouse", "help me someone is in the house"),
        ("nextdoorsmusicissoloud", "next doors music is so loud"),
        ("neighbourhood", "neighbourhood"),
        ("xqzxqzxqzxqzxqz", "xqzxqzxqzxqzxqz"),
        ("radicalisation", "radicalisation"),
    ],
)
def test_words_typed_without_spaces_are_taken_apart(typed, seen):
    assert tidy(typed) == seen


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("h\u200bel\u2060p me", "help me"),  # zero-width space, word joiner
        ("\u202ehello\u202c", "hello"),  # marks of writing direction
        ("hеlp", "help"),  # a Cyrillic letter
        ("ＨＥＬＰ", "help"),
        ("помогите", "помогите"),  # a word that is all Cyrillic stays
        ("বাঁচান", "বাঁচান"),
    ],
)
def test_letters_in_disguise_are_read(typed, seen):
    assert tidy(typed) == seen
