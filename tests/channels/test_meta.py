"""What Messenger and WhatsApp share: who may deliver, what errors mean, where photos come from."""

import hashlib
import hmac
import json

import pytest

from bot.channels.configured import channels
from bot.channels.interface import Media, NotEver, NotNow, Piece
from bot.settings import Settings
from tests.channels.meta_standin import (
    APP,
    APP_SECRET,
    MESSENGER,
    VERIFY,
    WHATSAPP,
    account,
    page,
    said,
    signed,
    value,
    wrote,
)
from tests.channels.world import PUBLIC_URL

BOTH = pytest.mark.parametrize("provider", ["messenger", "whatsapp-cloud"])


@pytest.fixture
def world(request, provider):
    return request.getfixturevalue({"messenger": "messenger"}.get(provider, "whatsapp"))


def delivery(provider, text):
    return page(said(text)) if provider == "messenger" else account(value(wrote(text)))


def asked(world, provider, **query):
    return world.client.get(f"/channels/{provider}", query_string=query)


@BOTH
def test_the_address_is_confirmed_to_whoever_knows_our_secret(world, provider):
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = asked(world, provider, **query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.mimetype == "text/plain"
    for wrong in (
        {"hub.verify_token": "wrong"}, {"hub.verify_token": VERIFY + "x"}, {"hub.mode": "x"},
        {"hub.verify_token": "é"}, {"hub.verify_token": ""},
    ):  # fmt: skip
        assert asked(world, provider, **{**query, **wrong}).status_code == 403
    for name in query:
        assert asked(world, provider, **{**query, name: None}).status_code == 403


@BOTH
def test_what_is_not_signed_with_our_secret_is_refused_and_nothing_is_kept(world, provider):
    body = delivery(provider, "hello")
    data = json.dumps(body).encode()
    right = signed(body)["X-Hub-Signature-256"]
    sha1 = hmac.new(APP_SECRET.encode(), data, hashlib.sha1).hexdigest()
    others = [
        {}, signed(body, "another-secret"), signed(delivery(provider, "other words")),
        *({"X-Hub-Signature-256": wrong} for wrong in (
            "", "sha256=", right[:-1], right + "0", right.upper(), right.removeprefix("sha256="),
            f"sha1={sha1}", f"sha256={sha1}", "é")),
        {"X-Hub-Signature": f"sha1={sha1}"},
    ]  # fmt: skip
    for headers in others:
        assert world.post(provider, data, **headers).status_code == 403, headers
    assert world.post(provider, data + b" ", **signed(body)).status_code == 403
    assert world.platform.quiet() == 0
    assert world.rasa.turns == []
    assert world.post(provider, data, **signed(data)).status_code == 200
    world.platform.wait_for(2)


@BOTH
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000,
             b'{"object": "page"}', b'{"object": "page", "entry": {}}',
             b'{"object": "whatsapp_business_account", "entry": [7]}',
             b'{"object": "instagram", "entry": []}'],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_delivery_is_refused_in_a_word(world, provider, body):
    assert world.post(provider, body, **signed(body)).status_code == 400
    assert world.rasa.turns == []


@BOTH
def test_too_large_a_call_is_refused(world, provider):
    body = b"x" * (1024 * 1024 + 1)
    assert world.post(provider, body, **signed(body)).status_code == 413


def _error(status, code, **more):
    return (status, json.dumps({"error": {"code": code, "message": "447700900123", **more}}), {})


@BOTH
@pytest.mark.parametrize(
    ("fault", "kind", "problem"),
    [
        *((_error(400, code), NotNow, f"error {code}")
          for code in (4, 80007, 130429, 131056, 1200)),
        (_error(400, 999, is_transient=True), NotNow, "error 999"),
        (_error(500, 131000), NotNow, "status 500"),
        ((429, "{}", {"Retry-After": "7"}), NotNow, "status 429"),
        ((502, "<html>", {}), NotNow, "status 502"),
        ((200, "<html>", {}), NotNow, "not JSON"),
        *((_error(400, code), NotEver, f"error {code}")
          for code in (190, 10, 551, 131047, 131026, 100)),
        ((400, '{"error": "x"}', {}), NotEver, "error 400"),
    ],
)  # fmt: skip
def test_errors_are_now_or_for_good_and_say_nothing_personal(world, provider, fault, kind, problem):
    channel = channels(world.settings)[provider]
    world.platform.faults.append(fault)
    with pytest.raises(kind) as raised:
        channel.send("447700900123", "", channel.render(Piece("Hello"))[0])
    assert raised.value.problem == problem == str(raised.value)


