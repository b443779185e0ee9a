"""When a message counts as two questions."""

import pytest
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.intent_classifier import SPLITS
from bot.understanding.more_than_one import ASKED, MoreThanOneQuestion, intent_for, two_topics


def way(*sides):
    return [{"name": name, "confidence": sure} for name, sure in sides]


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


def judged(whole, *ways):
    message = Message({"text": "words"})
    message.set(INTENT_RANKING_KEY, [{"name": n, "confidence": c} for n, c in whole.items()])
    message.set(SPLITS, [{"asks": asks, "tops": tops} for asks, tops in ways])
    return MoreThanOneQuestion(0.9, 0.1).process([message])[0].get(ASKED)


def test_two_that_do_not_begin_as_questions_need_the_whole_message_to_be_about_both():
    tops = way(("report_crime", 0.95), ("report_noise", 0.95))
    both, one = {"report_crime": 0.8, "report_noise": 0.2}, {"report_crime": 0.99}
    assert judged(both, (False, tops)) == ["report_crime", "report_noise"]
    assert judged(one, (False, tops)) is None
    assert judged(one, (True, tops)) == ["report_crime", "report_noise"]


def test_a_side_that_opens_a_form_decides_the_intent():
    assert intent_for(["ask_prevent", "ask_partners"]) == "ask_several"
    assert intent_for(["ask_prevent", "report_asb"]) == "ask_and_report"
    assert intent_for(["report_asb", "ask_prevent"]) == "ask_and_report"
    assert intent_for(["ask_neighbourhood_officer", "ask_contact"]) == "ask_and_find_officer"
