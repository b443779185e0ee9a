"""The scorer's quick way of scoring one sentence gives what scikit-learn gives, loaded or not."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.understanding.encoder import WIDTH
from bot.understanding.scorer import Scorer, ngrams

SAID = [
    ("i can hear someone downstairs he has a knife", "report_emergency"),
    ("help me he is hitting me", "report_emergency"),
    ("pomocy on ma nóż", "report_emergency_polish"),
    ("who are the partners", "ask_partners"),
    ("which organisations are in it", "ask_partners"),
    ("loud music from next door", "report_noise"),
    ("the dog barks all night", "report_noise"),
] * 4


def embeddings(count):
    rows = np.random.default_rng(7).normal(size=(count, WIDTH)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def scorer():
    texts, intents = zip(*SAID, strict=True)
    return Scorer.fit(texts, embeddings(len(texts)), intents, 20.0, 1.0, 200)


def test_a_text_scores_as_scikit_learn_scores_it(scorer):
    texts, intents = zip(*SAID, strict=True)
    rows = embeddings(len(texts))
    grams = ngrams().fit(texts)
    features = hstack([csr_matrix(rows), grams.transform(texts)], format="csr")
    theirs = LogisticRegression(C=20.0, class_weight="balanced", max_iter=200)
    expected = theirs.fit(features, list(intents)).predict_proba(features)
    for text, row, probabilities in zip(texts, rows, expected, strict=True):
        assert scorer.probabilities(text, row) == pytest.approx(probabilities, abs=1e-4)


def test_a_text_of_unknown_letters_is_scored_by_its_meaning_alone(scorer):
    assert scorer.probabilities("ا" * 50, embeddings(1)[0]).sum() == pytest.approx(1)
    assert scorer.probabilities("", embeddings(1)[0]).sum() == pytest.approx(1)


def test_danger_is_told_for_english_and_for_the_other_languages(scorer):
    row = scorer.probabilities("help he has a knife", embeddings(1)[0])
    english, others = scorer.danger(row)
    assert english == pytest.approx(row[scorer.intents.index("report_emergency")])
    assert others == pytest.approx(row[scorer.intents.index("report_emergency_polish")])


def test_alarming_words_alarm_more_than_others(scorer):
    assert scorer.alarm("knife") > scorer.alarm("partners")


def test_what_was_saved_is_loaded(scorer, tmp_path):
    scorer.save(tmp_path)
    loaded, row = Scorer.load(tmp_path), embeddings(1)[0]
    assert loaded.intents == scorer.intents
    text = "someone is downstairs"
    assert loaded.probabilities(text, row) == pytest.approx(scorer.probabilities(text, row))
