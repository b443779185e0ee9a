"""Votes on answers: counted by topic, one for each key."""

from datetime import date

from bot.reports import feedback

TODAY = date(2026, 11, 23)


def test_votes_are_counted_by_topic_the_least_useful_first(engine):
    partners, prevent = "ask_partners", "ask_prevent"
    votes = [
        ("a", partners, True),
        ("b", prevent, False),
        ("c", prevent, True),
        ("d", partners, True),
    ]
    for key, topic, useful in votes:
        feedback.vote(engine, key, topic, useful, "", TODAY)
    found = [(one.topic, one.useful, one.not_useful) for one in feedback.by_topic(engine)]
    assert found == [("ask_prevent", 1, 1), ("ask_partners", 2, 0)]


def test_a_second_vote_takes_the_place_of_the_first(engine):
    feedback.vote(engine, "a", "ask_partners", False, "the opening times", TODAY)
    feedback.vote(engine, "a", "ask_partners", True, "", TODAY)
    (votes,) = feedback.by_topic(engine)
    assert (votes.useful, votes.not_useful, votes.words) == (1, 0, ())


def test_the_newest_words_are_shown_and_none_is_longer_than_the_column(engine):
    for n in range(7):
        feedback.vote(engine, str(n), "ask_partners", False, f"words {n} " + "x" * 600, TODAY)
    (votes,) = feedback.by_topic(engine)
    assert [words[:7] for words in votes.words] == [f"words {n}" for n in (6, 5, 4, 3, 2)]
    assert {len(words) for words in votes.words} == {feedback.LONGEST}


def test_nothing_voted_is_nothing(engine):
    assert feedback.by_topic(engine) == []
