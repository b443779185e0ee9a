"""What is found in residents' own words, and what is rightly not."""

import pytest

from bot.extraction.contacts import find_contact
from bot.extraction.places_and_times import find
from bot.extraction.words import choice_of, choices, kind_of, kinds, without_lead_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("loud music at 12 Hatfield Road every night", "12 Hatfield Road"),
        ("kids throwing stones on hatfield road", "hatfield road"),
        ("the car park on Marlborough Road", "Marlborough Road"),
        ("its 14b folly lane al3 5jq", "14b folly lane, al3 5jq"),
        ("they were in Verulamium Park last night", "Verulamium Park"),
        ("drunk men behind the station in Harpenden", "Harpenden"),
        ("teenagers smash bottles in the play park", ""),
        ("my neighbour shouts at me", ""),
    ],
)
def test_places(text, place):
    assert find(text).place == place


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("it was last night about 11pm", "last night about 11pm"),
        ("every friday since June", "every friday since June"),
        ("yesterday around 11pm in Harpenden", "yesterday around 11pm"),
        ("my neighbour is awful", ""),
    ],
)
def test_times(text, time):
    assert find(text).time == time


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("07700 900123", "07700 900123"), ("call me on 07700900123 after 5", "07700 900123"),
        ("+44 7700 900123", "07700 900123"), ("Jo@Example.COM.", "Jo@example.com"),
        ("jo at example dot com", None), ("12345", None), ("123456", None), ("a@b", None),
        ("", None), ("@", None),
    ],
)  # fmt: skip
def test_contacts(text, contact):
    assert find_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "kind"),
    [("racist shouting at night", "hate"), ("mopeds racing", "vehicles"), ("loud music", "noise"),
     ("Groups gathering", "groups"), ("it is all rather odd", None), ("dogged", None)],
)  # fmt: skip
def test_kinds(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "choice"),
    [("its still going on", "now"), ("just the once", "once"), ("EVERY NIGHT", "most_days"),
     ("every friday", "weekly"), ("I don’t know", "unknown"), ("hmm", None),
     ("now and then", "sometimes"),
     ("not every night, just now and again", "sometimes")],
)  # fmt: skip
def test_frequencies(text, choice):
    assert choice_of("frequency", text) == choice


def test_every_word_of_the_lists_is_text():
    lists = [kind["words"] for kind in kinds().values()]
    for name in ("frequency", "identity", "fields"):
        lists += choices()[name].values()
    lists += [choices()["correction_lead_ins"], choices()["report_lead_ins"]]
    assert all(isinstance(word, str) for words in lists for word in words)


@pytest.mark.parametrize(
    ("text", "rest"),
    [("no, Hatfield Road", "Hatfield Road"), ("actually it was Tuesday", "Tuesday"),
     ("sorry I meant number 14", "number 14"), ("Norton Close", "Norton Close")],
)  # fmt: skip
def test_lead_ins_are_taken_off(text, rest):
    assert without_lead_in(text, "correction_lead_ins") == rest
