"""The classifier's quick way of scoring one sentence gives what scikit-learn gives."""

import numpy as np
import pytest

from bot.evaluation import sentences
from bot.understanding.intent_classifier import IntentClassifier, softmax
from bot.understanding.sentence_embedding import SentenceEmbedding
from bot.understanding.spelling import tidy

pytestmark = pytest.mark.model


def component(assistant, made):
    nodes = assistant.agent.processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, made))


def test_a_sentence_scores_as_scikit_learn_scores_it(assistant):
    from rasa.shared.nlu.training_data.message import Message

    classifier = component(assistant, IntentClassifier)
    texts = [*[text for _, _, text in sentences()][::25], "?", "ا" * 50, "x"]
    messages = [Message.build(text) for text in texts]
    component(assistant, SentenceEmbedding).process(messages)
    plain = [tidy(text) for text in texts]
    features = classifier._features(plain, messages)
    theirs = softmax(features @ classifier._weights + classifier._bias)
    classifier.process(messages)
    for message, row in zip(messages, theirs, strict=True):
        ours = message.get("intent_ranking")
        assert ours[0]["confidence"] == pytest.approx(float(np.max(row)), abs=1e-4)
        assert ours[0]["name"] == classifier._intents[int(np.argmax(row))]
