"""Rasa component: which topic a message is about, by logistic regression over two kinds of feature.

The embedding knows meaning; character n-grams know spelling, letters and numbers ("aim c").
Choice and figures: docs/decisions/0004-embeddings.md.
"""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.encoder import WIDTH
from bot.understanding.sentence_embedding import is_in_words
from bot.understanding.spelling import tidy

RANKED = 10
Floats = npt.NDArray[np.float32]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Ranks the intents of a message that SentenceEmbedding has been at."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `ngram_weight` weighs spelling against meaning."""
        return {"regularisation": 10.0, "ngram_weight": 0.7, "max_iter": 200}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._ngrams: TfidfVectorizer | None = None
        self._analyse: Callable[[str], list[str]] | None = None
        self._idf: npt.NDArray[np.float64] | None = None
        self._intents: list[str] = []
        self._weights: Floats = np.zeros((0, 0), dtype=np.float32)
        self._bias: Floats = np.zeros(0, dtype=np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every training sentence that has an intent."""
        said = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        texts = [tidy(message.get(TEXT)) for message in said]
        self._ngrams = ngrams().fit(texts)
        model = LogisticRegression(
            C=self._config["regularisation"],
            class_weight="balanced",
            max_iter=self._config["max_iter"],
        ).fit(self._features(texts, said), [message.get(INTENT) for message in said])
        self._intents = [str(intent) for intent in model.classes_]
        self._weights = model.coef_.T.astype(np.float32)
        self._bias = model.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and the RANKED likeliest intents on each message in words.

        A pressed button names its intent itself, which Rasa reads after the pipeline has run.
        """
        said = [message for message in messages if is_in_words(message)]
        for message in messages:
            if not is_in_words(message):
                message.set(INTENT, {"name": None, "confidence": 1.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
        if not said or self._ngrams is None:
            return messages
        scores = np.vstack([self._score(tidy(m.get(TEXT)), embedding(m)) for m in said])
        for message, row in zip(said, softmax(scores), strict=True):
            ranking = [
                {"name": self._intents[i], "confidence": float(row[i])}
                for i in np.argsort(-row)[:RANKED]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this one learns from its output."""
        return training_data

    def _score(self, text: str, embedded: Floats) -> Floats:
        """The score of each intent for one text: what `_features` and the weights give, without
        scikit-learn's matrices, which take 2 ms for a single sentence (measured)."""
        assert self._ngrams is not None
        if self._analyse is None or self._idf is None:
            self._analyse, self._idf = self._ngrams.build_analyzer(), self._ngrams.idf_
        known = self._ngrams.vocabulary_
        counts = Counter(known[gram] for gram in self._analyse(text) if gram in known)
        score: Floats = embedded[0] @ self._weights[:WIDTH] + self._bias
        if counts:
            grams = np.fromiter(counts.keys(), dtype=np.intp)
            times = np.fromiter(counts.values(), dtype=np.float32)
            shares = (1 + np.log(times)) * self._idf[grams]
            shares *= self._config["ngram_weight"] / np.linalg.norm(shares)
            score = score + shares.astype(np.float32) @ self._weights[WIDTH + grams]
        return score

    def _features(self, texts: list[str], messages: list[Message]) -> csr_matrix:
        assert self._ngrams is not None
        embeddings = np.vstack([embedding(message) for message in messages])
        ngrams = self._ngrams.transform(texts) * np.float32(self._config["ngram_weight"])
        return hstack([csr_matrix(embeddings), ngrams], format="csr")

    def _persist(self) -> None:
        """Keep numbers and words only: a model file of ours runs no code when it is loaded."""
        assert self._ngrams is not None
        words = {key: int(value) for key, value in self._ngrams.vocabulary_.items()}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps([self._intents, words]))
            np.savez(
                folder / "numbers.npz",
                weights=self._weights, bias=self._bias, idf=self._ngrams.idf_,
            )  # fmt: skip

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made._intents, words = json.loads((folder / "words.json").read_text())
            with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
                made._weights = np.ascontiguousarray(numbers["weights"])
                made._bias = numbers["bias"]
                made._ngrams = ngrams(words)
                made._ngrams.idf_ = numbers["idf"]
        return made


def ngrams(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    """Character pairs to fours inside words; those in fewer than three sentences are noise."""
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), min_df=3 if vocabulary is None else 1,
        sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary,
    )  # fmt: skip


def embedding(message: Message) -> Floats:
    """The dense sentence feature of a message, one row."""
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("SentenceEmbedding must stand before IntentClassifier in config.yml")
    row: Floats = sentence.features
    return row


def softmax(scores: Floats) -> Floats:
    """Each row turned into probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
