"""Leaving quickly without a script: where it leads, what is wiped, and what is not."""

import time

import pytest
import requests
import responses

from bot.answers import load_register
from bot.settings import Settings
from bot.web import tokens
from bot.web.app import create_app

NEUTRAL = load_register().contacts["leave-site"].value


@pytest.fixture
def app(settings, engine):
    return create_app(settings, engine)


@pytest.fixture
def client(app):
    client = app.test_client()
    client.post("/language", data={"language": "pl"})
    return client


def has_session(client):
    return 'lang="pl"' in client.get("/privacy").text.split("<head>")[0]


def talk_in(client, settings, token=None):
    id = tokens.new_id()
    with client.session_transaction() as session:
        session["talk"] = {"id": id, "token": token or tokens.token_for(settings, id)}
    return id


def deletions(rasa, wait=3.0):
    deadline = time.monotonic() + wait
    while not rasa.calls and time.monotonic() < deadline:
        time.sleep(0.02)
    return [call.request.url.rpartition("/")[2] for call in rasa.calls]


@pytest.fixture
def rasa():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as rasa:
        yield rasa


def test_it_leads_to_the_neutral_page_and_wipes_session_and_storage(client):
    assert has_session(client)
    reply = client.post("/leave")
    assert (reply.status_code, reply.location) == (303, NEUTRAL)
    assert reply.headers["Clear-Site-Data"] == '"storage"'
    assert reply.headers["Cache-Control"] == "no-store"
    assert not has_session(client)


def test_the_neutral_page_can_be_another(settings, engine, tmp_path):
    other = "https://weather.example"
    env = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "LEAVE_SITE_URL": other}
    client = create_app(Settings.from_env(env), engine).test_client()
    reply = client.post("/leave")
    assert reply.location == other
    assert f"form-action 'self' {other};" in reply.headers["Content-Security-Policy"]
    assert f'data-to="{other}"' in client.get("/privacy").text


def test_the_conversation_of_the_session_is_deleted(client, settings, rasa):
    id = talk_in(client, settings)
    rasa.delete(f"{settings.rasa_url}/webhooks/door/conversations/{id}", json={})
    assert client.post("/leave").status_code == 303
    assert deletions(rasa) == [id]


def test_a_conversation_without_its_token_is_not_deleted(client, settings, rasa):
    talk_in(client, settings, token="forged")
    assert client.post("/leave").status_code == 303
    assert deletions(rasa, wait=0.3) == []


@pytest.mark.parametrize("talk", ["text", {}, {"id": None}, ["id"]])
def test_a_session_of_another_make_is_wiped_all_the_same(client, talk):
    with client.session_transaction() as session:
        session["talk"] = talk
    assert client.post("/leave").location == NEUTRAL
    assert not has_session(client)


def test_it_waits_for_nobody_when_rasa_is_down_or_slow(client, settings, rasa):
    def slow(_request):
        time.sleep(3)
        raise requests.ConnectionError

    id = talk_in(client, settings)
    address = f"{settings.rasa_url}/webhooks/door/conversations/{id}"
    rasa.add_callback(responses.DELETE, address, slow)
    began = time.monotonic()
    assert client.post("/leave").location == NEUTRAL
    assert time.monotonic() - began < 1


def test_another_site_can_have_nothing_deleted(client, settings, rasa):
    talk_in(client, settings)
    reply = client.post("/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.location == NEUTRAL
    assert "Clear-Site-Data" not in reply.headers
    assert deletions(rasa, wait=0.3) == []
    assert has_session(client)


def test_a_link_does_not_wipe(client):
    assert client.get("/leave").status_code == 405
    assert has_session(client)


@pytest.mark.parametrize(
    "path", ["/", "/report", "/my-report", "/privacy", "/about", "/no-such-page"]
)
def test_every_page_has_the_button_and_its_twin_first_of_all(client, path):
    body = client.get(path).text.partition("<body>")[2]
    assert 'id="leave-site" method="post" action="/leave"' in body
    assert body.index('form="leave-site"') < body.index('class="skip"')
    assert 'href="/leaving-quickly"' in body
