"""The plain form's way: mistakes, what is asked once more, the answers to check, the end."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.reports import store
from bot.reports.in_words import day
from bot.reports.working_days import working_day_after
from bot.web.app import create_app
from tests.standins.public_services import serve
from tests.web.form import ANSWERS, NAMED, chosen, hidden, rows, value_of

EVERYTHING = {
    **ANSWERS, **NAMED, "sharing": "no", "detail_who": 'A man "Bob" & <b>co</b>\nand a dog',
    "choice_hate": "No, I don't think so", "detail_hate": "not that I know",
}  # fmt: skip


@pytest.fixture
def public(settings, engine):
    """A client whose postcodes are looked up at a stand-in, and the stand-in."""
    with serve() as made:
        settings = replace(settings, postcodes_url=made.address, police_url=made.address)
        app = create_app(settings, engine)
        app.config["WTF_CSRF_ENABLED"] = False
        yield app.test_client(), made


def test_a_mistake_keeps_everything_and_opens_what_was_added(client):
    page = client.post("/report", data={**EVERYTHING, "description": ""}).text
    assert value_of(page, "detail_who") == EVERYTHING["detail_who"]
    assert value_of(page, "name") == "Jo Bloggs"
    assert [chosen(page, n) for n in ("kind", "sharing", "choice_hate")] == [
        "noise", "no", "No, I don't think so",
    ]  # fmt: skip
    assert "<details open>" in page
    assert '<a href="#description">Tell us what has been happening</a>' in page
    assert "<b>co</b>" not in page


def test_the_answers_are_read_back_before_anything_is_saved(client, engine):
    page = client.post("/report", data=EVERYTHING).text
    said = rows(page)
    assert said["What happened"] == "Drums"
    assert said["Kind"] == "Noise"
    assert said["When"].startswith("Friday (Friday ")
    assert said["How often"] == "Every week"
    assert said["Who did it"] == EVERYTHING["detail_who"]
    assert said["Because of who you are"] == "No, I don't think so. not that I know"
    assert said["Sharing with partners"] == "don't share"
    assert said["Told before"] == "Not provided"
    assert "true as far as you know" in page
    assert "Nothing has been sent yet" in page
    assert "<b>co</b>" not in page
    assert store.count(engine) == 0


def test_from_the_check_it_is_sent_with_all_that_was_written(client, engine):
    page = client.post("/report", data=EVERYTHING).text
    saved = client.post("/report", data={**hidden(page), "step": "send"})
    assert saved.status_code == 200
    report = store.newest(engine)[0]
    assert report.details["who"] == EVERYTHING["detail_who"]
    assert (report.name, report.contact, report.sharing) == ("Jo Bloggs", "07700 900123", "no")


@pytest.mark.parametrize("name", ["description", "kind", "detail_who", "choice_hate", "sharing"])
def test_change_leads_back_to_the_form_with_everything_filled(client, name):
    check = client.post("/report", data=EVERYTHING).text
    assert f'name="change" value="{name}"' in check
    form = client.post("/report", data={**hidden(check), "change": name})
    assert form.status_code == 200
    assert "problem" not in form.text
    assert value_of(form.text, "detail_who") == EVERYTHING["detail_who"]
    assert (chosen(form.text, "kind"), chosen(form.text, "identity")) == ("noise", "named")
    focused = re.findall(r"<(?:input|textarea)[^>]*autofocus[^>]*>", form.text)
    assert [re.search(r'name="(\w+)"', tag)[1] for tag in focused] == [name]


def test_every_change_button_names_a_field_of_the_form(client):
    form = client.get("/report").text
    for answers in (ANSWERS, EVERYTHING, {**ANSWERS, "description": "Van AB12 CDE"}):
        check = client.post("/report", data=answers).text
        names = re.findall(r'name="change" value="([^"]+)"', check)
        assert len(names) > 15
        assert [name for name in names if f'name="{name}"' not in form] == []


def test_nothing_that_was_written_is_in_an_address(client):
    page = client.post("/report", data=EVERYTHING).text
    assert not re.search(r'(?:href|action)="[^"]*(?:Drums|Bloggs|900123|\?)', page)


@pytest.mark.parametrize(
    ("time", "words"), [("tomorrow", "still to come"), ("31 June", "find that day in the calendar")]
)
def test_a_wrong_date_is_asked_about_once_and_then_kept(client, engine, time, words):
    first = client.post("/report", data={**ANSWERS, "time": time})
    assert first.status_code == 422
    assert "Please check this" in first.text
    assert words in first.text
    assert 'href="#time"' in first.text
    assert value_of(first.text, "time") == time
    noted = re.search(r'name="asked_time"[^>]*value="([^"]*)"', first.text)[1]
    check = client.post("/report", data={**ANSWERS, "time": time, "asked_time": noted})
    assert "Check your answers" in check.text
    client.post("/report", data={**hidden(check.text), "step": "send"})
    report = store.newest(engine)[0]
    assert (report.time, report.first) == (time, None)


def test_another_wrong_date_is_asked_about_too(client):
    reply = client.post("/report", data={**ANSWERS, "time": "tomorrow", "asked_time": "31 June"})
    assert reply.status_code == 422


def test_a_contact_that_cannot_be_read_is_asked_about_once_and_then_kept(client, engine):
    answers = {**ANSWERS, **NAMED, "contact": "ask at the bar"}
    first = client.post("/report", data=answers)
    assert first.status_code == 422
    assert "could not read that as a phone number or an email" in first.text
    check = client.post("/report", data={**answers, "asked_contact": "ask at the bar"})
    assert rows(check.text)["How to reach you"] == "ask at the bar"
    client.post("/report", data={**hidden(check.text), "step": "send"})
    assert store.newest(engine)[0].contact == "ask at the bar"


def test_mistakes_and_doubts_are_told_together(client):
    reply = client.post("/report", data={**ANSWERS, "kind": "", "time": "tomorrow"})
    assert "There is a problem" in reply.text
    assert "still to come" in reply.text


def test_a_postcode_in_the_district_is_taken_without_a_word(public):
    client, _ = public
    reply = client.post("/report", data={**ANSWERS, "place": "Hatfield Road, AL1 3JE"})
    assert "Check your answers" in reply.text


def test_outside_the_district_it_says_who_to_tell_and_lets_them_choose(public, engine):
    client, _ = public
    reply = client.post("/report", data={**ANSWERS, "place": "WD6 1AB"})
    assert reply.status_code == 422
    assert "That postcode is in Hertsmere, outside St Albans district" in reply.text
    assert 'href="/report/dropped"' in reply.text
    again = client.post("/report", data={**ANSWERS, "place": "WD6 1AB", "asked_place": "WD6 1AB"})
    assert "Check your answers" in again.text
    client.post("/report", data={**hidden(again.text), "step": "send"})
    assert store.newest(engine)[0].place == "WD6 1AB"
    moved = client.post("/report", data={**ANSWERS, "place": "AL3 5DQ", "asked_place": "WD6 1AB"})
    assert "Check your answers" in moved.text


def test_dropped_says_that_nothing_was_sent(client, engine):
    reply = client.get("/report/dropped")
    assert "nothing was sent or saved" in reply.text
    assert store.count(engine) == 0


def test_when_no_one_answers_for_a_postcode_nothing_is_guessed(public):
    client, services = public
    services.behave("postcode", "503")
    reply = client.post("/report", data={**ANSWERS, "place": "WD6 1AB"})
    assert "Check your answers" in reply.text


def test_what_is_not_asb_is_told_kindly_and_can_still_be_sent(client, engine):
    page = client.post("/report", data={**ANSWERS, "description": "Children playing outside"}).text
    assert "Councils do not count this as anti-social behaviour in most cases" in page
    assert client.post("/report", data={**hidden(page), "step": "send"}).status_code == 200
    assert store.count(engine) == 1
    assert "Councils do not count" not in client.post("/report", data=ANSWERS).text


def test_the_confirmation_says_what_comes_next_and_when(client):
    page = client.post("/report", data={**ANSWERS, "step": "send"}).text
    assert re.search(r"SA-\w{4}-\w{4}", page)
    assert day(working_day_after(datetime.now(UTC), 3)) in page
    for link in ('action="/my-report/copy"', 'href="/my-report"', 'href="/about-you"'):
        assert link in page
    assert "the team cannot reply" in page
    named = client.post("/report", data={**EVERYTHING, "step": "send"}).text
    assert "the team cannot reply" not in named


def test_who_reports_again_is_told_of_the_case_review_by_the_same_contact(client):
    said = []
    for number, contact in enumerate(["07700 900123", "+44 7700 900123", "0 7700 900 123"]):
        answers = {**EVERYTHING, "key": str(number), "contact": contact, "step": "send"}
        said.append(client.post("/report", data=answers).text)
    assert "ASB Case Review" not in said[0]
    assert "not the first time" in said[1]
    assert "You have told us 3 times in the last 6 months" in said[2]
    twice = client.post("/report", data={**answers}).text
    assert "You have told us 3 times in the last 6 months" in twice


def test_a_copy_has_what_was_added(client):
    page = client.post("/report", data={**EVERYTHING, "step": "send"}).text
    copy = client.post("/my-report/copy", data=hidden(page))
    assert "Who did it: A man" in copy.text


def test_when_the_database_is_gone_it_says_not_saved_and_keeps_everything(
    settings, engine, tmp_path
):
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    app.config["WTF_CSRF_ENABLED"] = False
    reply = app.test_client().post("/report", data={**EVERYTHING, "step": "send"})
    assert reply.status_code == 503
    assert "your report is NOT saved" in reply.text
    assert hidden(reply.text)["detail_who"] == EVERYTHING["detail_who"]
    assert "Send my report" in reply.text


def test_the_day_of_an_answer_is_in_the_readers_language(client):
    client.post("/language", data={"language": "it"})
    page = client.post("/report", data={**ANSWERS, "step": "send"}).text
    weekdays = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì")
    assert any(weekday in page for weekday in weekdays)
