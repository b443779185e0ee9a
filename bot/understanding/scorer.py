"""How likely each intent is for a text: logistic regression over two kinds of feature.

The embedding knows meaning; character n-grams know spelling, letters and numbers ("aim c").
Choice and figures: docs/decisions/0004-embeddings.md. Nothing of Rasa is needed here, so that the
cross-validation fits the same thing.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.encoder import WIDTH, Floats
from bot.understanding.languages import EMERGENCY

MOST_ALARMS = 20_000  # words whose alarm is remembered


class Scorer:
    """Fitted weights; `intents` are in the order of every row of probabilities."""

    def __init__(
        self, intents: list[str], grams: TfidfVectorizer, weights: Floats, bias: Floats,
        ngram_weight: float,
    ) -> None:  # fmt: skip
        self.intents = intents
        self.urgent = np.array([intent.startswith(EMERGENCY) for intent in intents])
        self._in_english = np.array([intent == EMERGENCY for intent in intents])
        self._grams = grams
        self._analyse = grams.build_analyzer()
        self._idf = grams.idf_
        self._weights = np.ascontiguousarray(weights)
        self._bias = bias
        self._ngram_weight = ngram_weight
        self._alarms: dict[str, float] = {}

    @classmethod
    def fit(
        cls, texts: Sequence[str], embeddings: Floats, intents: Sequence[str],
        regularisation: float, ngram_weight: float, max_iter: int,
    ) -> "Scorer":  # fmt: skip
        """Learn from tidied `texts`, each with its embedding (a row of WIDTH) and its intent.

        `regularisation` is scikit-learn's C; `ngram_weight` weighs spelling against meaning.
        """
        grams = ngrams().fit(texts)
        spelt = grams.transform(texts) * np.float32(ngram_weight)
        features = hstack([csr_matrix(embeddings), spelt], format="csr")
        model = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=max_iter)
        model.fit(features, list(intents))
        weights, bias = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
        return cls([str(name) for name in model.classes_], grams, weights, bias, ngram_weight)

    def probabilities(self, text: str, embedded: Floats) -> Floats:
        """One probability for each intent. The same as scikit-learn's, without its matrices, which
        take 2 ms for a single sentence (measured)."""
        scores = embedded.reshape(WIDTH) @ self._weights[:WIDTH] + self._bias
        scores = scores + self._spelling(text)
        powers = np.exp(scores - scores.max())
        shares: Floats = powers / powers.sum()
        return shares

    def danger(self, probabilities: Floats) -> tuple[float, float]:
        """The probability of an emergency in English, and in any other language."""
        english = float(probabilities[self._in_english].sum())
        return english, float(probabilities[self.urgent].sum()) - english

    def alarm(self, word: str) -> float:
        """How much the spelling of one word speaks for an emergency."""
        if word not in self._alarms:
            if len(self._alarms) >= MOST_ALARMS:
                self._alarms.clear()
            self._alarms[word] = float(self._spelling(word)[self.urgent].max(initial=-1e9))
        return self._alarms[word]

    def ranking(self, probabilities: Floats, most: int) -> list[dict[str, Any]]:
        """Rasa's `intent_ranking`: the likeliest first, at most `most`."""
        return [
            {"name": self.intents[i], "confidence": float(probabilities[i])}
            for i in np.argsort(-probabilities)[:most]
        ]

    def save(self, folder: Path) -> None:
        """Keep numbers and words only: a model file of ours runs no code when it is loaded."""
        words = {key: int(value) for key, value in self._grams.vocabulary_.items()}
        (folder / "words.json").write_text(json.dumps([self.intents, words]))
        np.savez(
            folder / "numbers.npz",
            weights=self._weights, bias=self._bias, idf=self._idf, ngram_weight=self._ngram_weight,
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> "Scorer":
        """What `save` kept in `folder`."""
        intents, words = json.loads((folder / "words.json").read_text())
        with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
            grams = ngrams(words)
            grams.idf_ = numbers["idf"]
            weight = float(numbers["ngram_weight"])
            return cls(intents, grams, numbers["weights"], numbers["bias"], weight)

    def _spelling(self, text: str) -> Floats:
        """What the spelling adds to each intent's score."""
        counts = Counter(map(self._grams.vocabulary_.get, self._analyse(text)))
        counts.pop(None, None)  # those that no training sentence has
        if not counts:
            return np.zeros(len(self.intents), dtype=np.float32)
        found = np.fromiter(counts.keys(), dtype=np.intp)
        times = np.fromiter(counts.values(), dtype=np.float32)
        shares = (1 + np.log(times)) * self._idf[found]
        shares *= self._ngram_weight / np.linalg.norm(shares)
        scores: Floats = shares.astype(np.float32) @ self._weights[WIDTH + found]
        return scores


def ngrams(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    """Character pairs to fours inside words; those in fewer than three sentences are noise."""
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), min_df=3 if vocabulary is None else 1,
        sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary,
    )  # fmt: skip
