"""Photos over the API: the residents' app on a real database, Rasa's door answered by `responses`.

One test at the end goes through the real processes.
"""

import io
import re

import pytest
import responses

from bot.reports import photos, photos_sent, store
from bot.reports.photos_clean import LARGEST
from bot.settings import Settings
from bot.web import photos_api, tokens
from bot.web.app import create_app
from tests import pictures
from tests.reports.test_store import REPORT, SECRET


class Conversation:
    """One conversation, over the API."""

    def __init__(self, app, settings):
        self.client, self.id = app.test_client(), tokens.new_id()
        self.url = f"/api/conversations/{self.id}"
        self.headers = {"Authorization": f"Bearer {tokens.token_for(settings, self.id)}"}

    def add(self, data, name="photo.jpg", headers=None, field="photo"):
        return self.client.post(
            f"{self.url}/photos", data={field: (io.BytesIO(data), name)},
            headers=self.headers if headers is None else headers,
        )  # fmt: skip

    def remove(self, photo_id):
        return self.client.delete(f"{self.url}/photos/{photo_id}", headers=self.headers)


@pytest.fixture
def rasa():
    """Rasa's door: every conversation is there, until a test says otherwise."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as door:
        answer(door, [{"from": "assistant", "text": "Hello"}])
        yield door


def answer(door, messages, method=responses.GET):
    address = re.compile(r"http://127\.0\.0\.1:\d+/webhooks/door/.*")
    door.upsert(method, address, json={"messages": messages, "events": 1})


@pytest.fixture
def app(settings, engine, rasa):
    return create_app(settings, engine)


@pytest.fixture
def talk(app, settings):
    return Conversation(app, settings)


def code(reply):
    body = reply.get_json()["error"]
    assert len(body["message"]) > 20
    return reply.status_code, body["code"]


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.heic])
def test_a_photo_is_kept_for_the_conversation(talk, engine, settings, make):
    reply = talk.add(make(), "IMG_0001.exe")
    (kept,) = photos.waiting(engine, talk.id)
    assert reply.status_code == 201
    assert reply.get_json() == {"photo": {"id": kept.id, "number": 1}}
    assert photos_sent.is_there(settings.photos_dir, kept)
    assert settings.photos_dir == settings.var_dir / "photos"


def test_the_report_of_the_conversation_has_the_photo(talk, engine):
    from dataclasses import replace

    number = talk.add(pictures.jpeg()).get_json()["photo"]["id"]
    receipt = store.save(engine, replace(REPORT, conversation_id=talk.id), SECRET)
    assert [photo.id for photo in photos_sent.of_report(engine, receipt.reference)] == [number]
    assert code(talk.remove(number)) == (404, "photo_gone")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7", (415, "photo_type")),
        (b"", (415, "photo_type")),
        (b"<svg/>", (415, "photo_type")),
        (pictures.jpeg()[:3000], (422, "photo_broken")),
        (pictures.bomb(), (413, "photo_pixels")),
        (pictures.jpeg() + b"x" * LARGEST, (413, "photo_size")),
        (pictures.jpeg() + b"x" * (LARGEST + 1024 * 1024), (413, "photo_size")),
    ],
    ids=["pdf", "empty", "svg", "cut", "bomb", "10-MB-and-a-little", "11-MB"],
)
def test_what_cannot_be_kept_is_told_in_words(talk, engine, data, expected):
    assert code(talk.add(data)) == expected
    assert photos.waiting(engine, talk.id) == []


def test_a_sixth_photo_is_told(talk):
    for size in range(5):
        assert talk.add(pictures.png((40 + size, 40))).status_code == 201
    assert code(talk.add(pictures.jpeg())) == (422, "photo_many")


def test_a_request_without_a_photo_is_told(talk):
    assert code(talk.add(pictures.jpeg(), field="file")) == (422, "photo_missing")
    empty = talk.client.post(f"{talk.url}/photos", headers=talk.headers, json={"photo": 1})
    assert code(empty) == (422, "photo_missing")


def test_only_the_token_of_the_conversation_opens_its_photos(talk, app, settings, engine):
    other = Conversation(app, settings)
    for headers in ({}, other.headers, {"Authorization": "Basic eDp4"}):
        assert code(talk.add(pictures.jpeg(), headers=headers)) == (401, "unauthorised")
    photo_id = talk.add(pictures.jpeg()).get_json()["photo"]["id"]
    assert code(other.remove(photo_id)) == (404, "photo_gone")
    reply = talk.client.delete(f"{talk.url}/photos/{photo_id}", headers=other.headers)
    assert code(reply) == (401, "unauthorised")
    assert len(photos.waiting(engine, talk.id)) == 1


def test_a_conversation_that_was_deleted_takes_no_photo(talk, rasa, engine):
    answer(rasa, [])
    assert code(talk.add(pictures.jpeg())) == (404, "conversation_gone")
    assert photos.waiting(engine, talk.id) == []


def test_a_photo_can_be_taken_out_again(talk, engine, settings):
    photo_id = talk.add(pictures.jpeg()).get_json()["photo"]["id"]
    assert talk.remove(photo_id).status_code == 204
    assert code(talk.remove(photo_id)) == (404, "photo_gone")
    assert list(settings.photos_dir.iterdir()) == []


@pytest.mark.parametrize("photo_id", ["..%2f..%2fsecret-key", "1", "%00", "é"])
def test_an_id_that_is_none_deletes_nothing(talk, settings, photo_id):
    talk.add(pictures.jpeg())
    assert code(talk.remove(photo_id))[0] == 404
    assert len(list(settings.photos_dir.iterdir())) == 1


def test_deleting_the_conversation_deletes_its_photos(talk, rasa, engine, settings):
    talk.add(pictures.jpeg())
    answer(rasa, [], responses.DELETE)
    assert talk.client.delete(talk.url, headers=talk.headers).status_code == 204
    assert list(settings.photos_dir.iterdir()) == []


def test_a_new_conversation_clears_out_what_was_left_long_ago(talk, rasa, settings, monkeypatch):
    from datetime import timedelta

    talk.add(pictures.jpeg())
    answer(rasa, [{"text": "Hello"}], responses.POST)
    assert talk.client.post("/api/conversations").status_code == 201
    assert len(list(settings.photos_dir.iterdir())) == 1
    monkeypatch.setattr(photos_api, "_unsent", lambda: timedelta(0))
    assert talk.client.post("/api/conversations").status_code == 201
    assert list(settings.photos_dir.iterdir()) == []


def test_a_database_that_does_not_answer_is_told_and_no_conversation_is_refused(talk, engine, rasa):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE photos")
    assert code(talk.add(pictures.jpeg())) == (503, "photo_busy")
    assert code(talk.remove("a" * 32)) == (503, "photo_not_deleted")
    answer(rasa, [{"text": "Hello"}], responses.POST)
    assert talk.client.post("/api/conversations").status_code == 201


def test_every_other_route_keeps_its_small_limit(talk):
    reply = talk.client.post(
        f"{talk.url}/messages", json={"text": "x" * 70_000}, headers=talk.headers
    )
    assert code(reply) == (413, "too_large")
    form = talk.client.post("/my-report", data={"photo": (io.BytesIO(b"x" * 70_000), "p.jpg")})
    assert form.status_code == 413


def test_more_than_ten_photos_a_minute_are_too_many(tmp_path, engine, rasa):
    settings = Settings.from_env({"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40})
    talk = Conversation(create_app(settings, engine), settings)
    told = [talk.add(b"no photo").status_code for _ in range(11)]
    assert told == [415] * 10 + [429]


def test_no_photo_is_served_by_the_residents_site(talk):
    photo_id = talk.add(pictures.jpeg()).get_json()["photo"]["id"]
    for path in (f"/photos/{photo_id}.jpg", f"/static/photos/{photo_id}.jpg"):
        assert talk.client.get(path).status_code == 404
    assert talk.client.get(f"{talk.url}/photos/{photo_id}", headers=talk.headers).status_code == 405


@pytest.mark.model
@pytest.mark.system
def test_a_photo_goes_with_its_report_through_the_real_processes(tmp_path):
    import requests

    from bot.reports.database import open_engine
    from tests.system.running import running
    from tests.system.test_api import report_in

    with running(tmp_path, RATE_LIMITS="on") as system:
        talk = report_in(system.talk())

        def add(data):
            return requests.post(
                f"{talk.url}/photos", files={"photo": ("p.jpg", data)},
                headers=talk.headers, timeout=60,
            )  # fmt: skip

        large = add(pictures.jpeg() + b"x" * (LARGEST + 1024 * 1024))
        assert (large.status_code, large.json()["error"]["code"]) == (413, "photo_size")
        assert add(pictures.heic()).json()["photo"]["number"] == 1
        said = talk.press("Yes, send it")
        engine = open_engine(system.env["DATABASE_URL"])
        reference = re.search(r"SA-\w{4}-\w{4}", said)[0]
        (photo,) = photos_sent.of_report(engine, reference)
        assert photos_sent.is_there(tmp_path / "photos", photo)
        assert requests.delete(talk.url, headers=talk.headers, timeout=30).status_code == 204
        assert add(pictures.jpeg()).json()["error"]["code"] == "conversation_gone"
        assert photos_sent.is_there(tmp_path / "photos", photo)
        engine.dispose()
        assert "Traceback" not in system.log("web")
