"""The plain form, without Rasa: what it refuses, and what counts as the same report."""

import re

import pytest

from bot.reports import store
from bot.web.app import create_app

ANSWERS = {
    "key": "k" * 32, "kind": "noise", "description": "Drums", "place": "Sandridge",
    "time": "Friday", "frequency": "weekly", "name": "", "contact": "",
}  # fmt: skip


@pytest.fixture
def send(settings, engine):
    app = create_app(settings, engine)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    return lambda **changes: client.post("/report", data={**ANSWERS, **changes})


@pytest.mark.parametrize("field", ["kind", "description", "place", "time"])
@pytest.mark.parametrize("value", ["", "   ", "\n\t"])
def test_nothing_but_spaces_is_told_and_not_saved(send, engine, field, value):
    reply = send(**{field: value})
    assert reply.status_code == 422
    assert "There is a problem" in reply.text
    assert store.count(engine) == 0


def test_the_same_form_sent_twice_is_one_report(send, engine):
    first, second = (re.search(r"SA-\w{4}-\w{4}", send().text)[0] for _ in range(2))
    assert first == second
    assert store.count(engine) == 1


def test_a_form_that_was_changed_and_sent_again_is_not_lost(send, engine):
    send()
    send(description="Drums and shouting")
    assert {r.description for r in store.newest(engine)} == {"Drums", "Drums and shouting"}


def test_the_days_that_the_words_mean_are_kept_beside_them(send, engine):
    send(time="25 October about 11 at night")
    report = store.newest(engine)[0]
    assert report.time == "25 October about 11 at night"
    assert (report.first.month, report.first.day, report.clock) == (10, 25, "23:00")


def test_the_page_of_confirmation_offers_a_copy_and_the_way_back(send):
    page = send().text
    assert 'action="/my-report/copy"' in page
    assert 'href="/my-report"' in page
