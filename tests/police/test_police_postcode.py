"""Postcodes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.police.postcode import tidy_postcode


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("AL3 5DQ", "AL3 5DQ"),
        ("al35dq", "AL3 5DQ"),
        ("  a l3  5\tdQ\n", "AL3 5DQ"),
        ("AL3\u00a05DQ.", "AL3 5DQ"),
        ("al3-5dq", "AL3 5DQ"),
        ("\uff21\uff2c\uff13 5dq", "AL3 5DQ"),
        ("AL3\u200b 5DQ", "AL3 5DQ"),
        ("M1 1AE", "M1 1AE"),
        ("sw1a1aa", "SW1A 1AA"),
        ("W1A 0AX", "W1A 0AX"),
        ("M60 1NW", "M60 1NW"),
    ],
)
def test_any_case_and_spacing_gives_the_usual_form(typed: str, tidy: str) -> None:
    assert tidy_postcode(typed) == tidy


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("ALI 3JE", "AL1 3JE"),
        ("all 3je", "AL1 3JE"),
        ("AL10 OAA", "AL10 0AA"),
        ("ALIO OAA", "AL10 0AA"),
        ("AL1O 0AA", "AL10 0AA"),
        ("AL1 IJE", "AL1 1JE"),
        ("HAO 1AA", "HA0 1AA"),
        ("EI4 5AB", "E14 5AB"),
        ("0X1 2AB", "OX1 2AB"),
        ("1P1 2AB", "IP1 2AB"),
        ("C01 2AB", "CO1 2AB"),
        ("SO14 0YN", "SO14 0YN"),
        ("OX1 2OO", "OX1 2OO"),
    ],
)
def test_letters_typed_for_digits_are_put_right_where_only_one_meaning_is_possible(
    typed: str, tidy: str
) -> None:
    assert tidy_postcode(typed) == tidy


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "...",
        "hello",
        "St Albans",
        "12345",
        "AL3",
        "AL3 5D",
        "AL3 5DQX",
        "AL3 5D1",
        "AL3 5DQ AL3 5DQ",
        "AL\u0663 5DQ",
        "\u00c0L3 5DQ",
        "\ud800",
        "A" * 5000,
        " " * 60 + "AL3 5DQ",
    ],
)
def test_what_cannot_be_a_postcode_is_refused(typed: str) -> None:
    assert tidy_postcode(typed) is None


@given(st.text())
def test_any_text_is_tidied_or_refused_and_tidying_twice_changes_nothing(typed: str) -> None:
    tidy = tidy_postcode(typed)
    assert tidy is None or tidy_postcode(tidy) == tidy
