"""POST /api/conversations/{id}/feedback."""

import pytest
from sqlalchemy import text

from bot.reports import feedback
from bot.web import tokens
from bot.web.app import create_app


@pytest.fixture
def vote(settings, engine):
    """Votes in one conversation."""
    client = create_app(settings, engine).test_client()
    conversation_id = tokens.new_id()
    own = tokens.token_for(settings, conversation_id)

    def vote(token=own, id=conversation_id, **body):
        headers = {"Authorization": f"Bearer {token}"}
        return client.post(f"/api/conversations/{id}/feedback", json=body, headers=headers)

    return vote


def test_a_vote_is_kept_and_a_second_one_replaces_it(vote, engine):
    assert vote(topic="ask_partners", useful=True).status_code == 204
    assert vote(topic="ask_partners", useful=False).status_code == 204
    (kept,) = feedback.by_topic(engine)
    assert (kept.useful, kept.not_useful) == (0, 1)


def test_words_are_kept_without_personal_data(vote, engine):
    words = "I am Priya Shah at 12 Hatfield Road and the phone number of the council was missing"
    assert vote(topic="ask_partners", useful=False, words=words).status_code == 204
    (kept,) = feedback.by_topic(engine)
    told = kept.words[0]
    assert "the phone number of the council" in told
    assert not [secret for secret in ("priya", "shah", "hatfield", "12") if secret in told]


def test_nothing_kept_leads_back_to_the_conversation(vote, engine):
    vote(topic="ask_partners", useful=True)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM feedback")).mappings().one()
    assert len(row["key"]) == 64  # a digest
    assert set(row) == {"id", "key", "topic", "useful", "words", "day"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"topic": "no_such_topic", "useful": True}, 422, "feedback"),
        ({"topic": "ask_partners", "useful": "yes"}, 422, "feedback"),
        ({"topic": "ask_partners"}, 422, "feedback"),
        ({"topic": ["ask_partners"], "useful": True}, 422, "feedback"),
        ({"topic": "ask_partners", "useful": False, "words": 7}, 422, "feedback"),
        ({"topic": "ask_partners", "useful": False, "words": "x" * 501}, 413, "feedback_too_long"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(vote, engine, body, status, code):
    reply = vote(**body)
    assert (reply.status_code, reply.json["error"]["code"]) == (status, code)
    assert reply.json["error"]["message"]
    assert feedback.by_topic(engine) == []


def test_only_with_the_conversations_own_token(vote, engine):
    assert vote(token="x", topic="ask_partners", useful=True).status_code == 401
    assert vote(id=tokens.new_id(), topic="ask_partners", useful=True).status_code == 401
    assert feedback.by_topic(engine) == []


def test_odd_characters_are_kept_out_of_the_database(vote, engine):
    reply = vote(topic="ask_partners", useful=False, words="the number\x00 \ud800 was missing")
    assert reply.status_code == 204
    assert feedback.by_topic(engine)[0].words


def test_a_database_that_does_not_answer_is_told(vote, engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE feedback"))
    reply = vote(topic="ask_partners", useful=True)
    assert (reply.status_code, reply.json["error"]["code"]) == (503, "feedback_not_saved")
