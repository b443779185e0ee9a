"""The evaluation: what it counts, and that it never counts what was trained on."""

from bot.evaluation import LOOKALIKES, TRAINED_ON, Scored, figures, sentences, share, unseen


def scored(meant, understood, topic="t", learned=False, written=False):
    return Scored(topic, "x", meant, understood, 0.9, learned, written)


def test_no_sentence_that_was_trained_on_is_counted():
    trained = {text.lower() for _, _, text in sentences(TRAINED_ON)}
    left = [text.lower() for _, _, text in unseen()]
    assert len(left) > 1500
    assert not trained & set(left)


def test_figures_are_shares_of_the_right_sentences():
    made = figures(
        [
            scored("ask_a", "ask_a"),
            scored("ask_a", "ask_b"),
            scored("report_emergency", "report_emergency", learned=True),
            scored("report_emergency", "ask_a"),
            scored("out_of_scope", "nlu_fallback"),
            scored("report_crime", "report_emergency", topic=LOOKALIKES),
        ]
    )
    assert made["in_scope_accuracy"]["share"] == 0.5
    assert made["emergency_recall"] == share([True, False])
    assert made["emergency_recall_written"]["share"] == 0
    assert made["out_of_scope_recall"]["share"] == 1
    assert made["false_alarms_lookalikes"]["share"] == 1


def test_an_interval_holds_its_share_and_narrows_with_more_sentences():
    few, many = share([True] * 9 + [False]), share([True] * 90 + [False] * 10)
    assert few["low"] < few["share"] < few["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]
