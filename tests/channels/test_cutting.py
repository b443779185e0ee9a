"""Texts are cut where a reader would, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.cutting import cut


def within(limit):
    return lambda text: len(text) <= limit


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ["short"]),
        ("", 10, []),
        ("  spaces around  ", 20, ["spaces around"]),
        ("One two.\n\nThree four.", 12, ["One two.", "Three four."]),
        ("• a first\n• a second", 12, ["• a first", "• a second"]),
        ("It is here. It is there.", 15, ["It is here.", "It is there."]),
        ("one two three four", 9, ["one two", "three", "four"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        # a paragraph that ends early leaves less room unused than a sentence that ends late
        ("Hi.\n\nThis is a long sentence. And more of it.", 30,
         ["Hi.\n\nThis is a long sentence.", "And more of it."]),
    ],
)  # fmt: skip
def test_it_is_cut_at_the_best_place(text, limit, parts):
    assert cut(text, within(limit)) == parts


@given(st.text(max_size=400), st.integers(1, 60))
def test_every_part_fits_and_nothing_is_lost(text, limit):
    parts = cut(text, within(limit))
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
