"""What staff switch off is off for residents within seconds, who read why and where to turn."""

import html
import time

import pytest
from sqlalchemy import text

from bot.reports import store, switches
from bot.settings import Settings
from bot.web import switched, tokens
from bot.web.app import create_app
from tests.system.running import free_port
from tests.web.form import ANSWERS

ID = tokens.new_id()
MESSAGE = 'The chat is "being mended" until noon & a bit. In an emergency call 999.'


@pytest.fixture
def app(tmp_path, engine, monkeypatch):
    """The real app, with nobody where Rasa should be."""
    monkeypatch.setattr(switched, "KEPT", 0.0)
    env = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "RATE_LIMITS": "off"}
    app = create_app(Settings.from_env({**env, "RASA_PORT": str(free_port())}), engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def say(app, client):
    """Sends a message to a conversation over the API."""

    def _say(path="/messages", **kwargs):
        token = tokens.token_for(app.extensions["parts"].settings, ID)
        kwargs = kwargs or {"json": {"text": "hello"}}
        headers = {"Authorization": f"Bearer {token}"}
        return client.post(f"/api/conversations/{ID}{path}", headers=headers, **kwargs)

    return _say


@pytest.fixture
def off(engine):
    return lambda what: switches.turn_off(engine, what, "jo", MESSAGE, "a private reason")


def page(client, path):
    reply = client.get(path)
    return reply.status_code, html.unescape(reply.text)


@pytest.mark.parametrize("what", ["chat", "web"])
def test_the_api_says_what_staff_wrote(client, say, off, what):
    assert say().json["error"]["code"] == "assistant_unavailable"
    off(what)
    for reply in (client.post("/api/conversations", json={}), say(), say("/photos", data={})):
        assert reply.status_code == 503
        assert reply.json["error"] == {"code": "switched_off", "message": MESSAGE}
        told = reply.json["messages"][0]["text"]
        assert told.startswith("In an emergency call 999") and MESSAGE in told and "101" in told
        assert "a private reason" not in reply.text


def test_what_was_said_can_still_be_read_and_deleted_while_the_chat_is_off(app, client, off):
    off("chat")
    forgotten, path = [], f"/api/conversations/{ID}"
    rasa = app.extensions["parts"].rasa
    rasa.forget, rasa.transcript = forgotten.append, lambda id: [{"from": "resident", "text": id}]
    headers = {"Authorization": f"Bearer {tokens.token_for(rasa_settings(app), ID)}"}
    assert client.get(f"{path}/messages", headers=headers).json["messages"]
    assert client.delete(path, headers=headers).status_code == 204
    assert forgotten == [ID]


def rasa_settings(app):
    return app.extensions["parts"].settings


def test_the_chat_page_says_so_with_999_101_and_the_form(client, off):
    assert MESSAGE not in page(client, "/")[1]
    off("web")
    status, said = page(client, "/")
    assert status == 200
    assert said.index("In an emergency call") < said.index(MESSAGE)
    shown = said[said.index('id="switched-off"') : said.index("<noscript")]
    assert "tel:999" in shown and "tel:101" in shown and 'href="/report"' in shown
    off("form")
    said = page(client, "/")[1]
    shown = said[said.index('id="switched-off"') : said.index("<noscript")]
    assert 'href="/report"' not in shown and "tel:101" in shown


def test_talk_says_so_and_keeps_what_was_typed(app, client, off):
    seen = page(client, "/talk")[1]
    assert "Or begin in your own words" in seen
    off("chat")
    status, said = page(client, "/talk")
    assert status == 503 and MESSAGE in said and "tel:999" in said and 'href="/report"' in said
    assert 'name="message"' not in said and ">Start<" not in said
    fields = dict(
        line.split('" value="') for line in seen.replace('">', "").split('name="')[1:]
        if line.startswith(("chat", "seen", "key")) and '" value="' in line
    )  # fmt: skip
    fields = {name: value.split("\n")[0].split('"')[0] for name, value in fields.items()}
    reply = client.post("/talk", data={**fields, "message": "they come every night"})
    assert reply.status_code == 503
    assert MESSAGE in html.unescape(reply.text) and "they come every night" in reply.text


def test_the_report_form_says_so_saves_nothing_and_keeps_what_was_typed(client, engine, off):
    off("form")
    status, said = page(client, "/report")
    assert status == 503 and MESSAGE in said and 'name="description"' not in said
    assert "tel:999" in said and 'href="/"' in said
    told = {**ANSWERS, "description": "mopeds every night"}
    for step in ("check", "send"):
        reply = client.post("/report", data={**told, "step": step})
        assert reply.status_code == 503
        assert MESSAGE in html.unescape(reply.text) and "mopeds every night" in reply.text
    assert store.count(engine) == 0
    switches.turn_on(engine, "form", "jo", "mended")
    assert client.post("/report", data={**told, "step": "send"}).status_code == 200
    assert store.count(engine) == 1


def test_a_channel_that_is_off_leaves_the_others_on(client, say, off):
    off("sms")
    assert say().json["error"]["code"] == "assistant_unavailable"
    assert page(client, "/report")[0] == page(client, "/talk")[0] == 200


def test_residents_see_a_switch_within_five_seconds(client, engine, off, monkeypatch):
    monkeypatch.setattr(switched, "KEPT", 2.0)
    assert page(client, "/report")[0] == 200
    off("form")
    began = time.monotonic()
    while page(client, "/report")[0] == 200:
        assert time.monotonic() - began < 5
        time.sleep(0.1)
    assert time.monotonic() - began < 5


def test_nothing_is_off_when_the_database_cannot_be_read(client, engine, off):
    off("form")
    off("chat")
    assert page(client, "/report")[0] == 503
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE switches"))
    assert page(client, "/report")[0] == page(client, "/talk")[0] == 200


def test_a_reader_of_another_language_reads_the_message_too(client, off):
    off("form")
    client.post("/language", data={"language": "pl", "back": "/report"})
    said = page(client, "/report")[1]
    assert f'<p lang="en-GB">{MESSAGE}' in said and "999" in said
