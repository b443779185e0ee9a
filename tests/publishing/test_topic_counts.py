"""Counting what was answered: cheap, without a conversation, and never in the way of a reply."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Engine

from bot.publishing import topic_counts
from bot.publishing.topic_counts import TopicCounter
from bot.reports.database import open_engine

TODAY = date(2026, 11, 22)


def test_counts_are_added_up_by_day_and_compared_with_the_week_before(engine: Engine) -> None:
    counter = TopicCounter(engine, after=3600)
    for days, topics in ((0, ["a", "a", "b"]), (6, ["a"]), (7, ["a", "c"]), (14, ["z"])):
        counter.add(topics, TODAY - timedelta(days=days))
        counter.write()
    week = topic_counts.week(engine, TODAY)
    assert [(one.topic, one.times, one.before) for one in week] == [
        ("a", 3, 1), ("b", 1, 0), ("c", 0, 1)
    ]  # fmt: skip
    assert week[0].change == 2
    assert topic_counts.first_day(engine) == TODAY - timedelta(days=14)


def test_nothing_is_written_at_once_and_all_of_it_after_a_moment(engine: Engine) -> None:
    counter = TopicCounter(engine, after=0.05)
    counter.add(["a"], TODAY)
    assert topic_counts.week(engine, TODAY) == []
    timer = counter._timer
    assert timer is not None
    timer.join(5)
    assert topic_counts.week(engine, TODAY)[0].times == 1


def test_a_reply_without_a_topic_starts_nothing(engine: Engine) -> None:
    counter = TopicCounter(engine)
    counter.add([], TODAY)
    assert counter._timer is None


def test_with_the_database_down_nothing_is_raised_and_nothing_lost(
    tmp_path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = TopicCounter(open_engine(f"sqlite:///{tmp_path / 'bare.db'}"), after=3600)
    counter.add(["a", "b"], TODAY)
    counter.write()  # the table is missing
    counter.add(["a"], TODAY)
    monkeypatch.setattr(counter, "_engine", engine)
    counter.write()
    assert {one.topic: one.times for one in topic_counts.week(engine, TODAY)} == {"a": 2, "b": 1}


def test_two_processes_count_into_the_same_rows(engine: Engine) -> None:
    counters = [TopicCounter(engine, after=3600) for _ in range(4)]
    for counter in counters:
        counter.add(["a"] * 5, TODAY)
    threads = [threading.Thread(target=counter.write) for counter in counters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert topic_counts.week(engine, TODAY)[0].times == 20


def test_a_topic_that_is_too_long_is_cut(engine: Engine) -> None:
    counter = TopicCounter(engine, after=3600)
    counter.add(["x" * 500], TODAY)
    counter.write()
    assert len(topic_counts.week(engine, TODAY)[0].topic) == topic_counts.LONGEST
