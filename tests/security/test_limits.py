"""Every route of the residents' site that changes or costs something is limited."""

import pytest

from bot.web import api, health, tokens
from bot.web.app import create_app
from tests.security.test_routes import asked
from tests.staff.conftest import settings_in

# No look-up and no turn: the page is sent elsewhere, or a language is written into a cookie.
UNLIMITED = {"languages.choose", "leave.go"}
# Signed, or never read; a limit by address would be one for the whole platform. Each resident's
# messages are counted: bot/channels/inbox.py
SIGNED = {"webhooks.deliver"}
# Without a form of its own each answers before its limit is looked at, and does nothing; with one
# they are limited: tests/web/test_talk.py
WITH_A_FORM = {"talk.send", "talk.start", "talk.again", "talk.delete"}
TRIES = 250


@pytest.fixture
def app(tmp_path, engine, settings):
    known = settings_in(
        tmp_path, DATABASE_URL=settings.database_url, RATE_LIMITS="on", RASA_PORT="9"
    )
    return create_app(known, engine)


def test_every_post_and_delete_is_limited(app):
    endless, tried = set(), 0
    for method, path, endpoint in asked(app):
        if method not in ("POST", "DELETE") or endpoint in (None, "large", *UNLIMITED, *SIGNED):
            continue
        if endpoint in WITH_A_FORM:
            continue
        client = app.test_client()
        # Each from an address of its own, so that no limit is hit for another
        tried += 1
        here = {"REMOTE_ADDR": f"192.0.2.{tried}"}
        for _ in range(TRIES):
            answer = client.open(path, method=method, environ_overrides=here)
            if answer.status_code == 429:
                assert int(answer.headers["Retry-After"]) > 0
                break
        else:
            endless.add(endpoint)
    assert tried >= 10 and not endless


def test_a_limit_of_one_conversation_is_not_one_of_another(app):
    client, paths = app.test_client(), []
    for _ in range(2):
        paths.append(f"/api/conversations/{tokens.new_id()}/messages")
    for _ in range(int(api.READS_A_MINUTE.split()[0])):
        assert client.get(paths[0]).status_code == 401
    assert client.get(paths[0]).status_code == 429
    assert client.get(paths[1]).status_code == 401


def test_readiness_is_not_limited_but_looked_at_once(app, monkeypatch):
    looks = []
    monkeypatch.setattr(health, "KEPT", 60.0)
    monkeypatch.setattr(
        type(app.extensions["parts"].rasa), "ready", lambda self: looks.append(1) or True
    )
    client = app.test_client()
    assert {client.get("/readyz").status_code for _ in range(100)} == {200}
    assert len(looks) == 1
