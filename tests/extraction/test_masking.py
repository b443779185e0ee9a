"""What tells who somebody is gets covered; the rest of a text stays as it was."""

import pytest

from bot.extraction.masking import without_contacts, without_name, without_streets


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("ring 07700 900123 after six", "ring [x] after six"),
        ("ring +44 7700 900123", "ring [x]"),
        ("07700900123/0", "[x]/0"),
        ("a digit short: 07700 90012", "a digit short: [x]"),
        ("write to ann@example.org.", "write to [x]."),
        ("not valid but telling: ann@@example", "not valid but telling: [x]"),
        ("since 2019, at 22:30, 3 lads at number 45", "since 2019, at 22:30, 3 lads at number 45"),
        ("on 20/11/2026 and 25 December", "on 20/11/2026 and 25 December"),
        ("", ""),
    ],
)
def test_phone_numbers_and_addresses_are_covered_and_days_are_not(text, covered):
    assert without_contacts(text, "[x]") == covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("flat 2, AL1 3JE by the park", "flat 2, AL1 *** by the park"),
        ("al13je", "al1***"),
        ("SW1A 1AA", "SW1A ***"),
        ("no postcode", "no postcode"),
    ],
)
def test_of_a_postcode_the_street_is_covered(text, covered):
    assert without_streets(text) == covered


def test_a_name_is_covered_in_any_letters_and_its_parts_as_they_are_written():
    assert without_name("I am JO  bloggs, Mrs Bloggs", "Jo Bloggs", "[x]") == "I am [x], Mrs [x]"
    assert (
        without_name("Will you? I will. Willow", "Will Smith", "[x]") == "[x] you? I will. Willow"
    )
    assert without_name("a (b) c", "(b", "[x]").startswith("a ")
    assert without_name("text", "  ", "[x]") == "text"
