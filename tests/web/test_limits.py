"""Limits are counted by all workers together in Redis, and by each alone while it is away."""

import uuid
from dataclasses import replace

import pytest
import redis
import responses

from bot.staff.app import create_app as staff_app
from bot.web.app import create_app
from tests.services import need_redis

BEGIN, SIGN_IN = "/api/conversations", "/sign-in"
MOST_BEGUN, MOST_SIGN_INS = 20, 10  # in a minute


@pytest.fixture
def address():
    """An address that nobody else comes from."""
    return "fd00::" + ":".join(f"{n:x}" for n in divmod(uuid.uuid4().int % 2**32, 2**16))


@pytest.fixture(autouse=True)
def rasa(settings):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        reply = {"messages": [{"text": "Hello", "buttons": [], "sources": []}]}
        mocked.post(f"{settings.rasa_url}/webhooks/door/turn", json=reply)
        yield


def statuses(apps, path, address, times):
    """Of `times` calls, by turns to each app."""
    clients = [app.test_client() for app in apps]
    caller = {"REMOTE_ADDR": address}
    return [clients[n % len(clients)].post(path, environ_base=caller).status_code
            for n in range(times)]  # fmt: skip


def limited(settings, engine, make, redis_url):
    """Two workers of one site."""
    given = replace(settings, rate_limits=True, redis_url=redis_url)
    apps = [make(given, engine) for _ in range(2)]
    for app in apps:
        app.config["WTF_CSRF_ENABLED"] = False
    return apps


def test_two_workers_count_together(settings, engine, address):
    url = need_redis()
    apps = limited(settings, engine, create_app, url)
    found = statuses(apps, BEGIN, address, MOST_BEGUN + 4)
    assert found == [201] * MOST_BEGUN + [429] * 4
    for key in redis.Redis.from_url(url).scan_iter(f"*{address}*"):
        redis.Redis.from_url(url).delete(key)


def test_two_workers_of_the_staff_site_count_sign_ins_together(settings, engine, address):
    apps = limited(settings, engine, staff_app, need_redis())
    found = statuses(apps, SIGN_IN, address, MOST_SIGN_INS + 2)
    assert 429 not in found[:MOST_SIGN_INS]
    assert found[MOST_SIGN_INS:] == [429] * 2


@pytest.mark.parametrize(("make", "path"), [(create_app, BEGIN), (staff_app, SIGN_IN)])
def test_while_redis_is_away_each_counts_for_itself(settings, engine, address, make, path):
    apps = limited(settings, engine, make, "redis://127.0.0.1:1/0")
    most = MOST_BEGUN if path == BEGIN else MOST_SIGN_INS
    found = statuses(apps[:1], path, address, most + 4)
    assert 429 not in found[:most] and 500 not in found
    assert found[most + 1 :] == [429] * 3