@BOTH
def test_a_platform_that_is_not_there_is_tried_again(world, provider):
    from dataclasses import replace

    gone = replace(world.settings.channels.meta, api="http://127.0.0.1:9")
    settings = replace(world.settings, channels=replace(world.settings.channels, meta=gone))
    channel = channels(settings)[provider]
    with pytest.raises(NotNow, match="ConnectionError"):
        channel.send("1", "", channel.render(Piece("Hello"))[0])
    assert "does not answer" in channel.check()[0]


@BOTH
@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "https://example.org/a.jpg", "http://cdn.fbsbx.com/a.jpg",
     "https://fbcdn.net.example.org/a", "https://evilfbcdn.net/a", "https://a.fbcdn.net:8443/a",
     "https://scontent.fbcdn.net@example.org/a", "file:///etc/passwd",
     "{api}/pictures/elsewhere"],
)  # fmt: skip
def test_a_photo_is_fetched_from_metas_own_addresses_only(world, provider, url):
    world.platform.files["1"] = url = url.replace("{api}", world.platform.address)
    channel = channels(world.settings)[provider]
    with pytest.raises((NotEver, NotNow), match=r"not an address of Meta's|InvalidSchema"):
        channel.fetch(Media("1" if provider == "whatsapp-cloud" else url), 100)


@BOTH
def test_a_photo_is_fetched_as_far_as_it_may_be_large(world, provider):
    address = f"{world.platform.address}/pictures/a.jpg"
    world.platform.files |= {"1": address, "a.jpg": b"x" * 500_000}
    at = Media("1" if provider == "whatsapp-cloud" else address)
    assert len(channels(world.settings)[provider].fetch(at, 1000)) == 1001
    given = dict(world.platform.given)["/pictures/a.jpg"]
    assert given == ("Bearer whatsapp-token" if provider == "whatsapp-cloud" else "")


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        (APP, "MESSENGER_PAGE_TOKEN"), ({"META_APP_SECRET": "x"}, "META_VERIFY_TOKEN"),
        ({"META_VERIFY_TOKEN": VERIFY}, "META_APP_SECRET"),
        ({"MESSENGER_PAGE_ID": "1067280"}, "META_APP_SECRET"),
        ({**MESSENGER, "MESSENGER_PAGE_ID": ""}, "MESSENGER_PAGE_ID"),
        ({**MESSENGER, "MESSENGER_PAGE_ID": "our/page"}, "MESSENGER_PAGE_ID"),
        ({**MESSENGER, "WHATSAPP_TOKEN": "x"}, "WHATSAPP_NUMBER_ID"),
        ({**WHATSAPP, "WHATSAPP_NUMBER_ID": "+447700900123"}, "WHATSAPP_NUMBER_ID"),
        ({**WHATSAPP, "META_VERIFY_TOKEN": "short"}, "META_VERIFY_TOKEN"),
        ({"WHATSAPP_NOTICE_TEMPLATE": "report_news"}, "META_APP_SECRET"),
        ({**MESSENGER, "WHATSAPP_NOTICE_TEMPLATE": "report_news"}, "WHATSAPP_TOKEN"),
        ({**WHATSAPP, "WHATSAPP_NOTICE_TEMPLATE": "Report news"}, "small letters"),
        ({**WHATSAPP, "PUBLIC_URL": ""}, "PUBLIC_URL"),
    ],
)  # fmt: skip
def test_half_a_set_up_stops_the_start_with_what_is_missing(tmp_path, env, missing):
    with pytest.raises(ValueError, match=missing):
        Settings.from_env({"VAR_DIR": str(tmp_path), "PUBLIC_URL": PUBLIC_URL, **env})
