"""When a message counts as two questions."""

import pytest

from bot.understanding.more_than_one import intent_for, two_topics


def way(*sides):
    return [{"intent_ranking": [{"name": name, "confidence": sure}]} for name, sure in sides]


def test_two_clear_topics_are_asked_in_their_order():
    ways = [way(("ask_prevent", 0.9), ("ask_partners", 0.8))]
    assert two_topics(ways, 0.5) == ["ask_prevent", "ask_partners"]


def test_the_clearest_way_is_taken():
    ways = [
        way(("ask_contact", 0.6), ("ask_partners", 0.9)),
        way(("ask_prevent", 0.8), ("ask_partners", 0.9)),
    ]
    assert two_topics(ways, 0.5) == ["ask_prevent", "ask_partners"]


@pytest.mark.parametrize(
    "ways",
    [
        [],
        [way(("ask_prevent", 0.9), ("ask_partners", 0.4))],
        [way(("ask_prevent", 0.9), ("ask_prevent", 0.9))],
        [way(("greet", 0.9), ("ask_partners", 0.9))],
        [way(("ask_why", 0.9), ("ask_partners", 0.9))],
        [way(("report_asb", 0.9), ("ask_neighbourhood_officer", 0.9))],  # two forms at once
        [way(("report_emergency_polish", 0.9), ("ask_partners", 0.9))],
    ],
)
def test_what_is_unclear_or_one_thing_is_not_two(ways):
    assert two_topics(ways, 0.5) is None


def test_a_side_that_opens_a_form_decides_the_intent():
    assert intent_for(["ask_prevent", "ask_partners"]) == "ask_several"
    assert intent_for(["ask_prevent", "report_asb"]) == "ask_and_report"
    assert intent_for(["report_asb", "ask_prevent"]) == "ask_and_report"
    assert intent_for(["ask_neighbourhood_officer", "ask_contact"]) == "ask_and_find_officer"
