"""Photos on the page of answers to check: kept until the report is sent, then the report's own."""

import io
import uuid

import pytest

from bot.reports import photos_sent, store
from tests import pictures
from tests.web.form import ANSWERS, hidden


@pytest.fixture
def page(client):
    return client.post("/report", data={**ANSWERS, "key": uuid.uuid4().hex, "step": "check"}).text


def send(client, page, step, data=None, name="photo.jpg", **more):
    answers = {**hidden(page), "step": step, **more}
    if data is not None:
        answers["photo"] = (io.BytesIO(data), name)
    return client.post("/report", data=answers)


def photos_of(engine):
    (report,) = store.newest(engine, limit=9)
    return photos_sent.of_report(engine, report.reference)


def test_a_photo_is_added_shown_and_goes_with_the_report(client, engine, page):
    page = send(client, page, "photo", pictures.jpeg()).text
    assert "Photo 1 is added." in page
    assert not store.newest(engine, limit=9)
    assert "Your report is saved" in send(client, page, "send").text
    assert len(photos_of(engine)) == 1


def test_one_that_was_chosen_and_not_added_goes_along(client, engine, page):
    assert "Your report is saved" in send(client, page, "send", pictures.jpeg()).text
    assert len(photos_of(engine)) == 1


def test_one_can_be_removed_again(client, engine, page):
    page = send(client, page, "photo", pictures.jpeg()).text
    photo = page.split('name="remove_photo" value="')[1].split('"')[0]
    page = send(client, page, "", remove_photo=photo).text
    assert "Photo 1 is added." not in page
    send(client, page, "send")
    assert photos_of(engine) == []


@pytest.mark.parametrize("step", ["photo", "send"])
def test_what_is_no_photo_is_told_and_nothing_is_sent_or_lost(client, engine, page, step):
    reply = send(client, page, step, b"%PDF-1.7 not a photo", "photo.jpg")
    assert reply.status_code == 422
    assert "JPEG, PNG or HEIC" in reply.text
    assert "Drums" in reply.text
    assert not store.newest(engine, limit=9)


def test_adding_without_choosing_one_says_so(client, page):
    assert "choose a photo first" in send(client, page, "photo").text


def test_nobody_gets_anothers_photos_by_a_key_of_their_own_making(client, engine, page):
    send(client, page, "photo", pictures.jpeg())
    other = client.post("/report", data={**ANSWERS, "key": "form-1"}).text
    assert "Photo 1 is added." not in other
    send(client, other, "send")
    assert photos_of(engine) == []


def test_a_photo_that_cannot_be_removed_is_told_and_the_answers_stay(client, engine, page):
    page = send(client, page, "photo", pictures.jpeg()).text
    photo = page.split('name="remove_photo" value="')[1].split('"')[0]
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE photos")
    reply = send(client, page, "", remove_photo=photo)
    assert reply.status_code == 422
    assert "could not take that out" in reply.text
    assert "Drums" in reply.text
