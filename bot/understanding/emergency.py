"""Rasa component: two independent nets for messages of somebody in danger now.

The learned net is the classifier's own probability, at a threshold far below the one for other
topics, because a missed emergency is the worst failure. The written net is
data/emergency-signs.yml. Either one makes the message an emergency, whatever else it may be about.
"""

import re
from functools import lru_cache
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.settings import ROOT
from bot.understanding.sentence_embedding import is_in_words
from bot.understanding.spelling import tidy

EMERGENCY = "report_emergency"
NETS = "emergency_nets"
SURE = 1.0  # so that no later component takes the message for unclear


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyNets(GraphComponent):
    """Sets the intent to report_emergency when either net catches the message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`learned_threshold`: the probability from which the learned net catches."""
        return {"learned_threshold": 0.3}

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EmergencyNets":
        return cls(config["learned_threshold"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message in words; which net caught it stands in NETS."""
        for message in messages:
            if not is_in_words(message):
                continue
            ranking = message.get(INTENT_RANKING_KEY) or []
            nets = {
                "learned": any(
                    r["name"] == EMERGENCY and r["confidence"] >= self._threshold for r in ranking
                ),
                "written": written_net(message.get(TEXT)),
            }
            message.set(NETS, nets, add_to_output=True)
            if any(nets.values()):
                caught = {"name": EMERGENCY, "confidence": SURE}
                others = [r for r in ranking if r["name"] != EMERGENCY]
                message.set(INTENT, caught, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [caught, *others], add_to_output=True)
        return messages


def written_net(text: str) -> bool:
    """Whether a sign of danger now is in `text`, and nothing that makes it calm."""
    said = tidy(text)
    signs, calm, still = _patterns()
    return bool(signs.search(said)) and (not calm.search(said) or bool(still.search(said)))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    lists = yaml.safe_load((ROOT / "data" / "emergency-signs.yml").read_text(encoding="utf-8"))
    return tuple(_any_of(lists[name]) for name in ("signs", "calm", "still"))


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """A pattern for whole words; in a phrase `*` stands for up to four words, `|` for "or"."""
    gap = r"(?:\W+\w[\w'’]*){0,4}?\W+"
    plain = [("\\ \\*\\ ", gap), ("\\|", "|"), ("\\(", "(?:"), ("\\)", ")"), ("\\ ", r"\W+")]
    parts = []
    for phrase in phrases:
        part = re.escape(phrase)
        for escaped, pattern in plain:
            part = part.replace(escaped, pattern)
        parts.append(part)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
