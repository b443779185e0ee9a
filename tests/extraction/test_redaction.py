"""What is kept of a message that could not be placed tells nobody who or where somebody is."""

import pytest

from bot.extraction.redaction import GAP, common_words, without_personal_data

SECRETS = [
    "Dave", "Okonkwo", "Priya", "Hatfield", "AL1", "3JE", "07700", "900123", "jo@example.com",
    "Kowalczyk", "kowalczyk", "14b", "1987", "BX12ABC", "example",
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "my neighbour Dave Okonkwo at 14b Hatfield Road keeps doing it, call me on 07700 900123",
        "its priya again from AL1 3JE, jo@example.com",
        "mrs kowalczyk was born in 1987 and drives BX12ABC",
        "DAVE OKONKWO KEEPS ON AND ON AT ME",
        "my name is priya kowalczyk",
    ],
)
def test_names_numbers_and_places_become_gaps(text):
    kept = without_personal_data(text)
    for secret in SECRETS:
        assert secret.lower() not in kept.split()


def test_common_words_stay_so_that_staff_can_tell_what_was_meant():
    kept = without_personal_data("who do I call about the noise from Kowalczyk next door")
    assert kept.startswith("who do i call about the noise from")
    assert GAP in kept


@pytest.mark.parametrize("text", ["", "Kowalczyk", "07700 900123", "zxcv qwfp", "?"])
def test_nothing_is_kept_when_nothing_common_is_left(text):
    assert without_personal_data(text) == ""


def test_common_words_are_those_of_many_training_sentences():
    words = common_words()
    assert {"noise", "police", "neighbour"} <= words
    assert not [word for word in words if any(letter.isdigit() for letter in word)]
