"""Rasa component: which topic a message is about, in the whole and in its parts."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.settings import Settings
from bot.understanding.encoder import Encoder, Floats, shared_encoder
from bot.understanding.parts import alarming_window, splits
from bot.understanding.scorer import Scorer
from bot.understanding.sentence_embedding import is_in_words, words_of
from bot.understanding.spelling import beginning

RANKED = 10
# On a message: the probability of an emergency in English, in another language, and in English in
# the most alarming part of a long story (0 for a short one)
DANGER = "danger"
# On a message: ways to read it as two, the likeliest topic of each side, and the probability of an
# emergency in the worse one
SPLITS = "splits"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Ranks the intents of a message that SentenceEmbedding has been at."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `ngram_weight` weighs spelling against meaning."""
        return {"regularisation": 10.0, "ngram_weight": 0.7, "max_iter": 200}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        encoder: Encoder,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = encoder
        self._scorer: Scorer | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        encoder = shared_encoder(Settings.from_env().embedding_model)
        return cls(config, model_storage, resource, encoder)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every training sentence that has an intent."""
        said = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        self._scorer = Scorer.fit(
            [beginning(words_of(message)) for message in said],
            np.vstack([embedding(message) for message in said]),
            [message.get(INTENT) for message in said],
            regularisation=self._config["regularisation"],
            ngram_weight=self._config["ngram_weight"],
            max_iter=self._config["max_iter"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and the RANKED likeliest intents on each message in words.

        A pressed button names its intent itself, which Rasa reads after the pipeline has run.
        """
        for message in messages:
            if is_in_words(message) and self._scorer:
                self._judge(message, self._scorer)
            else:
                message.set(INTENT, {"name": None, "confidence": 1.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this one learns from its output."""
        return training_data

    def _judge(self, message: Message, scorer: Scorer) -> None:
        said = words_of(message)
        whole = scorer.probabilities(beginning(said), embedding(message))
        ranking = scorer.ranking(whole, RANKED)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(DANGER, self._danger(said, whole, scorer))
        message.set(SPLITS, self._splits(said, scorer))

    def _danger(self, said: str, whole: Floats, scorer: Scorer) -> tuple[float, float, float]:
        window = alarming_window(said, scorer.alarm)
        part = scorer.danger(self._probabilities([window], scorer)[0])[0] if window else 0.0
        return (*scorer.danger(whole), part)

    def _splits(self, said: str, scorer: Scorer) -> list[dict[str, Any]]:
        ways = splits(said)
        if not ways:
            return []
        sides = [side for way in ways for side in (way.left, way.right)]
        rows = self._probabilities(sides, scorer)
        return [
            {
                "asks": way.asks,
                "tops": [scorer.ranking(row, 1)[0] for row in pair],
                "danger": max(max(scorer.danger(row)) for row in pair),
            }
            for way, pair in zip(ways, zip(rows[::2], rows[1::2], strict=True), strict=True)
        ]

    def _probabilities(self, texts: list[str], scorer: Scorer) -> list[Floats]:
        rows = self._encoder.encode(texts)
        return [scorer.probabilities(t, row) for t, row in zip(texts, rows, strict=True)]

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        made = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            made._scorer = Scorer.load(folder)
        return made


def embedding(message: Message) -> Floats:
    """The dense sentence feature of a message, one row."""
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("SentenceEmbedding must stand before IntentClassifier in config.yml")
    row: Floats = sentence.features
    return row
