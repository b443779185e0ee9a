"""Misspelt words are put right; names, other languages and real words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.sentences import TO_TRAIN, sentences
from bot.training_words import OTHER_LANGUAGES
from bot.understanding.misspelt import put_right


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("have i missed the consulation", "have i missed the consultation"),
        ("is it anonimous", "is it anonymous"),
        ("nosie", "noise"),
        ("my neice is scared", "my niece is scared"),  # the same letters, rather than "nice"
        ("fly tiping", "fly tipping"),  # a letter doubled, rather than "typing"
        ("a peple carrier", "a people carrier"),  # though some of our own sentences say "peeple"
        ("wheathamstead", "wheathampstead"),  # in no dictionary, but often in our sentences
        ("comunity safty, please!", "community safety, please!"),
        ("my neighbor", "my neighbour"),
    ],
)
def test_a_slip_of_one_letter_is_put_right(typed, seen):
    assert put_right(typed) == seen


@pytest.mark.parametrize(
    "typed",
    [
        "loud music in harpenden",
        "hes outside agen",  # four letters: too many neighbours
        "pomocy ktos wlamuje sie do mieszkania",
        "qwrtz",
        "help 999 b52 al1 3je",
        "",
    ],
)
def test_everything_else_is_left_as_it_is(typed):
    assert put_right(typed) == typed


@given(st.text(max_size=300))
def test_any_text_keeps_its_number_of_words(text):
    said = " ".join(text.lower().split())
    assert len(put_right(said).split()) == len(said.split())


def test_no_word_that_we_use_in_another_language_is_changed():
    theirs = [s.text.lower() for s in sentences(TO_TRAIN) if OTHER_LANGUAGES.match(f"{s.file}.yml")]
    assert len(theirs) > 1000
    assert [text for text in theirs if put_right(text) != text] == []
