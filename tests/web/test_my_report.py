"""The page about a report that was sent: looked at, kept as a copy, and added to."""

import pytest

from bot.reports import store
from tests.reports.test_store import REPORT, SECRET


@pytest.fixture
def pair(engine):
    receipt = store.save(engine, REPORT, SECRET)
    return {"reference": receipt.reference, "code": receipt.follow_up_code}


def test_the_page_asks_for_both_and_names_what_to_do_without_them(client):
    page = client.get("/my-report").text
    assert "Your reference" in page
    assert "Your follow-up code" in page
    assert "If you have lost them" in page


def test_reference_and_code_show_status_and_everything_told(client, pair):
    page = client.post("/my-report", data=pair).text
    assert "It is with the team" in page
    assert "Loud music" in page
    assert "jo@example.com" in page


@pytest.mark.parametrize("wrong", [{"code": "0000-0000-0000"}, {"reference": "SA-0000-0000"}])
def test_a_wrong_pair_shows_nothing_and_does_not_say_which_half_is_wrong(client, pair, wrong):
    reply = client.post("/my-report", data={**pair, **wrong})
    assert reply.status_code == 404
    assert "that reference and that code" in reply.text
    assert "Loud music" not in reply.text


def test_an_empty_form_is_told_what_is_missing(client):
    reply = client.post("/my-report", data={"reference": "", "code": ""})
    assert reply.status_code == 422
    assert "Enter your reference" in reply.text
    assert "Enter your follow-up code" in reply.text


def test_the_copy_is_a_text_file_that_no_cache_keeps(client, pair):
    reply = client.post("/my-report/copy", data=pair)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{pair["reference"]}.txt"'
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.mimetype == "text/plain"
    assert "What happened: Loud music" in reply.text


@pytest.mark.parametrize(("what", "kept"), [("again", "incidents"), ("message", "messages")])
def test_adding_twice_by_a_double_tap_adds_once(client, pair, engine, what, kept):
    from bot.reports import follow_up

    posted = {**pair, "what": what, "words": "They were at it again <b>on Friday</b>", "key": "k"}
    for _ in range(2):
        page = client.post("/my-report/add", data=posted).text
    assert "It is added to your report" in page
    assert "&lt;b&gt;on Friday" in page
    report = follow_up.look_up(engine, pair["reference"], pair["code"])
    assert len(getattr(report, kept)) == 1


def test_too_much_is_refused_with_the_limit_and_the_words_are_kept(client, pair):
    reply = client.post("/my-report/add", data={**pair, "what": "again", "words": "x" * 2001})
    assert reply.status_code == 422
    assert "Use 2,000 characters or fewer" in reply.text
    assert "x" * 2001 in reply.text


@pytest.mark.parametrize("words", ["", "   ", "\n\t"])
def test_nothing_but_spaces_is_told_and_not_added(client, pair, words):
    reply = client.post("/my-report/add", data={**pair, "what": "again", "words": words})
    assert reply.status_code == 422
    assert "Tell us what you would like to add" in reply.text


def test_nothing_can_be_added_with_a_wrong_code(client, pair, engine):
    from bot.reports import follow_up

    posted = {**pair, "code": "0000-0000-0000", "what": "message", "words": "hello there"}
    assert client.post("/my-report/add", data=posted).status_code == 404
    assert follow_up.look_up(engine, pair["reference"], pair["code"]).messages == ()


def test_the_pair_is_never_in_an_address(client, pair):
    assert client.get("/my-report", query_string=pair).text.count(pair["reference"]) == 0
    assert client.get("/my-report/copy", query_string=pair).status_code == 405
