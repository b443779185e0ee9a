"""Messages that could not be placed are counted, labelled, dropped, and nothing else."""

from datetime import date, timedelta

import yaml

from bot.evaluation.unplaced import as_training_data, describe
from bot.reports import unplaced
from bot.reports.database import open_engine

TODAY = date(2026, 11, 23)
BETWEEN = ("ask_prevent", "ask_contact")


def keep(engine, words, today=TODAY, days=90, between=BETWEEN):
    unplaced.keep(engine, words, between, today, days)


def test_the_same_words_are_counted_and_the_most_frequent_stand_first(engine):
    keep(engine, "where is the thing")
    for _ in range(3):
        keep(engine, "how do the lights go")
    found = unplaced.waiting(engine, 10)
    assert [(m.words, m.times) for m in found] == [
        ("how do the lights go", 3),
        ("where is the thing", 1),
    ]
    assert found[0].between == BETWEEN
    assert found[0].last_day == TODAY


def test_what_nobody_labels_is_dropped_after_its_time_and_labels_stay(engine):
    keep(engine, "old and waiting", TODAY - timedelta(days=91))
    keep(engine, "old and labelled", TODAY - timedelta(days=91))
    labelled = next(m for m in unplaced.waiting(engine, 10) if m.words == "old and labelled")
    assert unplaced.label(engine, labelled.id, "ask_contact", "a.officer")
    keep(engine, "new", TODAY)
    assert [m.words for m in unplaced.waiting(engine, 10)] == ["new"]
    assert [m.words for m in unplaced.labelled(engine)] == ["old and labelled"]


def test_nothing_is_kept_when_it_is_switched_off_or_empty(engine):
    keep(engine, "some words here", days=0)
    keep(engine, "")
    assert unplaced.count_waiting(engine) == 0


def test_labelling_and_dropping_what_is_gone_says_so(engine):
    assert not unplaced.label(engine, 99, "ask_contact", "a.officer")
    assert not unplaced.drop(engine, 99)


def test_a_very_long_message_is_cut(engine):
    keep(engine, "word " * 400)
    assert len(unplaced.waiting(engine, 1)[0].words) <= unplaced.LONGEST


def test_where_the_topics_leak_is_described(engine, tmp_path):
    keep(engine, "one message")
    keep(engine, "one message")
    keep(engine, "another one", between=("ask_privacy", "ask_why"))
    between = unplaced.falls_between(engine)
    assert between[0] == ("ask_prevent", "ask_contact", 2)
    assert "| ask_privacy | ask_why | 1 |" in describe(between)
    no_tables = open_engine(f"sqlite:///{tmp_path / 'none.db'}")
    assert unplaced.falls_between(no_tables) == []
    assert "waiting" in describe([])


def test_labelled_messages_become_training_sentences(engine):
    keep(engine, "where do … go for help")
    unplaced.label(engine, unplaced.waiting(engine, 1)[0].id, "ask_victims_service", "a.officer")
    read = yaml.safe_load(as_training_data(unplaced.labelled(engine)))
    assert read["nlu"] == [{"intent": "ask_victims_service", "examples": "- where do go for help"}]
