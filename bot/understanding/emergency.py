"""Rasa component: two independent nets for messages of somebody in danger now.

The learned net is the classifier's own probability, at a threshold far below the one for other
topics, because a missed emergency is the worst failure; of a long story the most alarming part
counts as well. The written net (written_net.py) needs no model. Either one makes the message an
emergency, whatever else it may be about; only where the learned one is next to certain that an
English message is calm, a word of danger in it does not count ("drowning in ironing").
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.certain import make_certain
from bot.understanding.intent_classifier import DANGER, SPLITS
from bot.understanding.languages import EMERGENCY, OTHER_LANGUAGE, language_of
from bot.understanding.parts import is_long
from bot.understanding.sentence_embedding import is_in_words
from bot.understanding.spelling import tidy
from bot.understanding.written_net import written_net

NETS = "emergency_nets"
HOW_SURE = "emergency_probability"  # the learned net's, of the whole or of its worst part
FEW = 3  # words, from which the learned net cannot tell much: "sos sos"
LIKELY = 0.5  # that a message is in another language, and is replied to in it


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyNets(GraphComponent):
    """Sets the intent to an emergency's when either net catches the message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The probabilities from which the learned net catches an emergency in English, in another
        language (it knows too few words of those to be as careful), and in the most alarming part
        of a long story, which stands there without the calm around it. Below `calm_below` the
        written net is not heard, unless the learned one alarms at one of the message's parts, or
        has too little to go by: in another language, in a long story, in a few words."""
        return {
            "learned_threshold": 0.1,
            "other_languages_threshold": 0.3,
            "part_threshold": 0.8,
            "calm_below": 0.0005,
        }

    def __init__(self, thresholds: tuple[float, float, float], calm_below: float) -> None:
        self._thresholds = thresholds
        self._calm_below = calm_below

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EmergencyNets":
        names = ("learned_threshold", "other_languages_threshold", "part_threshold")
        english, others, part = (config[name] for name in names)
        return cls((english, others, part), config["calm_below"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message in words; which net caught it stands in NETS, how surely in
        HOW_SURE."""
        for message in messages:
            if not is_in_words(message):
                continue
            danger = message.get(DANGER) or ()
            over = zip(danger, self._thresholds, strict=False)
            sure = float(max(danger, default=0.0))
            ranking = message.get(INTENT_RANKING_KEY) or []
            nets = {
                "learned": any(found >= threshold for found, threshold in over),
                "written": self._is_heard(message, sure) and written_net(message.get(TEXT)),
            }
            message.set(NETS, nets, add_to_output=True)
            message.set(HOW_SURE, sure, add_to_output=True)
            if any(nets.values()):
                make_certain(message, emergency_of(ranking))
        return messages

    def _is_heard(self, message: Message, sure: float) -> bool:
        """Whether a word of danger counts, of which the learned net is `sure` by that much."""
        parts = [way["danger"] for way in message.get(SPLITS) or []]
        if (
            sure >= self._calm_below
            or max(parts, default=0.0) >= self._thresholds[0]
            or in_another_language(message.get(INTENT_RANKING_KEY) or [])
        ):
            return True
        said = tidy(message.get(TEXT))
        return len(said.split()) <= FEW or is_long(said)


def in_another_language(ranking: list[dict[str, Any]]) -> bool:
    """Whether the likeliest topic is one of the other languages'."""
    return bool(ranking) and ranking[0]["name"].startswith(OTHER_LANGUAGE)


def emergency_of(ranking: list[dict[str, Any]]) -> str:
    """The emergency in the likeliest of the other languages, when the message is likely to be in
    one; otherwise in English."""
    in_others = [r for r in ranking if language_of(r["name"])]
    if sum(r["confidence"] for r in in_others) < LIKELY:
        return EMERGENCY
    return f"{EMERGENCY}_{language_of(in_others[0]['name'])}"
