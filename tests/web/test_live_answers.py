"""A published number is on every page of the residents' site at once, and topics are counted."""

from datetime import date

import pytest

from bot.publishing import fields as kept
from bot.publishing import live as live_module
from bot.publishing import topic_counts, versions
from bot.publishing.fields import Subject
from bot.publishing.live import files
from bot.rasa_client import AssistantDown
from bot.web.app import create_app

COUNCIL = Subject("contact", "council")


@pytest.fixture
def app(settings, engine, monkeypatch):
    monkeypatch.setattr(live_module, "EVERY", 0.0)
    monkeypatch.setattr(live_module, "LONGEST_WAIT", 5.0)
    return create_app(settings, engine)


@pytest.fixture
def publish(engine):
    def _publish(subject, **changed):
        fields = {**kept.of(files(), subject), **changed}
        number = versions.save_draft(engine, subject, 0, fields, "a", "")
        versions.publish(engine, subject, number, 0, "b")

    return _publish


@pytest.mark.parametrize("path", ["/", "/report", "/talk", "/accessibility", "/privacy",
                                  "/widget/parts"])  # fmt: skip
def test_a_changed_number_is_on_every_page_without_a_restart(app, publish, path):
    visitor = app.test_client()
    assert "01727 866100" in visitor.get(path).text
    publish(COUNCIL, value="01727 859999")
    page = visitor.get(path).text
    assert "01727 859999" in page and "01727 866100" not in page


def test_it_is_in_the_message_when_the_assistant_is_down(app, publish, monkeypatch):
    publish(COUNCIL, value="01727 859999")
    publish(Subject("contact", "community-safety-team"), value="01727 859999")

    def down(*_, **__):
        raise AssistantDown("x")

    monkeypatch.setattr(app.extensions["parts"].rasa, "_call", down)
    answer = app.test_client().post("/api/conversations")
    assert answer.status_code == 503
    assert "01727 859999" in answer.get_json()["error"]["message"]
    assert "999" in answer.get_json()["error"]["message"]


def test_a_changed_review_date_is_on_the_about_page(app, publish):
    publish(Subject("answer", "rough-sleeper"), title="Changed title")
    assert "Changed title" in app.test_client().get("/about").text


def test_a_changed_message_is_still_translated(app, publish):
    visitor = app.test_client()
    publish(COUNCIL, value="01727 859999")
    with visitor.session_transaction() as session:
        session["language"] = "pl"
    assert "01727 859999" in visitor.get("/report").text


def test_answers_are_counted_by_topic_and_nothing_else_is(app, engine, monkeypatch):
    replies = [{"text": "a", "buttons": [], "sources": [], "topic": "ask_prevent"},
               {"text": "b", "buttons": [], "sources": []}]  # fmt: skip
    parts = app.extensions["parts"]
    monkeypatch.setattr(parts.rasa, "_call", lambda *_, **__: {"messages": replies})
    visitor = app.test_client()
    begun = visitor.post("/api/conversations").get_json()
    head = {"Authorization": f"Bearer {begun['token']}"}
    visitor.post(f"/api/conversations/{begun['conversation_id']}/messages",
                 json={"text": "what is prevent"}, headers=head)  # fmt: skip
    parts.topics.write()
    week = topic_counts.week(engine, date.today())
    assert [(one.topic, one.times) for one in week] == [("ask_prevent", 2)]


def test_a_reply_is_given_when_counting_fails(app, monkeypatch):
    parts = app.extensions["parts"]
    reply = {"messages": [{"text": "a", "buttons": [], "sources": [], "topic": "ask_prevent"}]}
    monkeypatch.setattr(parts.rasa, "_call", lambda *_, **__: reply)
    monkeypatch.setattr(parts.topics, "_waiting", None)
    assert app.test_client().post("/api/conversations").status_code == 201
