"""Rasa component: one MiniLM embedding for each message, as a dense sentence feature."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.extraction.report_pair import reference_in, without_pair
from bot.settings import Settings
from bot.understanding.encoder import Encoder, Floats, shared_encoder
from bot.understanding.spelling import beginning, tidy


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbedding(GraphComponent):
    """Adds the embedding of the tidied text to every message."""

    def __init__(self, name: str, encoder: Encoder) -> None:
        self._name = name
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEmbedding":
        model = Settings.from_env().embedding_model
        return cls(config.get(FEATURIZER_CLASS_ALIAS, cls.__name__), shared_encoder(model))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the embedding to each message in words: a pressed button needs none."""
        self._add(messages, self._encoder.encode)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training sentences."""
        self._add(training_data.training_examples, self._encoder.encode_many)
        return training_data

    def _add(self, messages: list[Message], encode: Callable[[Sequence[str]], Floats]) -> None:
        said = [message for message in messages if is_in_words(message)]
        if said:
            rows = encode([beginning(words_of(message)) for message in said])
            for message, row in zip(said, rows, strict=True):
                message.add_features(
                    Features(row[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._name)
                )


def is_in_words(message: Message) -> bool:
    """Whether a message has a text that is not the payload of a button."""
    return bool(message.get(TEXT)) and not message.get(TEXT).startswith(INTENT_MESSAGE_PREFIX)


def words_of(message: Message) -> str:
    """The tidied text of a message, without a report's reference and code when there are words
    beside them: letters and digits look like anything, danger included, once in fifty."""
    text = message.get(TEXT)
    return tidy((without_pair(text) if reference_in(text) else "") or text)
