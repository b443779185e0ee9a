"""The evaluation: what it counts, that nothing leaks from training, and that it stays good."""

import asyncio
import hashlib
import json
from collections import Counter

import pytest
import yaml

from bot.answers import load_register
from bot.evaluation.cross_validation import _options, fold_of
from bot.evaluation.figures import calibration, figures, share
from bot.evaluation.report import describe
from bot.evaluation.scoring import LOOKALIKES, Scored, ScoredPair, score
from bot.evaluation.sentences import (
    TO_SCORE,
    TO_TRAIN,
    Sentence,
    TwoQuestions,
    near_copies,
    sentences,
    two_questions,
)
from bot.settings import ROOT

EARLIER = ROOT / "tuning" / "settings" / "earlier"
TO_TEST = list(sentences())
NEIGHBOUR = "out_of_scope_"


def scored(meant, understood, file="t", learned=False, written=False, confidence=0.9):
    return Scored(Sentence(file, meant, "x"), understood, understood, confidence, learned, written)


def test_no_sentence_to_score_with_is_a_near_copy_of_one_to_train_on():
    trained = [said.text for said in sentences(TO_TRAIN)]
    assert not near_copies([said.text for said in TO_TEST], trained)


def test_nor_is_one_of_the_earlier_set_that_settings_are_chosen_on():
    trained = [said.text for said in sentences(TO_TRAIN)]
    assert not near_copies([said.text for said in sentences(EARLIER)], trained)


def test_near_copies_are_found_and_others_are_not():
    trained = ["there is a man in my garden now", "yes please", "loud music every night"]
    copies = [
        "There is a man in my garden NOW!",
        "YES, please",
        "is there a man in my garden now pls",
    ]
    others = ["a man shouted in my garden", "yes", "music next door", "please yes i do"]
    assert [a for a, _ in near_copies(copies, trained)] == copies
    assert not near_copies(others, trained)


def test_there_are_enough_sentences_of_each_kind():
    plain = [said for said in TO_TEST if said.file != LOOKALIKES]
    of = Counter(said.meant for said in plain)
    few = {topic: of[topic] for topic in load_register().by_intent if of[topic] < 25}
    assert not few
    outside = sum(n for topic, n in of.items() if topic.startswith("out_of_scope"))
    assert outside >= 250
    assert sum(n for topic, n in of.items() if topic.startswith(NEIGHBOUR)) >= outside / 2
    assert of["report_emergency"] >= 150
    assert sum(said.file == LOOKALIKES for said in TO_TEST) >= 100
    assert sum(bool(message.topics) for message in two_questions()) >= 50


def test_no_sentence_to_score_with_stands_there_twice_with_two_meanings():
    meant = {}
    for said in TO_TEST:
        assert meant.setdefault(said.text.lower(), said.meant) == said.meant, said.text


def test_figures_are_shares_of_the_right_sentences():
    made = figures(
        [
            scored("ask_a", "ask_a"),
            scored("ask_a", "ask_b"),
            scored("report_emergency", "report_emergency", learned=True),
            scored("report_emergency", "ask_a"),
            scored("report_emergency_polish", "report_emergency"),
            scored("out_of_scope", "nlu_fallback"),
            scored("out_of_scope_bins", "out_of_scope"),
            scored("report_crime", "report_emergency", file=LOOKALIKES),
        ],
        [
            ScoredPair(TwoQuestions("x", ("a", "b")), ("a", "b")),
            ScoredPair(TwoQuestions("x", ("a", "b")), ("b", "a")),
            ScoredPair(TwoQuestions("x", ()), ()),
        ],
    )
    assert made["in_scope_accuracy"]["share"] == pytest.approx(2 / 5)
    assert made["emergency_recall"] == share([True, False])
    assert made["emergency_recall_other_languages"]["share"] == 1
    assert made["emergency_recall_written_net"]["share"] == 0
    assert made["out_of_scope_recall"]["share"] == 1
    assert made["neighbours_declined_by_name"]["share"] == 0
    assert made["false_alarms_lookalikes"]["share"] == 1
    assert made["two_questions_both_answered"]["share"] == 0.5
    assert made["one_question_kept_one"]["share"] == 1


def test_an_interval_holds_its_share_and_narrows_with_more_sentences():
    few, many = share([True] * 9 + [False]), share([True] * 90 + [False] * 10)
    assert few["low"] < few["share"] < few["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_calibration_tells_the_sure_and_wrong_from_the_sure_and_right():
    right = [scored("a", "a", confidence=0.95)] * 19 + [scored("a", "b", confidence=0.95)]
    bins, error = calibration(right)
    assert bins[0].right == 0.95
    assert error == pytest.approx(0)
    _, error = calibration([scored("a", "b", confidence=0.95)] * 5)
    assert error == pytest.approx(0.95)


def test_the_report_lists_every_miss_and_every_false_alarm():
    missed = Scored(Sentence("t", "report_emergency", "he is"), "greet", "greet", 0.9, False, False)
    alarm = Scored(Sentence("t", "greet", "oi oi"), "report_emergency", "greet", 1.0, True, False)
    report = describe([missed, alarm], [], "tests/nlu", "abc", "nothing")
    assert "he is (report_emergency: taken for greet)" in report
    assert "oi oi (greet: learned net)" in report


def test_the_embedding_is_the_recorded_one_and_never_saw_the_sentences_to_score_with():
    folder = ROOT / "bot" / "understanding" / "minilm"
    made = json.loads((folder / "model.json").read_text())
    model = folder / made["file"]
    assert hashlib.sha256(model.read_bytes()).hexdigest() == made["sha256"]
    assert model.stat().st_size <= 30e6
    assert made["base_sha256"] in (ROOT / "tuning" / "tune.py").read_text()
    for tool in (ROOT / "tuning").glob("*.py"):
        assert '"tests"' not in tool.read_text(encoding="utf-8"), tool.name


def test_a_sentence_is_in_the_fold_that_tuning_left_out():
    source = (ROOT / "tuning" / "sentences.py").read_text(encoding="utf-8")
    assert "int(hashlib.sha256(sentence.encode()).hexdigest(), 16) % FOLDS" in source
    assert {fold_of(said.text) for said in TO_TEST} == set(range(5))


@pytest.mark.model
def test_the_model_is_as_good_as_it_was():
    """A change that loses more than the margin of chance fails here: tests/nlu/floors.yml."""
    floors = yaml.safe_load((TO_SCORE / "floors.yml").read_text(encoding="utf-8"))
    made = figures(*asyncio.run(score(TO_TEST, list(two_questions()))))
    for name, least in floors["at_least"].items():
        assert made[name]["share"] >= least, f"{name} fell to {made[name]['share']:.3f}"
    for name, most in floors["at_most"].items():
        assert made[name]["share"] <= most, f"{name} rose to {made[name]['share']:.3f}"


def test_cross_validation_fits_the_classifier_as_config_yml_says():
    options, (in_english, in_others) = _options()
    assert set(options) == {"regularisation", "ngram_weight", "max_iter"}
    assert 0 < in_english < in_others < 1
