"""Staff say what a message that was not understood was about, or delete it."""

import re
from datetime import date

import pytest

from bot.reports import unplaced


@pytest.fixture
def message(engine):
    unplaced.keep(engine, "where do the … lights go", ("ask_prevent", "ask_contact"),
                  date.today(), 90)  # fmt: skip
    return unplaced.waiting(engine, 1)[0]


def decide(officer, message, **fields):
    page = officer.get("/unplaced").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return officer.client.post(
        f"/unplaced/{message.id}", data={"csrf_token": token, "page": "1", **fields}
    )


def test_the_page_shows_the_words_and_what_they_fell_between(officer, message):
    page = officer.get("/unplaced").text
    assert "where do the … lights go" in page
    assert "What Prevent is" in page
    assert "Contact the community safety team" in page


def test_nobody_sees_it_without_signing_in(visitor, message):
    reply = visitor.get("/unplaced")
    assert reply.status_code == 302
    assert "/sign-in" in reply.headers["Location"]
    assert visitor.client.post(f"/unplaced/{message.id}").status_code in (302, 400)


def test_a_topic_is_saved_with_who_chose_it(officer, engine, message):
    assert decide(officer, message, do="label", topic="ask_privacy").status_code == 303
    page = officer.get("/unplaced").text
    assert "now has a topic" in page
    assert "Nothing is waiting" in page
    saved = unplaced.labelled(engine)[0]
    assert (saved.topic, saved.labelled_by) == ("ask_privacy", "a.officer")


def test_a_message_is_deleted(officer, engine, message):
    decide(officer, message, do="delete")
    assert unplaced.count_waiting(engine) == 0
    assert "Deleted" in officer.get("/unplaced").text


def test_no_topic_is_asked_for_kindly(officer, engine, message):
    assert decide(officer, message, do="label", topic="").status_code == 303
    assert "Choose a topic first" in officer.get("/unplaced").text
    assert unplaced.count_waiting(engine) == 1


def test_a_topic_that_does_not_exist_is_refused(officer, engine, message):
    assert decide(officer, message, do="label", topic="drop table").status_code == 400
    assert unplaced.count_waiting(engine) == 1


def test_a_message_that_somebody_else_dealt_with_says_so(officer, engine, message):
    officer.get("/unplaced")
    page = officer.get("/unplaced").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    unplaced.drop(engine, message.id)
    officer.client.post(f"/unplaced/{message.id}", data={"csrf_token": token, "do": "delete"})
    assert "no longer there" in officer.get("/unplaced").text


def test_an_empty_page_says_what_will_come(officer):
    assert "Nothing is waiting" in officer.get("/unplaced").text
    assert officer.get("/unplaced?page=99").status_code == 200
    assert officer.get("/unplaced?page=x").status_code == 200
