"""Five-fold cross-validation on data/nlu: a fifth is left out, the rest learnt from, five times.

The embedding is tuned on data/nlu (tuning/), so the one that the assistant uses has seen every
fold. Honest figures need an embedding for each fold that was tuned without it, made by
`make fold-embeddings`, or the untuned one, named by EMBEDDING_MODEL.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.evaluation.scoring import OUT_OF_SCOPE
from bot.evaluation.sentences import TO_TRAIN, Sentence, sentences
from bot.settings import ROOT, Settings
from bot.understanding.encoder import shared_encoder
from bot.understanding.intent_classifier import IntentClassifier
from bot.understanding.languages import EMERGENCY
from bot.understanding.scorer import Scorer
from bot.understanding.spelling import beginning, tidy

FOLDS = 5


def cross_validate(settings: Settings, embeddings: Path | None) -> Iterator[str]:
    """One line of figures for each fold for which there is an embedding, and one of their mean."""
    said = list(sentences(TO_TRAIN))
    found = []
    for fold in range(FOLDS):
        model = embeddings / f"fold-{fold}.onnx" if embeddings else settings.embedding_model
        if model and not model.exists():
            continue
        found.append(_score_fold(said, fold, model))
        yield f"fold {fold}: {_line(found[-1])}"
    if found:
        yield f"mean of {len(found)}: {_line(np.mean(found, axis=0).tolist())}"


def fold_of(text: str) -> int:
    """Which of FOLDS a sentence is in: the same as in tuning/sentences.py."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


def _score_fold(said: list[Sentence], fold: int, model: Path | None) -> list[float]:
    """Shares right in scope, out of scope and of emergencies caught, and of false alarms."""
    options, (in_english, in_others) = _options()
    encoder = shared_encoder(model)
    learnt = [s for s in said if fold_of(s.text) != fold]
    held = [s for s in said if fold_of(s.text) == fold]
    texts = [beginning(tidy(s.text)) for s in learnt]
    scorer = Scorer.fit(texts, encoder.encode_many(texts), [s.meant for s in learnt], **options)
    asked = [beginning(tidy(s.text)) for s in held]
    rows = [
        scorer.probabilities(text, row)
        for text, row in zip(asked, encoder.encode_many(asked), strict=True)
    ]
    tops = [scorer.intents[int(row.argmax())] for row in rows]
    danger = np.array([scorer.danger(row) for row in rows])
    alarms = (danger[:, 0] >= in_english) | (danger[:, 1] >= in_others)
    meant = [s.meant for s in held]
    outside = np.array([m.startswith(OUT_OF_SCOPE) for m in meant])
    urgent = np.array([m.startswith(EMERGENCY) for m in meant])
    right = np.array([top == m for top, m in zip(tops, meant, strict=True)])
    declined = np.array([top.startswith(OUT_OF_SCOPE) for top in tops])
    return [
        float(right[~outside].mean()),
        float(declined[outside].mean()),
        float(alarms[urgent].mean()),
        float(alarms[~urgent].mean()),
    ]


def _options() -> tuple[dict[str, Any], tuple[float, float]]:
    """The classifier's settings and the learned net's two thresholds, as in config.yml."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    parts = {part["name"].rsplit(".", 1)[-1]: part for part in config["pipeline"]}
    ours = {key: value for key, value in parts["IntentClassifier"].items() if key != "name"}
    options = {**IntentClassifier.get_default_config(), **ours}
    nets = parts["EmergencyNets"]
    return options, (nets["learned_threshold"], nets["other_languages_threshold"])


def _line(shares: list[float]) -> str:
    names = ("in scope", "out of scope", "emergencies (learned net)", "false alarms (learned net)")
    return ", ".join(f"{name} {value:.1%}" for name, value in zip(names, shares, strict=True))
