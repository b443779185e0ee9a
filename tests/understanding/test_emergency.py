"""The two nets together: which messages count as an emergency, and which are calm all the same."""

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.emergency import NETS, EmergencyNets, emergency_of
from bot.understanding.intent_classifier import DANGER, SPLITS
from bot.understanding.written_net import written_net

ALARMING, CALM = "he has a knife", "the lorry never came"


def understood(text, danger, top, splits=()):
    message = Message({"text": text})
    message.set(SPLITS, list(splits))
    message.set(DANGER, danger)
    message.set(INTENT, {"name": top, "confidence": 0.9})
    message.set(INTENT_RANKING_KEY, [{"name": top, "confidence": 0.9}])
    nets = EmergencyNets((0.1, 0.5, 0.8), 0.002)
    return nets.process([message])[0]


def test_the_examples_are_what_the_written_net_takes_them_for():
    assert written_net(ALARMING) and not written_net(CALM)


@pytest.mark.parametrize(
    ("text", "danger", "top", "urgent"),
    [
        (CALM, (0.5, 0.0, 0.0), "ask_contact", True),  # the learned net alone
        (CALM, (0.0, 0.6, 0.0), "other_language_polish", True),
        (CALM, (0.0, 0.0, 0.9), "report_asb", True),  # in a part of a long story
        (ALARMING, (0.01, 0.0, 0.0), "report_asb", True),  # the written net alone
        (ALARMING, (0.0, 0.0, 0.0), "other_language_polish", True),  # little known to the other
        (ALARMING, (0.0001, 0.0, 0.0), "out_of_scope", False),  # a film, a figure of speech
        (CALM, (0.01, 0.0, 0.0), "ask_contact", False),
    ],
)
def test_either_net_is_enough_unless_the_learned_one_is_certain_of_calm(text, danger, top, urgent):
    message = understood(text, danger, top)
    assert message.get(INTENT)["name"].startswith("report_emergency") == urgent
    assert any(message.get(NETS).values()) == urgent


def test_certainty_about_the_whole_says_nothing_of_a_part():
    calm = (0.0001, 0.0, 0.0)
    split = {"asks": True, "tops": [], "danger": 0.7}
    beside_a_question = understood(f"what is prevent and {ALARMING}", calm, "ask_prevent", [split])
    after_a_story = understood(f"{'we walk round the lake. ' * 12}{ALARMING}", calm, "thank")
    for message in (beside_a_question, after_a_story):
        assert message.get(INTENT)["name"] == "report_emergency"


def test_a_word_of_danger_in_a_part_that_is_calm_itself_does_not_count():
    split = {"asks": False, "tops": [], "danger": 0.05}
    said = f"{ALARMING} in level five, any tips"
    message = understood(said, (0.0001, 0.0, 0.0), "out_of_scope", [split])
    assert written_net(said)
    assert message.get(INTENT)["name"] == "out_of_scope"


def test_of_a_few_words_the_learned_net_is_never_certain():
    message = understood("sos sos", (0.0, 0.0, 0.0), "greet")
    assert message.get(INTENT)["name"] == "report_emergency"


@pytest.mark.parametrize(
    ("ranking", "emergency"),
    [
        ([], "report_emergency"),
        ([("other_language_polish", 0.6), ("ask_contact", 0.4)], "report_emergency_polish"),
        ([("report_crime", 0.4), ("report_emergency_italian", 0.6)], "report_emergency_italian"),
        # English with a word of danger, and a shadow of Bengali: replied to in English
        (
            [("ask_victims_service", 0.97), ("report_emergency_bengali", 0.01)],
            "report_emergency",
        ),
        ([("report_emergency", 0.5), ("other_language_romanian", 0.1)], "report_emergency"),
    ],
)
def test_the_reply_is_in_another_language_only_when_the_message_is(ranking, emergency):
    assert emergency_of([{"name": n, "confidence": c} for n, c in ranking]) == emergency
