"""Rasa component: a message that asks two things gets an intent of its own, and both are answered.

IntentClassifier has judged each way of reading the message as two (parts.py). When both sides are
clear and differ, the message is ASK_SEVERAL, or one of OPENS_A_FORM's when one side opens a form,
which then follows the other's answer. What was asked, in order, stands in ASKED.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.certain import make_certain
from bot.understanding.emergency import NETS
from bot.understanding.intent_classifier import SPLITS

ASKED = "asked"
ASK_SEVERAL = "ask_several"
OPENS_A_FORM = {
    "report_asb": "ask_and_report",
    "ask_neighbourhood_officer": "ask_and_find_officer",
    "ask_report_status": "ask_and_look_up",
}
# Only what is asked for on its own; "can you, please" is no second question.
ASKABLE = ("ask_", "report_", "out_of_scope_")
# "Can I read it" after a question about a report is part of that question.
NOT_ASKABLE = (
    "ask_why", "report_emergency", "ask_for_copy", "report_again", "write_about_report",
)  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class MoreThanOneQuestion(GraphComponent):
    """Sets the intent of a message that asks two things."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: the confidence that either side must have. `whole_at_least`: the one that
        the whole message must leave to either topic, when a side does not begin as a question."""
        return {"threshold": 0.99, "whole_at_least": 0.001}

    def __init__(self, threshold: float, whole_at_least: float) -> None:
        self._threshold = threshold
        self._whole_at_least = whole_at_least

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MoreThanOneQuestion":
        return cls(config["threshold"], config["whole_at_least"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message that can be read as two and that no emergency net has caught."""
        for message in messages:
            caught = any((message.get(NETS) or {}).values())
            asked = None if caught else self._asked(message)
            if asked:
                message.set(ASKED, asked, add_to_output=True)
                make_certain(message, intent_for(asked))
        return messages

    def _asked(self, message: Message) -> list[str] | None:
        ranking = message.get(INTENT_RANKING_KEY) or []
        whole = {found["name"]: found["confidence"] for found in ranking}
        ways = [
            way["tops"]
            for way in message.get(SPLITS) or []
            if way["asks"]
            or min(whole.get(t["name"], 0.0) for t in way["tops"]) >= self._whole_at_least
        ]
        return two_topics(ways, self._threshold)


def two_topics(ways: list[list[dict[str, Any]]], threshold: float) -> list[str] | None:
    """The two topics of the clearest way to read a message as two; None when none is clear. Of
    each way the likeliest topic of either side is given, as Rasa's rankings have it."""
    clear = []
    for tops in ways:
        names = [top["name"] for top in tops]
        least = min(top["confidence"] for top in tops)
        forms = [name for name in names if name in OPENS_A_FORM]
        askable = all(n.startswith(ASKABLE) and not n.startswith(NOT_ASKABLE) for n in names)
        if askable and least >= threshold and names[0] != names[1] and len(forms) < 2:
            clear.append((least, names))
    return max(clear)[1] if clear else None


def intent_for(asked: list[str]) -> str:
    """The intent whose rule answers `asked`."""
    return next((OPENS_A_FORM[name] for name in asked if name in OPENS_A_FORM), ASK_SEVERAL)
