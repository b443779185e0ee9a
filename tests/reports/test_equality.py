"""Counting the answers to the equality questions, and what is told of the counts."""

import threading
from datetime import date

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.reports import equality
from bot.reports.database import open_engine
from bot.reports.store import NotSaved

NOVEMBER, DECEMBER = date(2026, 11, 23), date(2026, 12, 1)


def test_each_question_can_be_left_unsaid():
    assert len(equality.questions()) == 7
    for question in equality.questions().values():
        assert list(question.choices)[-1] == "prefer_not_to_say"
        assert len(set(question.choices.values())) == len(question.choices)


def test_answers_are_counted_by_month(engine):
    for day in (NOVEMBER, NOVEMBER, DECEMBER):
        equality.count(engine, {"sex": "female"}, day)
    assert equality.counts(engine) == {
        ("2026-11", "sex", "female"): 2,
        ("2026-12", "sex", "female"): 1,
    }


@pytest.mark.parametrize("wrong", [{"sex": "me"}, {"name": "Jo"}])
def test_what_is_no_choice_is_refused_with_all_beside_it(engine, wrong):
    with pytest.raises(ValueError):
        equality.count(engine, {"age": "25_to_34", **wrong}, NOVEMBER)
    assert equality.counts(engine) == {}


def test_two_at_the_same_moment_are_both_counted(engine):
    def five():
        for _ in range(5):
            equality.count(engine, {"sex": "male", "age": "under_18"}, NOVEMBER)

    threads = [threading.Thread(target=five) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(equality.counts(engine).values()) == {20}


def test_without_its_table_it_is_not_saved(tmp_path):
    empty = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(NotSaved):
        equality.count(empty, {"sex": "male"}, NOVEMBER)


def test_the_command_hides_small_counts_and_gives_no_totals(engine, settings, monkeypatch):
    for _ in range(4):
        equality.count(engine, {"sex": "female"}, NOVEMBER)
    for _ in range(5):
        equality.count(engine, {"sex": "male"}, NOVEMBER)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    said = CliRunner().invoke(cli, ["equality"]).output
    assert "2026-11  Sex\n    Female: fewer than 5\n    Male: 5\n" in said
    assert "Hindu: fewer than 5" in said, "none is not told from some"
    assert not [word for word in said.split() if word in ("4", "0", "9")]


def test_with_no_answers_the_command_says_nothing(engine, settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    assert CliRunner().invoke(cli, ["equality"]).output == ""
