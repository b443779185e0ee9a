"""Rasa component: a message with a report's reference is about that report.

Letters and digits mean nothing to an embedding, so without this it could be anything, or the
beginning of a second report about the same trouble.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.extraction.report_pair import reference_in, without_pair
from bot.understanding.certain import make_certain
from bot.understanding.emergency import NETS

STATUS = "ask_report_status"
KEPT = ("report_again", "ask_for_copy")  # said in a word or two beside a reference
SURE = 0.5  # of them, by the few words beside the reference
WRITE = "write_about_report"
STORIES = (
    "report_asb", "report_noise", "report_crime", "report_fly_tipping", "report_hate_crime",
    "report_rough_sleeper",
)  # fmt: skip
FEW_WORDS = 4  # "my reference is", "hi its about": more of them say what is wanted


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class WrittenReference(GraphComponent):
    """Sets the intent of a message that a reference is most of, or that tells a story besides."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "WrittenReference":
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message that says no more of a report, nor of danger."""
        for message in messages:
            text = message.get(TEXT) or ""
            if is_a_reference(text) and not says_more(message):
                make_certain(message, STATUS)
            elif tells_a_story(message) and reference_in(text):
                make_certain(message, WRITE)
        return messages


def tells_a_story(message: Message) -> bool:
    """Whether it was understood as a report, and not as danger."""
    return (message.get(INTENT) or {}).get("name") in STORIES


def says_more(message: Message) -> bool:
    """Whether there are words beside the reference, and an emergency net has caught them or they
    were understood as one of KEPT. Letters alone look like danger in Romanian once in a while."""
    if not without_pair(message.get(TEXT)).strip():
        return False
    understood = message.get(INTENT) or {}
    kept = understood.get("name") in KEPT and understood["confidence"] >= SURE
    return kept or any((message.get(NETS) or {}).values())


def is_a_reference(text: str) -> bool:
    """Whether `text` has a reference in it and few words beside it and its code."""
    return bool(reference_in(text)) and len(without_pair(text).split()) <= FEW_WORDS
