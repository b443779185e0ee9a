"""The equality questions: optional, told apart from the report, and only counted."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import inspect

from bot.reports import equality
from bot.web.app import create_app


def test_the_page_needs_nothing_but_its_address(client):
    page = client.get("/about-you")
    assert page.status_code == 200
    for question in equality.questions().values():
        assert question.ask in page.text
    assert page.text.count("Prefer not to say") == len(equality.questions())
    assert not re.search(r"\bchecked\b", page.text)
    assert "separate from your report" in page.text


def test_answers_are_counted_with_the_month_only(client, engine):
    reply = client.post("/about-you", data={"age": "25_to_34", "sex": "prefer_not_to_say"})
    assert (reply.status_code, reply.location) == (303, "/about-you/thanks")
    assert "not linked to you" in client.get(reply.location).text
    held = equality.counts(engine)
    assert {(q, a): n for (_, q, a), n in held.items()} == {
        ("age", "25_to_34"): 1,
        ("sex", "prefer_not_to_say"): 1,
    }
    assert all(re.fullmatch(r"\d{4}-\d\d", month) for month, _, _ in held)


def test_the_table_has_no_room_for_a_link(engine):
    columns = {column["name"] for column in inspect(engine).get_columns("equality_answers")}
    assert columns == {"month", "question", "answer", "times"}
    assert inspect(engine).get_foreign_keys("equality_answers") == []


def test_to_answer_nothing_is_fine(client, engine):
    reply = client.post("/about-you", data={})
    assert reply.location == "/about-you/nothing"
    assert "nothing was kept" in client.get(reply.location).text
    assert equality.counts(engine) == {}


def test_a_forged_answer_is_refused_and_the_others_stay(client, engine):
    reply = client.post("/about-you", data={"age": "<b>my name</b>", "sex": "female"})
    assert reply.status_code == 422
    assert 'href="#age-0"' in reply.text
    assert re.search(r'<input checked[^>]*value="female"', reply.text)
    assert equality.counts(engine) == {}


def test_when_the_database_is_gone_it_says_so(settings, tmp_path):
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    app.config["WTF_CSRF_ENABLED"] = False
    reply = app.test_client().post("/about-you", data={"age": "25_to_34"})
    assert reply.status_code == 503
    assert "your answers are not saved" in reply.text


@pytest.mark.parametrize("path", ["/about-you/thanks", "/about-you/nothing"])
def test_the_thanks_can_be_loaded_again_without_counting(client, engine, path):
    assert client.get(path).status_code == 200
    assert equality.counts(engine) == {}
